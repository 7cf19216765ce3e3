import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { tmpdir } from "node:os";
import { makeAssets } from "../../examples/make_assets.ts";
import { AssetServer } from "../../examples/tour/server.ts";
import { SplitSource } from "../../examples/tour/split_source.ts";
import {
  FileSource,
  HttpSource,
  ResourceLoadError,
  ResourceManager,
  Text,
} from "@holdfast/resources";
import { readEvents } from "../../src/sources/event_stream.ts";
import type { LiveMessage } from "../../src/trace/live_data.ts";
import { filesBelow } from "../_files_below.ts";
import { type Run, runDeno, WITH_STD } from "../_run_deno.ts";

const TOUR = new URL("../../examples/tour.ts", import.meta.url);
const ASSETS = new URL("../../examples/assets/", import.meta.url);
const CHECKS = new URL("../../examples/tour/checks.ts", import.meta.url);

let tour: Promise<Run> | undefined = undefined;

/** All permissions that the tour needs. */
const PERMISSIONS = [
  "--allow-read=examples/assets",
  "--allow-net=127.0.0.1",
  `--allow-write=${tmpdir()}`,
];

/** Runs the tour with only these permissions, when it is called first. */
function runTour(): Promise<Run> {
  return tour ??= runDeno("run", "--no-prompt", ...PERMISSIONS, "examples/tour.ts");
}

/** Runs `settle()` on two claims in another process, because it sets the exit code. */
function settle(actual: number, expected: number): Promise<Run> {
  return runDeno(
    "eval",
    `import { Checks } from ${JSON.stringify(CHECKS.href)};
    const checks = new Checks();
    checks.equal("it is so", 1, 1);
    checks.equal("the sum is right", ${actual}, ${expected});
    checks.settle();`,
  );
}

Deno.test("tour.ts exits with 0 when every claim holds", async () => {
  const { code, output } = await runTour();
  assertMatch(output, /^\d+ claims hold$/m);
  assert(!output.includes("FAILED"), output);
  assertEquals(code, 0, output);
});

Deno.test("tour.ts prints six scenes in less than 60 lines, of 80 columns at most", async () => {
  const { output } = await runTour();
  const lines = output.trimEnd().split("\n");
  assertEquals(lines.filter((line) => line.length > 80), []);
  assertLess(lines.length, 60);
  const scenes = lines.map((line) => /^(\d)\. The /.exec(line)?.[1]).filter(Boolean);
  assertEquals(scenes, ["1", "2", "3", "4", "5", "6"]);
});

Deno.test("tour.ts shows what is in memory: the eight largest resources once, and the sum three times", async () => {
  const { output } = await runTour();
  assertEquals(output.match(/^In memory: /gm)?.length, 3);
  assertMatch(output, /^key +type +state .*\n(?:.+\n){8}… 27 more$/m);
});

Deno.test("tour.ts reports the forgotten handle by file and line", async () => {
  const { output } = await runTour();
  const [, line] = /^Leaked: .*"forest\/relic\.png".*\n.* \(examples\/tour\.ts:(\d+):\d+\)$/m
    .exec(output) ?? [];
  const source = Deno.readTextFileSync(TOUR).split("\n")[Number(line) - 1] ?? "";
  assertStringIncludes(source, "const relic = stage.mgr.load(");
});

Deno.test("tour.ts shows the progress of the lair, which is loaded over HTTP", async () => {
  const { output } = await runTour();
  const lines = output.match(/^ *\d+ % .*$/gm) ?? [];
  assertEquals(lines[0], "  0 %  0 of 5 files, 0 B");
  assertMatch(lines.at(-1)!, /^100 % {2}16 of 16 files, (\S+ kB) of \1$/);
  const shares = lines.map((line) => parseInt(line));
  assertEquals(shares, shares.toSorted((a, b) => a - b));
});

Deno.test("tour.ts shows that a withdrawn load leaves nothing in memory", async () => {
  const { output } = await runTour();
  const line = /^Withdrawn: .*"lair\/roar\.wav" \(([\d,]+) B before, ([\d,]+) B after\)$/m;
  const [, before, after] = line.exec(output) ?? [];
  assert(before !== undefined, output);
  assertEquals(before, after);
});

Deno.test("tour.ts plays the game twice, and the second run has no blocking miss by the plan of the first", async () => {
  const { output } = await runTour();
  assertMatch(
    output,
    /^First run: 49 blocking misses\nWith its plan: 0 blocking misses, 0 % of 2,338,055 B wasted$/m,
  );
});

