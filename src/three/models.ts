import type { Loader } from "../contract/loader.ts";
import type { Disposing, Geometry, Gltf, GltfLoaderClass, Node } from "./gltf.ts";
import { bufferOf, type GltfPictures, takeFiles } from "./gltf_files.ts";
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
      let pictures!: GltfPictures;
      const loader = new GLTFLoader();
      loader.register((parser) => {
        // Only then does the parser know all its extensions.
        const beforeRoot = async () => {
          pictures = await takeFiles(parser, context, textures);
        };
        return { name: "HOLDFAST_resources", beforeRoot };
      });
      const gltf = await loader.parseAsync(bufferOf(bytes), "");
      const { bytes: own, failure } = pictures;
      if (failure !== undefined) throw failure;
      models.set(gltf, modelOf(gltf, own));
      return gltf;
    },
    unload(gltf) {
      for (const each of models.get(gltf)!.owned) each.dispose();
    },
    byteLength: (gltf) => models.get(gltf)!.bytes,
  };
}

/** Finds the objects of models. */
export function partLoader(): Loader<Node> {
  return {
    name: "three model part",
    extensions: [".glb#", ".gltf#"],
    make: (context) => partsOf(context.load(context.whole).value as Gltf).get(context.part),
    parts: (gltf: Gltf) => partsOf(gltf).keys(),
    unload() {}, // The model gives back what its parts take.
  };
}

/** The objects of a model, by their names. */
function partsOf(gltf: Gltf): ReadonlyMap<string, Node> {
  return models.get(gltf)!.parts;
}

/** Finds out what a model is made of, once. */
function modelOf({ scenes, parser }: Gltf, pictureBytes: number): Model {
  const { associations, json: { meshes = [] } } = parser;
  const nodes: Node[] = [];
  for (const scene of scenes) scene.traverse((node) => nodes.push(node));
  const things = new Set<unknown>();
  const geometries = new Set<Geometry>();
  for (const node of nodes) {
    const { geometry, material, skeleton } = node;
    if (geometry) geometries.add(geometry);
    const materials = [material].flat();
    const maps = materials.flatMap((each) => Object.values(each ?? {}));
    for (const each of [node, geometry, skeleton, ...materials, ...maps]) things.add(each);
  }
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
  const owned = new Set([...things].filter(isDisposing));
  return { owned, parts, bytes: pictureBytes + geometryBytes(geometries) };
}

function isDisposing(thing: unknown): thing is Disposing {
  return typeof (thing as Partial<Disposing> | undefined | null)?.dispose === "function";
}

/** The bytes of all arrays, of each once. */
function geometryBytes(geometries: Iterable<Geometry>): number {
  const arrays = [...geometries].flatMap(({ index, attributes, morphAttributes }) =>
    [index, ...Object.values(attributes), ...Object.values(morphAttributes).flat()]
      .map((attribute) => attribute?.array ?? attribute?.data?.array)
  );
  return [...new Set(arrays)].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}
