/// <reference lib="dom" />
/** The page of the tests in a browser. */
import { HttpSource, ResourceManager } from "@holdfast/resources";
import { threeLoaders } from "@holdfast/resources/three";
import { GLTFLoader, THREE } from "./_three.ts";

type Pixel = number[];

/** What two managers on one renderer result in. */
export interface Shared {
  readonly uploaded: number;
  readonly left: number;
  readonly pixel: Pixel;
  readonly end: number;
}

/** What is seen before a context is lost, and after it was restored. */
export interface LostAndFound {
  readonly before: Pixel;
  readonly after: Pixel;
  readonly loadedMeanwhile: Pixel;
}

/** What is seen of a model, and what it has on the GPU. */
export interface Looks {
  readonly pixel: Pixel;
  readonly memory: { textures: number; geometries: number };
  readonly end: { textures: number; geometries: number };
}

const canvas = document.querySelector("canvas")!;
const renderer = new THREE.WebGLRenderer({ canvas, preserveDrawingBuffer: true });
const camera = new THREE.OrthographicCamera(-1, 1, 1, -1, -1, 1);

function makeManager() {
  return new ResourceManager({
    source: new HttpSource(new URL("assets/", location.href)),
    loaders: threeLoaders(THREE, { GLTFLoader }),
  });
}

/** Draws the whole canvas with a texture. Returns the pixel in the middle. */
function look(map: InstanceType<typeof THREE.Texture>): Pixel {
  const scene = new THREE.Scene();
  const sprite = new THREE.Sprite(new THREE.SpriteMaterial({ map }));
  sprite.scale.set(4, 4, 1);
  scene.add(sprite);
  renderer.render(scene, camera);
  return pixel();
}

function pixel(): Pixel {
  const gl = renderer.getContext();
  const found = new Uint8Array(4);
  const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
  gl.readPixels(width >> 1, height >> 1, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, found);
  return [...found];
}

async function shared(): Promise<Shared> {
  const [first, second] = [makeManager(), makeManager()];
  const [one, other] = [await first.loadAsync("hero.png"), await second.loadAsync("hero.png")];
  look(one.value);
  look(other.value);
  const uploaded = renderer.info.memory.textures;
  one[Symbol.dispose]();
  const left = renderer.info.memory.textures;
  const seen = look(other.value);
  other[Symbol.dispose]();
  first[Symbol.dispose]();
  second[Symbol.dispose]();
  return { uploaded, left, pixel: seen, end: renderer.info.memory.textures };
}

async function lose(): Promise<LostAndFound> {
  const mgr = makeManager();
  const hero = await mgr.loadAsync("hero.png");
  const before = look(hero.value);
  const lost = Promise.withResolvers<unknown>();
  const restored = Promise.withResolvers<unknown>();
  canvas.addEventListener("webglcontextlost", lost.resolve, { once: true });
  canvas.addEventListener("webglcontextrestored", restored.resolve, { once: true });
  renderer.forceContextLoss();
  await lost.promise;
  const next = await mgr.loadAsync("next.png");
  renderer.forceContextRestore();
  await restored.promise;
  const found = { before, after: look(hero.value), loadedMeanwhile: look(next.value) };
  hero[Symbol.dispose]();
  next[Symbol.dispose]();
  mgr[Symbol.dispose]();
  return found;
}

async function models(): Promise<Looks> {
  const mgr = makeManager();
  const model = await mgr.loadAsync("hero.glb");
  const scene = new THREE.Scene();
  scene.add(model.value.scene);
  renderer.render(scene, camera);
  const [seen, { textures, geometries }] = [pixel(), renderer.info.memory];
  model[Symbol.dispose]();
  const end = renderer.info.memory;
  const left = { textures: end.textures, geometries: end.geometries };
  mgr[Symbol.dispose]();
  return { pixel: seen, memory: { textures, geometries }, end: left };
}

/** Plays scenes of two models and a sky. Returns two pixels of the last scene: of a model, of the sky. */
async function play(scenes: number): Promise<Pixel[]> {
  const mgr = makeManager();
  const seen: Pixel[] = [];
  for (let count = 1; count <= scenes; count++) {
    const place = mgr.scope();
    const names = { sky: "sky.cube.json", one: "hero.glb", other: "hero.gltf" } as const;
    const { sky, one, other } = await place.loadAll(names);
    const scene = new THREE.Scene();
    scene.background = sky.value;
    renderer.render(scene, camera);
    if (count === scenes) seen.push(pixel());
    scene.add(one.value.scene, other.value.scene); // the other is in front
    renderer.render(scene, camera);
    if (count === scenes) seen.unshift(pixel());
    place.dispose();
  }
  mgr[Symbol.dispose]();
  return seen;
}

Object.assign(globalThis, { three: { shared, lose, models, play } });