Deno.test("tour.ts first prints the path of a page that shows its trace, in a temporary file", async () => {
  const { output } = await runTour();
  const [, file = ""] = /^.* page for your browser:\n(.*\.html)\n/.exec(output) ?? [];
  const page = Deno.readTextFileSync(file);
  Deno.removeSync(file);
  for (const text of ["<!DOCTYPE html>", '"forest/relic.png"', "glimpseRelic"]) {
    assertStringIncludes(page, text);
  }
});

Deno.test("AssetServer refuses what is not a file below its folder", async () => {
  await using server = new AssetServer(ASSETS);
  for (const path of ["", "lair", "lair/nobody.png", "..%2Ftour.ts", "%2Fetc%2Fpasswd", "%"]) {
    const response = await fetch(server.url + path);
    await response.body?.cancel();
    assertEquals(response.status, 404, path);
  }
});

Deno.test("SplitSource reads its folder from the far source, and everything else from the near one", async () => {
  await using server = new AssetServer(ASSETS);
  const halves = { near: new FileSource(ASSETS), far: new HttpSource(server.url) };
  await using mgr = new ResourceManager({ source: new SplitSource("lair", halves) });
  assertThrows(() => mgr.load("lair/intro.txt", Text), ResourceLoadError, "use loadAsync");
  using lair = await mgr.loadAsync("lair/intro.txt", Text);
  using caves = await mgr.loadAsync("caves/intro.txt", Text);
  assertEquals(lair.value, Deno.readTextFileSync(new URL("lair/intro.txt", ASSETS)));
  assertEquals(caves.value, Deno.readTextFileSync(new URL("caves/intro.txt", ASSETS)));
  assertEquals(server.requests, ["lair/intro.txt"]);
});

Deno.test("Checks.settle() shows a claim that fails, and sets the exit code 1", async () => {
  const { code, output } = await settle(4, 5);
  assertEquals(output, "\nFAILED  the sum is right: expected 5, found 4\n1 of 2 claims failed\n");
  assertEquals(code, 1);
});

Deno.test("Checks.settle() counts the claims when all hold, and leaves the exit code 0", async () => {
  const { code, output } = await settle(5, 5);
  assertEquals(output, "\n2 claims hold\n");
  assertEquals(code, 0);
});

Deno.test("makeAssets() makes the checked-in files byte for byte", () => {
  const made = new Map(makeAssets());
  assertEquals(filesBelow(ASSETS), [...made.keys()].sort());
  for (const [path, bytes] of made) {
    const found = Deno.readFileSync(new URL(path, ASSETS));
    const same = found.length === bytes.length && found.every((byte, at) => byte === bytes[at]);
    assert(same, `${path} differs: run examples/make_assets.ts`);
  }
});

Deno.test("makeAssets() makes a few dozen files of less than 2 MB together", () => {
  const sizes = [...makeAssets()].map(([, bytes]) => bytes.length);
  assertLess(24, sizes.length);
  assertLess(sizes.reduce((sum, size) => sum + size), 2_000_000);
});

/** Returns the first URL that a process prints, and reads on so that the process is not blocked. */
async function urlIn(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let output = "";
  const read = async () => {
    for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
      output += text;
      const [url] = /http:\S+\/(?=\n)/.exec(output) ?? [];
      if (url !== undefined) resolve(url);
    }
    resolve("");
  };
  void read();
  return await promise;
}

Deno.test("tour.ts --inspect waits for a page, sends it every scene and leak, and ends when the page is closed", async () => {
  await using process = new Deno.Command(Deno.execPath(), {
    args: [
      ...WITH_STD,
      ...["run", "-q", "--no-prompt", ...PERMISSIONS],
      ...["examples/tour.ts", "--inspect"],
    ],
    cwd: new URL("../../", import.meta.url),
    env: { NO_COLOR: "1" },
    stdout: "piped",
  }).spawn();
  const url = await urlIn(process.stdout);
  const closing = new AbortController();
  const response = await fetch(`${url}events`, { signal: closing.signal });
  const keys: string[] = [];
  let leaks = 0;
  const reading = readEvents(response, (data) => {
    const { begin, more, ended } = JSON.parse(data) as LiveMessage;
    keys.push(...(begin ?? more)!.keys);
    leaks += (begin ?? more)!.leaks.length;
    if (ended) closing.abort();
  });
  await reading.catch(() => {});
  assertEquals((await process.status).code, 0);
  const scenes = new Set(keys.map((key) => key.split("/")[0]));
  assertEquals(scenes, new Set(["common", "title", "forest", "caves", "lair", "screen"]));
  assertEquals(leaks, 1);
});
