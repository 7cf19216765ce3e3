/** The example of `examples/sdl2`: memory of SDL, which the garbage collector does not see. */
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertThrows,
  fail,
} from "@std/assert";
import { decode } from "fast-png";
import { Level, levelLoader } from "../../examples/sdl2/level.ts";
import { missingPackages } from "../../examples/sdl2/libraries.ts";
import { soundLoader, surfaceLoader, textureLoader } from "../../examples/sdl2/loaders.ts";
import { Sound, Surface, Texture } from "../../examples/sdl2/native.ts";
import { Sdl } from "../../examples/sdl2/sdl.ts";
import { WorldSource } from "../../examples/sdl2/world_source.ts";
import { type Leak, MemorySource, ResourceLoadError, ResourceManager } from "@holdfast/resources";
import { collectGarbage } from "../../src/testing.ts";
import { runDeno } from "../_run_deno.ts";

const ASSETS = new URL("../../examples/assets/", import.meta.url);

const missing = missingPackages();
const problem = `SDL2 is not installed: apt-get install -y ${missing.join(" ")}`;
/** In CI nothing is skipped. */
const ignore = missing.length > 0 && Deno.env.get("CI") !== "true";
if (ignore) console.warn(`sdl2_test.ts is skipped: ${problem}`);

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, ignore, fn: missing.length === 0 ? fn : () => fail(problem) });
}

/** The rows of the example's table, as numbers in the order of its columns. */
function rowsOf(output: string): number[][] {
  return output.split("\n").filter((line) => /^ +[\d,]+ +\d+\.\d MiB/.test(line))
    .map((line) => [...line.matchAll(/[\d,.]+/g)].map(([cell]) => Number(cell.replace(",", ""))));
}

/** SDL, and a manager for its pictures and sounds. Both are disposed together. */
function open(): { sdl: Sdl; mgr: ResourceManager; leaks: Leak[] } & Disposable {
  const owned = new DisposableStack();
  const leaks: Leak[] = [];
  const sdl = owned.use(new Sdl(256, 192));
  const mgr = owned.use(
    new ResourceManager({
      source: new WorldSource(ASSETS),
      loaders: [surfaceLoader(sdl), textureLoader(sdl), soundLoader(sdl)],
      leaks: { onLeak: (leak) => leaks.push(leak) },
    }),
  );
  return { sdl, mgr, leaks, [Symbol.dispose]: () => owned.dispose() };
}

test("surfaces, textures and sounds have the size of their pixels and samples, not of their files", () => {
  using opened = open();
  const { sdl, mgr } = opened;
  using surface = mgr.load("lair/dragon.png.surface", Surface);
  using texture = mgr.load("lair/dragon.png", Texture);
  using sound = mgr.load("lair/roar.wav", Sound);
  assertEquals(surface.value.byteLength, 256 * 256 * 4);
  assertEquals(texture.value.byteLength, 256 * 256 * 4);
  assertEquals(sound.value.byteLength, 6_400 * (22_050 / 8_000) * 2 * 2); // two channels of 16 bits
  assertEquals(mgr.bytes, sdl.ledger.bytes);
});

test("the loaders report the bytes that the C library has allocated, within 5 %", async () => {
  const { output } = await runDeno("run", "-q", "-A", "tests/_native_bytes.ts");
  const { reported, allocated, managed } = JSON.parse(output);
  assertGreater(reported, 24 * 2 ** 20);
  assertLess(Math.abs(allocated / reported - 1), 0.05, output);
  assertEquals(managed, reported);
});

test("a texture shows the pixels of its file", () => {
  using opened = open();
  const { sdl, mgr } = opened;
  using backdrop = mgr.load("forest/backdrop.png", Texture);
  sdl.draw(backdrop.value, 0, 0);
  const { data } = decode(Deno.readFileSync(new URL("forest/backdrop.png", ASSETS)));
  assertEquals(sdl.pixels(), new Uint32Array(new Uint8Array(data).buffer));
});

test("each surface, texture and sound is freed once, also if handles are disposed twice", () => {
  using opened = open();
  const { sdl, mgr } = opened;
  const blocks = sdl.allocations;
  for (let round = 0; round < 50; round++) {
    const handles = [
      mgr.load("common/hero.png.surface", Surface),
      mgr.load("common/hero.png", Texture),
      mgr.load("common/coin.wav", Sound),
    ];
    for (const handle of [...handles, ...handles]) handle[Symbol.dispose]();
  }
  assertEquals([sdl.ledger.taken, sdl.ledger.freed], [200, 200]); // decoding a texture makes a surface too
  assertEquals([sdl.ledger.bytes, sdl.allocations], [0, blocks]);
});

