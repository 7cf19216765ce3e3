/** The ladder of docs/leaks.md: leaks that are planted in the examples, and the tools that find them. */
import { assert, assertEquals } from "@std/assert";
import { KINDS } from "../../bench/leaks/kinds.ts";
import { climb, RUNGS, type Verdict } from "../../bench/leaks/ladder.ts";
import { plant } from "../../bench/leaks/program.ts";
import { readScore } from "../../bench/leaks/score_file.ts";
import { SITES } from "../../bench/leaks/sites.ts";
import { missingPackages } from "../../examples/sdl2/libraries.ts";

const missing = missingPackages();
/** In CI nothing is skipped. */
const ignore = missing.length > 0 && Deno.env.get("CI") !== "true";
if (ignore) console.warn(`leaks_test.ts skips SDL2: apt-get install -y ${missing.join(" ")}`);
const sites = SITES.filter(({ example }) => !ignore || example !== "SDL2");

let sample: Promise<Verdict[]> | undefined;

/** Each kind of leak in one of the examples, and its twin, which holds the handle correctly. */
function climbSample(): Promise<Verdict[]> {
  return sample ??= climb(KINDS.flatMap((kind, index) => {
    const site = sites[index % sites.length]!;
    return [plant(kind, site, true), plant(kind, site, false)];
  }));
}

function nameOf({ program: { kind, site } }: Verdict): string {
  return `${kind.name}, ${site.example}`;
}

Deno.test("lint, strict mode, a test and the collector each name the line of a leak that is planted in the demo", async () => {
  const [forgotten] = KINDS;
  const [demo] = SITES;
  const [leak, twin] = await climb([
    plant(forgotten!, demo!, true),
    plant(forgotten!, demo!, false),
  ]);
  assertEquals(leak!.found, [...RUNGS]);
  const [[line]] = leak!.program.planted as [readonly [number, number]];
  for (const rung of RUNGS) {
    assert(leak!.reports[rung].includes(`scenes.ts:${line}:`), `${rung}: ${leak!.reports[rung]}`);
  }
  assertEquals(
    leak!.program.text.split("\n")[line - 1],
    'const held = stage.mgr.load("common/coin.wav", Sound);',
  );
  assertEquals(twin!.found, []);
});

Deno.test("each kind of leak is found by a rung of the ladder, and its twin by none", async () => {
  const verdicts = await climbSample();
  const [leaks, twins] = [true, false].map((isLeak) =>
    verdicts.filter(({ program }) => program.isLeak === isLeak)
  ) as [Verdict[], Verdict[]];
  assertEquals([leaks.length, twins.length], [KINDS.length, KINDS.length]);
  assertEquals(leaks.filter(({ found }) => found.length === 0).map(nameOf), []);
  for (const each of twins) assertEquals(each.found, [], `${nameOf(each)}: ${each.reports}`);
});

Deno.test("lint, strict mode, tests and the collector find the kinds of leaks that docs/leaks.md says", async () => {
  const { kinds } = readScore();
  for (const verdict of (await climbSample()).filter(({ program }) => program.isLeak)) {
    for (const rung of RUNGS) {
      const expected = kinds[verdict.program.kind.name]![rung];
      const isFound = verdict.found.includes(rung);
      assert(isFound ? expected > 0 : expected < SITES.length, `${rung}: ${nameOf(verdict)}`);
    }
  }
});

Deno.test("the score of docs/leaks.md is 100 of 100 leaks, and none of 100 twins", () => {
  const { planted, together, flagged, kinds } = readScore();
  assertEquals({ planted, together, flagged }, { planted: 100, together: 100, flagged: 0 });
  assertEquals(Object.keys(kinds), KINDS.map(({ name }) => name));
});
