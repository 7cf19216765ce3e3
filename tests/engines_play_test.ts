/**
 * Random games with values of three.js and PixiJS: they load, withdraw, dispose and reload, and save
 * broken files. At every step each used value shows an open picture, and in the end all are closed.
 */
import { assertEquals } from "@std/assert";
import { setImmediate } from "node:timers";
import { Random } from "../bench/soak/random.ts";
import { type Handle, type Loader, MemorySource, ResourceManager } from "../mod.ts";
import { threeLoaders } from "../src/three.ts";
import { pixiLoaders } from "../src/pixi.ts";
import { Bitmaps } from "./pixi/_bitmaps.ts";
import { PIXI, sheet } from "./pixi/_pixi.ts";
import { makeGlb, makePicture, makeTriangle, TRIANGLE } from "./three/_models.ts";
import { GLTFLoader, THREE } from "./three/_three.ts";

/** The loaders and files of an engine. */
interface Engine {
  readonly loaders: readonly Loader<unknown>[];
  /** The contents that each file may have; the first one is good. */
  readonly files: Readonly<Record<string, readonly (string | Uint8Array)[]>>;
  readonly names: readonly string[];
  /** The pictures that a value shows. */
  picturesOf(value: unknown): (ImageBitmap | undefined)[];
}

const SMALL = makePicture(2, 2);
const LARGE = makePicture(8, 8);
const PICTURES = [SMALL, LARGE, "broken"];
const SIDES = ["px", "nx", "py", "ny", "pz", "nz"].map((side) => `${side}.png`);

function gltf(uri: string): string {
  return JSON.stringify(makeTriangle({ uri }));
}

const three: Engine = {
  loaders: threeLoaders(THREE, { GLTFLoader }) as unknown as Loader<unknown>[],
  files: {
    "a.png": PICTURES,
    "b.png": [LARGE, SMALL],
    ...Object.fromEntries(SIDES.map((side) => [side, PICTURES])),
    "s.cube.json": [JSON.stringify(SIDES), "broken"],
    "m.gltf": ["a.png", "b.png", "none.png"].map(gltf),
    "n.gltf": [gltf("a.png")],
    "hero.bin": [TRIANGLE, TRIANGLE.subarray(0, 20)],
    "g.glb": [makeGlb(SMALL), makeGlb(LARGE), "broken"],
  },
  names: [
    ...["a.png", "a.png?data", "a.png?source", "s.cube.json"],
    ...["m.gltf", "n.gltf", "g.glb", "m.gltf#Hero.1", "g.glb#Hero.1"],
  ],
  picturesOf(value) {
    if (value instanceof THREE.CubeTexture) return value.images as ImageBitmap[];
    if (value instanceof THREE.Texture) return [value.image as ImageBitmap];
    const found: ImageBitmap[] = [];
    const root = value instanceof THREE.Object3D ? value : (value as { scene: typeof value }).scene;
    (root as InstanceType<typeof THREE.Object3D>).traverse((node) => {
      if (!(node instanceof THREE.Mesh)) return;
      found.push((node.material as { map: { image: ImageBitmap } }).map.image);
    });
    return found;
  },
};

function font(page: string): string {
  return `info face="Sans" size=8
common lineHeight=10 base=8 scaleW=2 scaleH=2 pages=1
page id=0 file="${page}"
chars count=1
char id=65 x=0 y=0 width=2 height=2 xoffset=0 yoffset=0 xadvance=2 page=0
`;
}

const run = { animations: { run: ["x", "y"] } };

