import type { ResourceManagerOptions } from "../../mod.ts";
import { collectGarbage } from "../../src/testing.ts";
import { pause } from "./files.ts";
import { Game, type World } from "./game.ts";
import { Player } from "./player.ts";
import type { Random } from "./random.ts";

/** How many players play scenes at the same time. */
const PLAYERS = 4;
/**
 * A leak should be reported by the second collection, but finalizers may be late on a busy machine.
 */
const MORE_COLLECTIONS = 4;

/** The budgets and idle policies of the managers, one after another. */
export const POLICIES: readonly ResourceManagerOptions[] = [
  {},
  { maxBytes: 100_000 },
  { idle: "keep" },
  { idle: { maxEntries: 12 } },
  { maxBytes: 1_000_000, maxConcurrency: 2 },
  { idle: { maxAge: 15 } },
  { maxBytes: 40_000, idle: { maxAge: 40, maxEntries: 30 }, leaks: { stacks: 10, onLeak() {} } },
  { maxBytes: 20_000, idle: "keep" },
];

/** Counts everything that was done. */
export interface Tally {
  managers: number;
  scenes: number;
  loads: number;
  unloads: number;
  hits: number;
  evictions: number;
  reloads: number;
  leaks: number;
  aborts: number;
  stubborn: number;
  requests: number;
  faults: number;
}

export function emptyTally(): Tally {
  return {
    ...{ managers: 0, scenes: 0, loads: 0, unloads: 0, hits: 0, evictions: 0 },
    ...{ reloads: 0, leaks: 0, aborts: 0, stubborn: 0, requests: 0, faults: 0 },
  };
}

/** Options for an era. */
export interface EraOptions {
  readonly policy: ResourceManagerOptions;
  readonly random: Random;
  /** The length of the era, in ms. */
  readonly length: number;
  /** Whether forgotten handles are collected before the manager is disposed. */
  readonly collects: boolean;
  /** How long to wait for something that must happen, in ms. */
  readonly patience: number;
  /** Does harm that a check must find. */
  plant?(game: Game): void;
}

/**
 * Plays one manager from its start to its end, and compares its counters with the ledger at every
 * step.
 */
export async function playEra(world: World, options: EraOptions, tally: Tally): Promise<void> {
  const { policy, random, length, collects, patience } = options;
  const game = new Game(world, policy, random);
  const players = Array.from({ length: PLAYERS }, () => new Player(game, random.fork()));
  const end = performance.now() + length;
  await Promise.all(players.map((each) => each.play(end)));
  options.plant?.(game);
  await checkReloads(game, patience);
  await game.endWatch();
  await checkResidents(game, patience);
  checkCounters(game);
  if (collects) await checkLeaks(game);
  await game.end();
  await checkEnd(game);
  count(tally, game, players);
}

/** Waits until `done` is true, at most for `patience` ms. */
async function patiently(patience: number, done: () => boolean): Promise<void> {
  const end = performance.now() + patience;
  while (!done() && performance.now() < end) await pause(5);
}

/** Checks that resident values match their edited files, after a short time. */
async function checkReloads(game: Game, patience: number): Promise<void> {
  await patiently(patience, () => game.stale().length === 0);
  const stale = game.stale();
  const seen = () => `not reloaded after ${patience} ms: ${stale.join(", ")}`;
  game.findings.check("reloads", stale.length === 0, seen);
}

/**
 * Checks the values in memory. A withdrawn load may still make a value, which is unloaded at once.
 */
async function checkResidents(
  { mgr, ledger, findings }: Game,
  patience: number,
): Promise<void> {
  await patiently(patience, () => ledger.alive === mgr.size);
  const kept = ledger.alive - mgr.size;
  const isRight = kept === 0 || (kept > 0 && ledger.failedReloads > 0);
  const seen = () => `${ledger.alive} values of ${mgr.size} resources`;
  findings.check("residents", isRight, seen);
  findings.equal("residents", ledger.loads - ledger.unloads, mgr.size, "loads less unloads");
  findings.equal("residents", mgr.cacheStats().resourceCount, mgr.size, "counted by cacheStats()");
  const isCounted = kept === 0 ? mgr.bytes === ledger.bytes : mgr.bytes <= ledger.bytes;
  findings.check("bytes", isCounted, () => `${mgr.bytes} bytes, and values of ${ledger.bytes}`);
}

