/**
 * A small game in six scenes, played without a window: a title, two levels, the way to a boss, the
 * boss, which needs so much room that other resources are evicted, and the whole game twice more,
 * the second time with a plan that the first one recorded. The boss comes over HTTP, from a server
 * that the game starts itself. Each scene says what the manager does in it, and the tour ends by
 * checking its own claims. A page in a temporary file shows everything that happened. With
 * `--inspect`, another page shows it live:
 *
 * ```sh
 * deno run --allow-read=examples/assets --allow-net=127.0.0.1 --allow-write=/tmp examples/tour.ts
 * ```
 *
 * @module
 */
import {
  FileSource,
  formatStats,
  HttpSource,
  type Leak,
  ResourceManager,
  type ResourceScope,
} from "@holdfast/resources";
import { collectGarbage } from "@holdfast/resources/testing";
import { startTrace, type Trace } from "@holdfast/resources/trace";
import { format as formatBytes } from "@std/fmt/bytes";
import { red, yellow } from "@std/fmt/colors";
import { Audit } from "./tour/audit.ts";
import { Checks } from "./tour/checks.ts";
import { playTwice } from "./tour/encore.ts";
import { headline } from "./tour/headline.ts";
import { Ledger } from "./tour/ledger.ts";
import { hearNothing, loadLair, ROAR } from "./tour/lair.ts";
import { levelLoader } from "./tour/level.ts";
import { Live } from "./tour/live.ts";
import { playFrames, playLevel, playTitle } from "./tour/scenes.ts";
import { AssetServer } from "./tour/server.ts";
import { soundLoader } from "./tour/sound.ts";
import { SplitSource } from "./tour/split_source.ts";
import { SCREEN, Stage } from "./tour/stage.ts";
import { Texture, textureLoader } from "./tour/texture.ts";
import { TracePage } from "./tour/trace_page.ts";

const ASSETS = new URL("./assets/", import.meta.url);
/** The budget in bytes: enough for the title and both levels, but not for the boss as well. */
const BUDGET = 1_900_000;
const RELIC = "forest/relic.png";
/** Whether the game is shown live. */
const WATCHED = Deno.args.includes("--inspect");

async function main(): Promise<void> {
  const start = performance.now();
  const page = await TracePage.make();
  const checks = new Checks();
  await using closing = new AsyncDisposableStack();
  const { mgr, trace, live } = await playGame(checks, closing);
  checks.equal("a disposed manager holds 0 bytes", mgr.bytes, 0);
  checks.equal("every texture was disposed", Texture.open, 0);
  checks.equal("no other handle leaked", mgr.cacheStats().leaks, 1);
  const seconds = (performance.now() - start) / 1000;
  const took = `it took ${seconds.toFixed(2)} s`;
  if (!WATCHED) checks.that("the tour takes less than 5 s", seconds < 5, took);
  checks.that("the trace saw everything", trace.events > 0 && trace.forgotten === 0, "it did not");
  headline("The same game twice more: with a plan, no frame waits for a file");
  await playTwice(ASSETS, BUDGET, checks);
  checks.settle();
  await page.write(trace);
  await live.closed();
}

/** A game that was played. Its manager is disposed, and its trace has ended. */
interface Played {
  readonly mgr: ResourceManager;
  readonly trace: Trace;
  readonly live: Live;
}

/** Plays all scenes. The live page stays open until `closing` is disposed. */
async function playGame(checks: Checks, closing: AsyncDisposableStack): Promise<Played> {
  await using server = new AssetServer(ASSETS);
  await using mgr = new ResourceManager({
    source: new SplitSource("lair", {
      near: new FileSource(ASSETS),
      far: new HttpSource(server.url),
    }),
    loaders: [textureLoader, soundLoader, levelLoader],
    maxBytes: BUDGET, // so idle resources stay until their bytes are needed
    leaks: { stacks: true, onLeak: printLeak },
  });
  using trace = startTrace(mgr, { title: "Emberfall, played through" });
  const live = closing.use(new Live(mgr, WATCHED));
  await live.opened();
  const audit = new Audit(mgr, new Ledger(ASSETS), checks);
  using game = mgr.scope("game"); // the resources that all scenes share
  const stage = new Stage(mgr, game);
  await playScenes(stage, audit, live);
  headline("The way to the lair: leaving while a file loads withdraws the load");
  await hearNothing(mgr, server, audit);
  await playBoss(stage, audit, live);
  const { requests } = server;
  const expected = [ROAR, ...audit.ledger.folder("lair")];
  const claim = "each file of the lair was requested once, and the roar once more";
  checks.equal(claim, [...requests].sort(), expected.sort());
  mgr.unloadUnused();
  audit.resident("after unloading what is idle", audit.ledger.folder("common"));
  return { mgr, trace, live };
}