const pixi: Engine = {
  loaders: pixiLoaders(PIXI, { variants: { v: {} } }) as unknown as Loader<unknown>[],
  files: {
    "a.png": PICTURES,
    "b.png": [LARGE, SMALL, "broken"],
    "a.sheet.json": [
      sheet("a.png", { x: [0, 0, 1, 1], y: [1, 1, 1, 1] }, run),
      sheet("b.png", { x: [1, 0, 1, 1], y: [1, 1, 3, 3] }, run),
      sheet("a.png", { y: [3, 3, 1, 1] }),
      sheet("none.png", { x: [0, 0, 1, 1] }),
      "broken",
    ],
    "f.fnt": [font("a.png"), font("b.png"), "broken"],
  },
  names: [
    ...["a.png", "a.png?v", "a.sheet.json", "a.sheet.json#x", "a.sheet.json#y"],
    ...["a.sheet.json?v#x", "f.fnt"],
  ],
  picturesOf(value) {
    const textures = value instanceof PIXI.Texture
      ? [value]
      : value instanceof PIXI.Spritesheet
      ? [...Object.values(value.textures), ...Object.values(value.animations).flat()]
      : Object.values((value as PIXI.BitmapFont).chars).map(({ texture }) => texture!);
    return textures.map(({ source, destroyed }) =>
      destroyed || source.destroyed ? undefined : source.resource
    );
  },
};

/** Plays with `engine`. Returns the key and the step of each used value that showed a closed picture. */
async function play(engine: Engine, seed: number, options: object): Promise<string[]> {
  const random = new Random(seed);
  const source = new MemorySource(
    Object.entries(engine.files).map(([file, [good]]) => [file, good!] as const),
  );
  const mgr = new ResourceManager({ source, loaders: engine.loaders, ...options });
  mgr.on("error", () => {}); // files are broken on purpose
  const handles: Handle<unknown>[] = [];
  const tasks: (Disposable & PromiseLike<Handle<unknown>>)[] = [];
  const settled: PromiseLike<unknown>[] = [];
  const dead: string[] = [];
  const acts = [
    () => {
      const task = mgr.loadAsync(random.pick(engine.names));
      tasks.push(task);
      settled.push(task.then((handle) => handles.push(handle), () => {}));
    },
    () => handles.splice(random.below(handles.length + 1), 1)[0]?.[Symbol.dispose](),
    () => {
      const [file, contents] = random.pick(Object.entries(engine.files));
      source.set(file, random.pick(contents));
      const keys = Object.keys(mgr.cacheStats().resources).filter((key) => key.startsWith(file));
      settled.push(mgr.reloadAsync(keys).catch(() => {}));
    },
    () => tasks.splice(random.below(tasks.length + 1), 1)[0]?.[Symbol.dispose](),
    () => void mgr.unloadUnused(),
    () => Promise.resolve(),
    () => new Promise(setImmediate),
  ];
  const look = (when: string) => {
    for (const { key, value } of handles.filter(({ disposed }) => !disposed)) {
      if (engine.picturesOf(value).some((picture) => !picture?.width)) dead.push(`${key} ${when}`);
    }
  };
  for (let step = 0; step < 200; step++) {
    await random.pick(acts)();
    mgr.pump({ maxMs: 3 });
    look(`seed ${seed}, step ${step}`);
  }
  let isOver = false;
  void Promise.all(settled).then(() => mgr.settled()).then(() => isOver = true);
  while (!isOver) {
    mgr.pump({ maxMs: 3 });
    await new Promise(setImmediate);
  }
  look(`seed ${seed}, end`);
  for (const handle of handles) handle[Symbol.dispose]();
  await mgr[Symbol.asyncDispose]();
  return dead;
}

Deno.test("used resources of three always show open pictures, and all pictures are closed in the end", async () => {
  await playAll(three);
});

Deno.test("used resources of pixi always show open pictures, and all pictures are closed in the end", async () => {
  await playAll(pixi);
});

/** Plays games with a large budget, and with pacing and a tiny budget. */
async function playAll(engine: Engine): Promise<void> {
  using bitmaps = new Bitmaps();
  const { warn } = console;
  console.warn = () => {}; // three warns about broken files
  try {
    for (let seed = 1; seed <= 20; seed++) {
      for (const options of [{ maxBytes: 1e6 }, { maxBytes: 10, pacing: "pumped" }]) {
        assertEquals(await play(engine, seed, options), []);
      }
    }
    for (let turn = 0; turn < 1000 && bitmaps.closed < bitmaps.made; turn++) {
      await new Promise(setImmediate); // the last withdrawn loads still close theirs
    }
  } finally {
    console.warn = warn;
  }
  assertEquals([bitmaps.made > 100, bitmaps.closed], [true, bitmaps.made]);
}
