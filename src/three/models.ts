import { messageOf } from "../contract/errors.ts";
import type { Loader } from "../contract/loader.ts";
import type { Disposing, Geometry, Gltf, GltfLoaderClass, Node } from "./gltf.ts";
import { bufferOf, type GltfFiles, takeFiles } from "./gltf_files.ts";
import type { TextureParts } from "./textures.ts";

/** What is known of a model from its making on: later, its objects may lie in a scene of the user. */
interface Model {
  readonly owned: ReadonlySet<Disposing>;
  readonly parts: ReadonlyMap<string, Node>;
  /** Of its geometries, and of the pictures in its own file. */
  readonly bytes: number;
}

const models = new WeakMap<object, Model>();

/** Makes models of glTF files, by three's own loader. */
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
        // Only then does the parser know all its extensions.
        const beforeRoot = () => {
          takeFiles(parser, files);
          return null;
        };
        return { name: "HOLDFAST", beforeRoot };
      });
      const gltf = await loader.parseAsync(bufferOf(bytes), "").catch((cause) => {
        // What a parser misses in a file, it only says in its own words: "reading 'uri'".
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

/** Finds the objects of models. */
export function partLoader(): Loader<Node> {
  return {
    name: "three model part",
    extensions: [".glb#", ".gltf#"],
    make: (context) => modelOf(context.load(context.whole).value as Gltf).parts.get(context.part),
    parts: (gltf: Gltf) => modelOf(gltf).parts.keys(),
    unload() {}, // The model gives back what its parts take.
  };
}

/** What was found out about a model. */
function modelOf(gltf: Gltf): Model {
  return models.get(gltf)!;
}

/** Finds out what a model is made of, once. */
function inspect({ scenes, parser }: Gltf, { pictureBytes }: GltfFiles): Model {
  const { associations, json: { meshes = [] } } = parser;
  const nodes: Node[] = [];
  for (const scene of scenes) scene.traverse((node) => nodes.push(node));
  const geometries = nodes.flatMap(({ geometry }) => geometry ?? []);
  const materials = nodes.flatMap(({ material }) => material ?? []);
  const maps: unknown[] = materials.flatMap((material) => Object.values(material));
  const skeletons = nodes.map(({ skeleton }) => skeleton);
  const things = [...nodes, ...geometries, ...materials, ...maps, ...skeletons];
  // Of several with one name, the first: later entries of a map win.
  const named = (nameOf: (node: Node) => string | undefined) =>
    nodes.map((node) => [nameOf(node) ?? "", node] as const).reverse();
  // Three leaves out what animations can't say, and calls a mesh as its node: all these names will do.
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

/** The bytes of all arrays, of each once. */
function geometryBytes(geometries: readonly Geometry[]): number {
  const arrays = geometries.flatMap(({ index, attributes, morphAttributes }) =>
    [index, ...Object.values(attributes), ...Object.values(morphAttributes).flat()]
      .map((attribute) => attribute?.array)
  );
  return [...new Set(arrays)].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}