test("a texture stays usable when another handle of it is disposed twice", () => {
  using opened = open();
  const { sdl, mgr } = opened;
  using mine = mgr.load("common/hero.png", Texture);
  const yours = mgr.load("common/hero.png", Texture);
  yours[Symbol.dispose]();
  yours[Symbol.dispose]();
  sdl.draw(mine.value, 96, 68);
  const pixels = sdl.pixels();
  assert(pixels.some((pixel) => pixel !== pixels[0]));
});

test("Sdl.free() throws for an object that was freed before, and does not pass it to SDL", () => {
  using opened = open();
  const { sdl, mgr } = opened;
  const handle = mgr.load("common/coin.wav", Sound);
  const sound = handle.value;
  handle[Symbol.dispose]();
  assertThrows(() => sdl.free(sound), RangeError, "Cannot free a sound: it was freed before");
});

for (const kind of ["surface", "sound"]) {
  test(`SDL itself crashes when a ${kind} is freed twice`, async () => {
    const { signal, output } = await runDeno("run", "-A", "tests/_double_free.ts", kind);
    assertNotEquals(signal, null, output);
  });
}

test("SDL itself frees another texture when one is freed twice, or crashes", async () => {
  const { signal, output } = await runDeno("run", "-A", "tests/_double_free.ts", "texture");
  assert(signal !== null || output.includes("Parameter 'texture' is invalid"), output);
});

test("a load of bytes that SDL cannot decode throws, says why, and leaves no memory behind", () => {
  using sdl = new Sdl(256, 192);
  const source = new MemorySource({ "a.png": "no picture", "a.wav": "no sound", "b.png": "" });
  const loaders = [textureLoader(sdl), soundLoader(sdl)];
  using mgr = new ResourceManager({ source, loaders });
  const blocks = sdl.allocations;
  assertThrows(() => mgr.load("a.png", Texture), ResourceLoadError, "Unsupported image format");
  assertThrows(() => mgr.load("b.png", Texture), ResourceLoadError);
  assertThrows(() => mgr.load("a.wav", Sound), ResourceLoadError);
  assertEquals([sdl.ledger.taken, sdl.allocations], [0, blocks]);
});

test("a level that cannot load one of its files frees what it has loaded", () => {
  using sdl = new Sdl(256, 192);
  const files = new WorldSource(ASSETS);
  const read = (key: string) => {
    if (key.endsWith("golem.png")) throw new Error("it is away");
    return files.read(key);
  };
  const loaders = [surfaceLoader, textureLoader, soundLoader, levelLoader].map((each) => each(sdl));
  using mgr = new ResourceManager({ source: { read }, loaders });
  const blocks = sdl.allocations;
  assertThrows(() => mgr.load("caves/caves.level.json", Level), ResourceLoadError, "golem.png");
  assertEquals([sdl.ledger.bytes, sdl.allocations, mgr.size], [0, blocks, 0]);
  assertGreater(sdl.ledger.taken, 4);
});

test("a forgotten handle is reported, and its texture is freed then", async () => {
  using opened = open();
  const { sdl, mgr, leaks } = opened;
  (() => void mgr.load("common/hero.png", Texture))();
  assertEquals(sdl.ledger.count("texture"), 1);
  await collectGarbage({ until: () => leaks.length > 0 });
  assertEquals(leaks.map(({ key, type }) => [key, type]), [["common/hero.png", "Texture"]]);
  assertEquals(sdl.ledger.count("texture"), 0);
});

test("RSS and native bytes after 1 000 scene changes are within 5 % of those after 10", async () => {
  const { code, output } = await runDeno("task", "sdl");
  const rows = rowsOf(output);
  const [, tenth] = rows;
  const last = rows.at(-1);
  assertEquals([tenth?.[0], last?.[0]], [10, 1000], output);
  for (const column of [1, 2]) {
    assertLess(Math.abs(last![column]! / tenth![column]! - 1), 0.05, output);
  }
  const [surfaces, textures, sounds, freed, leaks] = last!.slice(4);
  assertGreater(freed!, 15_000);
  assertLess(surfaces! + textures! + sounds!, 500);
  assertEquals(leaks, 0);
  assertMatch(output, /^Freed ([\d,]+) of \1, each once$/m);
  assertEquals(code, 0, output);
});

test("without using, memory grows until the game stops, and then a collection finds all handles", async () => {
  const { code, output } = await runDeno("task", "sdl", "--without-using");
  const rows = rowsOf(output);
  const [start, stopped, collected] = [rows[0]!, rows.at(-2)!, rows.at(-1)!];
  assertGreater(stopped[1]! - start[1]!, 100, output);
  assertLess(stopped[1]!, 384, output);
  assertLess(stopped.at(-1)!, stopped[0]!, "not all are reported by then");
  assertEquals(collected.at(-1), collected[0], "then each forgotten handle is");
  assertLess(collected[1]!, start[1]! * 1.1, output);
  assertEquals(code, 0, output);
});