function checkCounters({ mgr, ledger, findings, options }: Game): void {
  const { hits, misses, evictions, bytes, idleBytes, idleCount, leaks } = mgr.cacheStats();
  findings.equal("hits", hits, ledger.hits, "hits");
  findings.equal("evictions", evictions, ledger.evictions, "evictions");
  findings.equal("leaks", leaks, ledger.leaks, "leaks in the statistics");
  const least = ledger.loads - ledger.added + ledger.failed;
  const most = ledger.asked - ledger.hits;
  const bounds = () => `${misses} misses, not from ${least} to ${most}`;
  findings.check("misses", least <= misses && misses <= most, bounds);
  const { maxBytes = Infinity, idle } = options;
  const { maxEntries = Infinity } = typeof idle === "object" ? idle : {};
  const isKept = (bytes <= maxBytes || idleBytes === 0) && idleCount <= maxEntries;
  findings.check("budget", isKept, () => `${bytes} bytes, ${idleBytes} and ${idleCount} idle`);
}

/** Collects garbage until all leaks are reported, and once more to see that there are no others. */
async function collectLeaks({ ledger }: Game): Promise<void> {
  await collectGarbage();
  for (let more = MORE_COLLECTIONS; more > 0 && ledger.leaks < ledger.forgotten; more--) {
    await collectGarbage({ collections: 1 });
  }
  await collectGarbage({ collections: 1 });
}

/** Collects garbage, and compares the reported leaks with the forgotten handles. */
async function checkLeaks(game: Game): Promise<void> {
  const { ledger, findings } = game;
  await collectLeaks(game);
  findings.equal("leaks", ledger.leaks, ledger.forgotten, "leaks reported after collections");
  let [references, dependents] = referencesOf(game);
  // A running reload holds the parts of its value, and takes long on a busy machine.
  for (let more = MORE_COLLECTIONS; more > 0 && references > dependents; more--) {
    await collectGarbage({ collections: 1 });
    [references, dependents] = referencesOf(game);
  }
  findings.check("references", references <= dependents, () => {
    return `${references} references, where dependents hold ${dependents}`;
  });
}

/** The number of all references, and of those that dependents hold. */
function referencesOf({ mgr }: Game): [all: number, dependents: number] {
  const { totalReferences, resources } = mgr.cacheStats();
  const dependents = Object.values(resources).reduce((sum, each) => {
    return sum + each.dependencies.filter((key) => mgr.has(key)).length;
  }, 0);
  return [totalReferences, dependents];
}

/** Checks that nothing is left, and that no leak is reported twice. */
async function checkEnd(game: Game): Promise<void> {
  const { mgr, ledger, findings } = game;
  await collectLeaks(game);
  findings.equal("once", ledger.alive, 0, "values that were never unloaded");
  findings.equal("residents", ledger.loads - ledger.unloads, 0, "loads less unloads at the end");
  findings.equal("residents", mgr.size, 0, "resources at the end");
  findings.equal("bytes", mgr.bytes, 0, "bytes at the end");
  findings.equal("context", ledger.closed, ledger.opened, "given back by contexts");
  findings.equal("leaks", ledger.leaks, ledger.forgotten, "leaks reported in all");
  const unreported = ledger.thrown.difference(ledger.reported).size;
  findings.equal("reported", unreported, 0, "errors that reached nobody");
}

function count(tally: Tally, { mgr, ledger, server }: Game, players: readonly Player[]): void {
  tally.managers++;
  for (const { scenes, aborts } of players) {
    tally.scenes += scenes;
    tally.aborts += aborts;
  }
  const { hits, evictions, leaks } = mgr.cacheStats();
  const { loads, unloads, reloads } = ledger;
  const stubborn = ledger.thrown.size;
  const { requests, faults } = server;
  const added = { loads, unloads, hits, evictions, reloads, leaks, stubborn, requests, faults };
  for (const [name, number] of Object.entries(added)) tally[name as keyof typeof added] += number;
}
