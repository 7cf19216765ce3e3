import { messageOf } from "../contract/errors.ts";
import type { Loader } from "../contract/loader.ts";
import type { Disposing, Geometry, Gltf, GltfLoaderClass, Node } from "./gltf.ts";
import { bufferOf, type GltfFiles, takeFiles } from "./gltf_files.ts";
import type { TextureParts } from "./textures.ts";

/** The contents of a model when it was made. The game may move its objects to another scene later. */
interface Model {
  readonly owned: ReadonlySet<Disposing>;
  readonly parts: ReadonlyMap<string, Node>;
  /** The bytes of its geometries, and of the pictures inside its file. */
  readonly bytes: number;
}

const models = new WeakMap<object, Model>();

/** Makes models from glTF files, with three's own loader. */
export function modelLoader(
  GLTFLoader: GltfLoaderClass<Gltf>,
  textures: TextureParts,
): Loader<Gltf> {
  return {
    name: "three model",
    extensions: [".glb", ".gltf"],
    async loadAsync(bytes, context) {
      const files: GltfFiles = { context, textures, pictureBytes: 0 };
      const loader = new GLTFLoader();
      loader.register((parser) => {
        // Only now does the parser know all its extensions.
        const beforeRoot = () => {
          takeFiles(parser, files);
          return null;
        };
        return { name: "HOLDFAST", beforeRoot };
      });
      const gltf = await loader.parseAsync(bufferOf(bytes), "").catch((cause) => {
        // A parser reports what a file lacks in its own words, such as "reading 'uri'".
        files.failure ??= new TypeError(`it is broken or needs a decoder: ${messageOf(cause)}`, {
          cause,
        });
      }) as Gltf;
      if (files.failure) throw files.failure;
      models.set(gltf, inspect(gltf, files));
      return gltf;
    },
    unload(gltf) {
      for (const each of modelOf(gltf).owned) each.dispose();
    },
    byteLength: (gltf) => modelOf(gltf).bytes,
  };
}

/** Loads single objects of models, by their names. */
export function partLoader(): Loader<Node> {
  return {
    name: "three model part",
    extensions: [".glb#", ".gltf#"],
    make: (context) => modelOf(context.load(context.whole).value as Gltf).parts.get(context.part),
    parts: (gltf: Gltf) => modelOf(gltf).parts.keys(),
    unload() {}, // The model frees what its parts take.
  };
}

/** The contents of a model that this module made. */
function modelOf(gltf: Gltf): Model {
  return models.get(gltf)!;
}

/** Finds the contents of a new model. */
function inspect({ scenes, parser }: Gltf, { pictureBytes }: GltfFiles): Model {
  const { associations, json: { meshes = [] } } = parser;
  const nodes: Node[] = [];
  for (const scene of scenes) scene.traverse((node) => nodes.push(node));
  const geometries = nodes.flatMap(({ geometry }) => geometry ?? []);
  const materials = nodes.flatMap(({ material }) => material ?? []);
  const maps: unknown[] = materials.flatMap((material) => Object.values(material));
  const skeletons = nodes.map(({ skeleton }) => skeleton);
  const things = [...nodes, ...geometries, ...materials, ...maps, ...skeletons];
  // Later entries of a map win, and of several nodes with one name, the first has to.
  const named = (nameOf: (node: Node) => string | undefined) =>
    nodes.map((node) => [nameOf(node) ?? "", node] as const).reverse();
  // Three strips characters from names, and names a mesh after its node. All these names find it.
  const parts = new Map([
    ...named((node) => meshes[associations.get(node)?.meshes ?? -1]?.name),
    ...named(({ userData }) => userData.name),
    ...named(({ name }) => name),
  ]);
  parts.delete("");
  const owned = new Set(
    things.filter((thing): thing is Disposing =>
      typeof (thing as Partial<Disposing> | null | undefined)?.dispose === "function"
    ),
  );
  return { owned, parts, bytes: pictureBytes + geometryBytes(geometries) };
}

/** The bytes of all arrays. A shared array counts once. */
function geometryBytes(geometries: readonly Geometry[]): number {
  const arrays = geometries.flatMap(({ index, attributes, morphAttributes }) =>
    [index, ...Object.values(attributes), ...Object.values(morphAttributes).flat()]
      .map((attribute) => attribute?.array)
  );
  return [...new Set(arrays)].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}
