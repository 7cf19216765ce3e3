/** The example that draws on the GPU: its frames, and the memory that it reports. */
import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { decode } from "fast-png";
import { runDeno } from "../_run_deno.ts";
import { gpuTest } from "./webgpu/_gpu.ts";

const FRAMES = new URL("../../examples/frames/", import.meta.url);

let printed: Promise<string> | undefined = undefined;

/** What the example prints. It runs when this is called first. */
function output(): Promise<string> {
  return printed ??= runExample();
}

/** Runs the example by its task, and so with only its permissions. */
async function runExample(): Promise<string> {
  const { code, output } = await runDeno("task", "-q", "sprites");
  assertEquals(code, 0, output);
  return output;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of a pixel. */
  at(x: number, y: number): number[];
  /** The mean red, green and blue of a part. */
  mean(left: number, top: number, right: number, bottom: number): number[];
}

function readFrame(name: string): Frame {
  const { width, height, data } = decode(Deno.readFileSync(new URL(`${name}.png`, FRAMES)));
  const at = (x: number, y: number) => [...data.subarray((y * width + x) * 4).subarray(0, 3)];
  const mean = (left: number, top: number, right: number, bottom: number) => {
    const sums = [0, 0, 0];
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) at(x, y).forEach((value, c) => sums[c]! += value);
    }
    return sums.map((sum) => sum / ((right - left) * (bottom - top)));
  };
  return { width, height, at, mean };
}

/** The figures of a line of the table of memory, in bytes: textures, objects and process. */
function bytesIn(text: string, moment: string): [number, number, number] {
  const [, ...figures] =
    new RegExp(`^${moment} +([\\d,]+) +([\\d,]+) +([\\d,]+)$`, "m").exec(text) ?? [];
  assertEquals(figures.length, 3, text);
  return figures.map((figure) => Number(figure.replaceAll(",", ""))) as [number, number, number];
}

gpuTest("webgpu_sprites.ts draws frames of hundreds of sprites", async () => {
  const text = await output();
  for (const name of ["title", "forest", "forest-in-autumn", "caves", "lair"]) {
    const [, sprites] = new RegExp(`examples/frames/${name}\\.png +(\\d+) sprites`).exec(text) ??
      [];
    assertGreater(Number(sprites), 300, text);
    const { width, height } = readFrame(name);
    assertEquals([width, height], [960, 540]);
  }
});

gpuTest("webgpu_sprites.ts shows each scene in its colours", async () => {
  await output();
  const [title, forest, caves, lair] = ["title", "forest", "caves", "lair"].map(readFrame);
  const [moon] = title!.mean(640, 180, 740, 280);
  assertGreater(moon!, title!.mean(0, 440, 960, 540)[0]! + 100); // bright above a dark wood
  const [, sky] = forest!.mean(100, 0, 300, 60);
  assertGreater(sky!, 200);
  const [red, , blue] = caves!.mean(0, 300, 960, 480);
  assertGreater(blue!, red! + 40);
  const [fire, , cold] = lair!.mean(100, 200, 860, 480);
  assertGreater(fire!, cold! + 40);
});

gpuTest(
  "webgpu_sprites.ts shows a texture that was repainted on disk, and everything else unchanged",
  async () => {
    const text = await output();
    assertMatch(text, /^forest\/tree\.png was painted over on disk, and reloaded \d+ ms later$/m);
    const [before, after] = ["forest", "forest-in-autumn"].map(readFrame);
    const crown = [180, 340, 380, 420] as const; // the crown of a tree in front
    const [red, green] = before!.mean(...crown);
    const [redder, greener] = after!.mean(...crown);
    assertGreater(green!, red! + 20);
    assertGreater(redder!, greener! + 20);
    for (const [x, y] of [[480, 10], [469, 430], [700, 530], [868, 425]] as const) {
      assertEquals(after!.at(x, y), before!.at(x, y));
    }
  },
);

gpuTest(
  "webgpu_sprites.ts uses no more memory after 1 000 changes of scene than after 10",
  async () => {
    const text = await output();
    const [few, many] = [10, 1000].map((n) => bytesIn(text, `after ${n} changes of scene`));
    assertGreater(few![0], 1_000_000);
    for (const kind of [0, 1]) {
      const ratio = many![kind]! / few![kind]!;
      assert(ratio > 0.95 && ratio < 1.05, text);
    }
    // The process grows because V8 compiles code. If textures were kept, it would grow by over 100 MB.
    assertLess(many![2] - few![2], 48_000_000);
    assertEquals(bytesIn(text, "after the last scene")[0], 0);
  },
);

gpuTest("webgpu_sprites.ts prints what is resident, and no leak", async () => {
  const text = await output();
  assertMatch(text, /^\d+ resources · 0 references · .* evictions · 0 leaks$/m);
  assertMatch(text, /^lair\/dragon\.png +Texture +idle/m);
  assert(!text.includes("Leaked"), text);
});
