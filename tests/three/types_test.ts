/** The types that names have, by the namespace that is passed. An unused expected error fails the check. */
import { assertEquals } from "@std/assert";
import { type Handle, type Loader, MemorySource, ResourceManager } from "../../mod.ts";
import { type ThreeLoaders, threeLoaders } from "../../src/three.ts";
import { type GLTF, GLTFLoader, THREE } from "./_three.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

/** Compiles only if the two types are the same. */
function same<A, B>(_same: Same<A, B>): void {}

class Level {
  readonly rows = 1;
}

const levels: Loader<Level, ".level"> = {
  name: "level",
  extensions: [".level"],
  load: () => new Level(),
};
const source = new MemorySource();
const plain = new ResourceManager({ source, loaders: threeLoaders(THREE) });
const all = new ResourceManager({
  source,
  loaders: [...threeLoaders(THREE, { GLTFLoader, texture: { anisotropy: 4 } }), levels],
});

/** Never called: only the compiler checks it. */
export function compiles(): void {
  const hero = plain.load("hero.png");
  same<typeof hero, Handle<InstanceType<typeof THREE.Texture>>>(true);
  const data = all.load("chars/rock.JPEG?data");
  same<typeof data, Handle<InstanceType<typeof THREE.Texture>>>(true);
  const sky = plain.load("sky.cube.json");
  same<typeof sky, Handle<InstanceType<typeof THREE.CubeTexture>>>(true);
  const model = all.load("hero.glb");
  same<typeof model, Handle<GLTF>>(true);
  const part = all.load("hero.gltf#Sword");
  same<typeof part, Handle<InstanceType<typeof THREE.Object3D>>>(true);
  const level = all.load("1.level");
  same<typeof level, Handle<Level>>(true);
  const none = plain.load("hero.glb");
  same<typeof none, Handle<unknown>>(true);
  const loaders: ThreeLoaders<typeof THREE, GLTF> = threeLoaders(THREE, { GLTFLoader });
  void loaders;
}

/** Never called: each line is an error, for the reason in its comment. */
export function refuses(): void {
  // @ts-expect-error a namespace has classes
  threeLoaders({ REVISION: "187" });
  // @ts-expect-error there is no such setting
  threeLoaders(THREE, { texture: { srgb: true } });
  // @ts-expect-error it is not a loader of glTF files
  threeLoaders(THREE, { GLTFLoader: THREE.TextureLoader });
  // @ts-expect-error a texture has no scene
  plain.load("hero.png").value.scene;
}

Deno.test("the values of threeLoaders have the types of the namespace that was passed", () => {
  assertEquals([plain.size, all.size], [0, 0]);
  plain[Symbol.dispose]();
  all[Symbol.dispose]();
});
