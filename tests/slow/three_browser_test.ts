/// <reference lib="dom" />
/** The loaders of /three and its example in a real browser, with real WebGL. */
import { assert, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { decode } from "fast-png";
import type { Page } from "playwright-core";
import { serve } from "../../examples/three/serve.ts";
import type { Place, World } from "../../examples/three/world.ts";
import { AssetsCopy } from "../_assets_copy.ts";
import { Bundle } from "../_bundle.ts";
import { heapOf, testInChromium } from "../_chromium.ts";
import { Folder } from "../_folder.ts";
import { serveGuide } from "../_guide_site.ts";
import { makeGlb, makePicture, makeTriangle, TRIANGLE } from "../three/_models.ts";
import type { THREE } from "../three/_three.ts";
import type { Looks, LostAndFound, Shared } from "../three/_browser_page.ts";

/** What the pages export, and the counts of this test. */
declare const world: World;
declare const counts: Record<string, number>;
declare const renderer: InstanceType<typeof THREE.WebGLRenderer>;
declare function enter(place: Place): Promise<void>;
declare function draw(): void;
declare const three: {
  shared(): Promise<Shared>;
  lose(): Promise<LostAndFound>;
  models(): Promise<Looks>;
  play(scenes: number): Promise<number[][]>;
};

const ASSETS = new URL("../../examples/assets/", import.meta.url);

/** Runs in the page, before its own script: counts what is made and deleted on the GPU. */
function countObjects(): void {
  const counts: Record<string, number> = { dead: 0, errors: 0 };
  const dead = new WeakSet<object>();
  const methods = WebGL2RenderingContext.prototype as unknown as Record<
    string,
    (...args: unknown[]) => unknown
  >;
  const wrap = (name: string, after: (args: unknown[], result: unknown) => void) => {
    const original = methods[name]!;
    methods[name] = function (...args: unknown[]) {
      const result = original.apply(this, args);
      after(args, result);
      return result;
    };
  };
  for (const kind of ["Texture", "Buffer", "VertexArray"]) {
    counts[kind] = 0;
    wrap(`create${kind}`, () => counts[kind]!++);
    wrap(`delete${kind}`, ([object]) => {
      if (object === null || object === undefined) return;
      if (dead.has(object)) counts.dead!++; // deleted twice
      dead.add(object);
      counts[kind]!--;
    });
  }
  wrap("bindTexture", ([, texture]) => {
    if (texture && dead.has(texture)) counts.dead!++;
  });
  const { getError } = WebGL2RenderingContext.prototype;
  for (
    const draw of ["drawArrays", "drawElements", "drawElementsInstanced", "drawArraysInstanced"]
  ) {
    const original = methods[draw]!;
    methods[draw] = function (this: WebGL2RenderingContext, ...args: unknown[]) {
      original.apply(this, args);
      if (getError.call(this) !== 0) counts.errors!++;
    };
  }
  Object.assign(globalThis, { counts });
}

/** Opens the page of `entry` in `page`, with the pictures below `assets`. */
async function open(page: Page, entry: string, assets: URL): Promise<AsyncDisposable> {
  await using owned = new AsyncDisposableStack();
  const bundle = owned.use(await Bundle.make(entry));
  const server = owned.use(serve(new URL(`file://${bundle.file}`), { assets }));
  await page.addInitScript(countObjects);
  await page.goto(new URL("/", server.url).href);
  owned.defer(async () => void await page.goto("about:blank")); // so that it sends no more requests
  return owned.move();
}

async function openExample(page: Page, assets = ASSETS): Promise<AsyncDisposable> {
  const site = await open(page, "examples/three/page.ts", assets);
  await page.waitForSelector('body[data-place="forest"]');
  return site;
}

/** The colours of a screenshot of the canvas, the most frequent first. */
async function colorsIn(page: Page): Promise<string[]> {
  const { data, channels } = decode(await page.locator("canvas").screenshot());
  const counts = new Map<string, number>();
  for (let at = 0; at < data.length; at += channels) {
    const color = String([...data.subarray(at, at + 3)]);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([color]) => color);
}

/** Waits until two frames were drawn. */
function drawn(page: Page): Promise<void> {
  return page.evaluate(() =>
    new Promise<void>((resolve) =>
      requestAnimationFrame(() => requestAnimationFrame(() => resolve()))
    )
  );
}

testInChromium(
  "1 000 changes of the scene leave no object on the GPU and no heap behind",
  async (page) => {
    await using _site = await openExample(page);
    const session = await page.context().newCDPSession(page);
    const change = (first: number, last: number) =>
      page.evaluate(async ({ first, last }) => {
        const places = ["forest", "caves", "lair"] as const;
        for (let change = first; change <= last; change++) {
          await enter(places[change % 3]!);
          draw();
        }
      }, { first, last });
    const state = async () => ({
      heap: await heapOf(session),
      objects: await page.evaluate(() => ({ ...counts })),
    });
    // Rendering in software is slow: one small frame for each change.
    await page.evaluate(() => {
      renderer.setAnimationLoop(null);
      renderer.setSize(64, 48, false);
    });
    await change(1, 99); // until all code has run once
    await change(1, 10);
    const tenth = await state();
    await change(11, 1000);
    const last = await state();
    console.log(`heap ${tenth.heap} → ${last.heap} bytes, GPU ${JSON.stringify(last.objects)}`);
    assertLess(Math.abs(last.heap / tenth.heap - 1), 0.05);
    assertEquals(last.objects, tenth.objects);
    assertEquals([last.objects.dead, last.objects.errors], [0, 0]);
    const textures = await page.evaluate(() => {
      const before = renderer.info.memory.textures;
      world[Symbol.dispose]();
      return [before > 0, renderer.info.memory.textures];
    });
    assertEquals(textures, [true, 0]);
  },
);

testInChromium(
  "the running page shows a picture after it is saved, in its old size and in another",
  async (page) => {
    using assets = new AssetsCopy();
    await using _site = await openExample(page, assets.url);
    await page.evaluate(() => Reflect.set(globalThis, "isSame", true));
    const colors = { blue: [0, 0, 255, 255], green: [0, 255, 0, 255] };
    for (const [size, color] of [[256, colors.blue], [32, colors.green]] as const) {
      const picture = makePicture(size, size * 3 / 4, color);
      assets.save("forest/backdrop.png", picture);
      while ((await colorsIn(page))[0] !== String(color.slice(0, 3)));
    }
    const { dead, errors } = await page.evaluate(() => ({ ...counts }));
    assertEquals([dead, errors], [0, 0]);
    assert(await page.evaluate(() => Reflect.get(globalThis, "isSame")), "it was not loaded again");
  },
);

testInChromium("a screenshot of the example shows the pictures of its place", async (page) => {
  await using _site = await openExample(page);
  await drawn(page);
  const forest = await colorsIn(page);
  const screenshot = Deno.env.get("SCREENSHOT");
  if (screenshot !== undefined) Deno.writeFileSync(screenshot, await page.screenshot());
  assert(forest.length > 20, `${forest.length} colours`);
  await page.keyboard.press("3");
  await page.waitForSelector('body[data-place="lair"]');
  await drawn(page);
  assertNotEquals((await colorsIn(page))[0], forest[0]);
});

testInChromium(
  "two managers share one renderer, and the disposal of one leaves the textures of the other",
  async (page) => {
    using folder = new Folder({});
    Deno.writeFileSync(new URL("hero.png", folder.url), makePicture(2, 2, [0, 0, 255, 255]));
    await using _site = await open(page, "tests/three/_browser_page.ts", folder.url);
    await page.waitForFunction(() => "three" in globalThis);
    assertEquals(await page.evaluate(() => three.shared()), {
      uploaded: 2,
      left: 1,
      pixel: [0, 0, 255, 255],
      end: 0,
    });
    assertEquals(await page.evaluate(() => [counts.dead, counts.errors]), [0, 0]);
  },
);

testInChromium(
  "a restored context shows its textures again, and those that were loaded meanwhile",
  async (page) => {
    using folder = new Folder({});
    for (const [name, color] of [["hero", [0, 0, 255, 255]], ["next", [0, 255, 0, 255]]] as const) {
      Deno.writeFileSync(new URL(`${name}.png`, folder.url), makePicture(2, 2, color));
    }
    await using _site = await open(page, "tests/three/_browser_page.ts", folder.url);
    await page.waitForFunction(() => "three" in globalThis);
    assertEquals(await page.evaluate(() => three.lose()), {
      before: [0, 0, 255, 255],
      after: [0, 0, 255, 255],
      loadedMeanwhile: [0, 255, 0, 255],
    });
  },
);

testInChromium(
  "a glTF is drawn with the picture in it, and frees its GPU objects when it is unloaded",
  async (page) => {
    using folder = new Folder({});
    Deno.writeFileSync(
      new URL("hero.glb", folder.url),
      makeGlb(makePicture(2, 2, [0, 0, 255, 255])),
    );
    await using _site = await open(page, "tests/three/_browser_page.ts", folder.url);
    await page.waitForFunction(() => "three" in globalThis);
    const { pixel, memory, end } = await page.evaluate(() => three.models());
    assertEquals([pixel, memory, end], [[0, 0, 255, 255], { textures: 1, geometries: 1 }, {
      textures: 0,
      geometries: 0,
    }]);
  },
);

testInChromium(
  "100 scenes of a model and a cube map leave no object on the GPU",
  async (page) => {
    using folder = new Folder({ "sky.cube.json": JSON.stringify(Array(6).fill("side.png")) });
    for (const [name, color] of [["side", [0, 255, 0, 255]], ["skin", [0, 0, 255, 255]]] as const) {
      Deno.writeFileSync(new URL(`${name}.png`, folder.url), makePicture(2, 2, color));
    }
    Deno.writeFileSync(new URL("hero.glb", folder.url), makeGlb(makePicture(2, 2, [9, 9, 9, 255])));
    Deno.writeTextFileSync(
      new URL("hero.gltf", folder.url),
      JSON.stringify(makeTriangle({ uri: "skin.png" })),
    );
    Deno.writeFileSync(new URL("hero.bin", folder.url), TRIANGLE);
    await using _site = await open(page, "tests/three/_browser_page.ts", folder.url);
    await page.waitForFunction(() => "three" in globalThis);
    const [first, last] = await page.evaluate(async () => {
      const after = async (scenes: number) => {
        const pixels = await three.play(scenes);
        return { pixels, objects: { ...counts } };
      };
      return [await after(3), await after(97)];
    });
    assertEquals(last!.pixels, [[0, 0, 255, 255], [0, 255, 0, 255]]); // the model, then the sky
    assertEquals(last!.objects, first!.objects);
    assertEquals([last!.objects.dead, last!.objects.errors], [0, 0]);
  },
);

testInChromium("the first lines of docs/three.md show a picture", async (page) => {
  await using site = await serveGuide("docs/three.md", makePicture(64, 64, [255, 0, 0, 255]));
  await page.goto(site.url);
  await page.waitForSelector("canvas");
  while (!(await colorsIn(page)).includes("255,0,0"));
  await page.goto("about:blank");
});