/** Plays all scenes but the last. Checks what each of them evicts, leaves resident, and shows. */
async function playScenes(stage: Stage, audit: Audit, live: Live): Promise<void> {
  const { ledger } = audit;
  const inScene = (name: string, play: (scene: ResourceScope) => void) =>
    playScene(stage, live, { name, play });
  headline("The title: what a scene has used stays in memory, idle");
  await inScene("title", (scene) => playTitle(stage, scene));
  let resident = [...ledger.folder("common"), ...ledger.folder("title")];
  audit.scene("title", stage, { resident, evicted: [], pictures: "52fe1a31" });
  printMemory(stage.mgr);

  headline("The forest: a handle is forgotten, and found");
  await inScene("forest", (scene) => {
    playLevel(stage, scene, (frame) => frame === 60 && glimpseRelic(stage));
  });
  await findLeak(stage.mgr, audit);
  resident = [...resident, ...ledger.folder("forest")];
  audit.scene("forest", stage, { resident, evicted: [], pictures: "d02c0003" });
  printMemory(stage.mgr);

  headline("The caves: both levels fit, and what they share was read once");
  await inScene("caves", (scene) => playLevel(stage, scene));
  resident = [...resident, ...ledger.folder("caves")];
  audit.scene("caves", stage, { resident, evicted: [], pictures: "c22db3bb" });
  console.log(formatStats(stage.mgr.cacheStats(), { maxRows: 8, maxWidth: 80 }));
}

/**
 * Plays the last scene. It evicts the resources that were used longest ago: the title, then the
 * forest, first its map and then the sprites that the map named. That is enough room, so the caves
 * stay.
 */
async function playBoss(stage: Stage, audit: Audit, live: Live): Promise<void> {
  const { ledger, checks } = audit;
  const [common, title] = [ledger.folder("common"), ledger.folder("title")];
  const [forest, caves] = [ledger.folder("forest"), ledger.folder("caves")];
  const lair = ledger.folder("lair");
  const all = [...common, ...title, ...forest, ...caves, ...lair];
  // The forgotten handle held the relic longer than the forest, so the relic was released later.
  const evicted = [...title, ...forest.filter((key) => key !== RELIC)];
  checks.that("the lair does not fit beside all the rest", ledger.bytes(all) > BUDGET, "it does");
  headline("The lair: it needs room, so what was used longest ago is evicted");
  await playLair(stage, audit, live);
  const resident = [...common, RELIC, ...caves, ...lair];
  audit.scene("lair", stage, { resident, evicted, pictures: "fd82202e" });
  printMemory(stage.mgr);
  checks.equal("every file was read once", [...audit.loaded].sort(), [...all, SCREEN].sort());
  checks.equal("live resources never exceeded the budget", audit.crossings, 0);
}

/** Prints the memory in one line; `formatStats` would list all resources. */
function printMemory(mgr: ResourceManager): void {
  const { resourceCount, idleCount, bytes } = mgr.cacheStats();
  const share = `${formatBytes(bytes)} of ${formatBytes(BUDGET)}`;
  console.log(`${yellow("In memory:")} ${resourceCount} resources (${idleCount} idle), ${share}`);
}

interface Scene {
  readonly name: string;
  play(scene: ResourceScope): void;
}

/** Plays a scene in a scope of its own. */
async function playScene(stage: Stage, live: Live, { name, play }: Scene): Promise<void> {
  using scene = stage.mgr.scope(name);
  play(scene);
  await live.pause();
}

/**
 * Plays the lair. Everything is loaded over HTTP before the first frame, so that no frame has to
 * wait.
 */
async function playLair(stage: Stage, audit: Audit, live: Live): Promise<void> {
  using scene = stage.mgr.scope("lair");
  const { level, intro, outro, roar } = await loadLair(scene, audit);
  stage.say(level.value.title, intro.value);
  playFrames(stage, "lair", level.value, (frame) => frame % 60 === 30 && stage.hear(roar.value));
  stage.say("The End", outro.value);
  await live.pause();
}

/** Forgets a handle on purpose. It should use `using`. */
function glimpseRelic(stage: Stage): void {
  const relic = stage.mgr.load(RELIC, Texture);
  stage.screen.value.draw(relic.value, 150, 66);
}

/** Finds the leak. The forgotten handle holds the relic until the garbage collector finds it. */
async function findLeak(mgr: ResourceManager, audit: Audit): Promise<void> {
  const { checks, leaks } = audit;
  const stateOf = () => mgr.cacheStats().resources[RELIC]?.state;
  checks.equal("the forgotten handle keeps the relic live after its scene", stateOf(), "live");
  await collectGarbage({ until: () => leaks.length > 0 });
  const [site = ""] = leaks[0]?.stack?.split("\n") ?? [];
  const named = /glimpseRelic .*examples\/tour\.ts:\d+/.test(site);
  checks.equal("one leak is reported, that of the relic", leaks.map(({ key }) => key), [RELIC]);
  checks.that("the report names its function, file and line", named, `it says "${site}"`);
  checks.equal("the report releases its reference", stateOf(), "idle");
}

function printLeak({ key, type, stack = "" }: Leak): void {
  const project = new URL("../", import.meta.url).href;
  const [site = ""] = stack.replaceAll(project, "").split("\n");
  console.log(`${red("Leaked:")} a handle of "${key}" (${type}), opened\n  ${site.trim()}`);
}

if (import.meta.main) await main();
