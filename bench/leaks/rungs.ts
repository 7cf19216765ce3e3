/** Each rung of the ladder: finds leaks in the programs. */
import type { Leak, LeakOptions } from "@holdfast/resources";
import { collectGarbage, ResourceLeakError, trackManagers } from "@holdfast/resources/testing";
import { managerObservers } from "../../src/cache/managers.ts";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Game, play } from "./games.ts";
import { FOLDER, type Program } from "./program.ts";

const root = new URL("../../", import.meta.url);

/** Runs a subcommand of Deno on all programs. */
async function deno(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args, FOLDER],
    cwd: root,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, error: error! };
}

/** Throws if a program does not type-check. */
export async function check(): Promise<void> {
  const { code, error } = await deno("check", "-q");
  if (code !== 0) throw new TypeError(`Cannot play what does not type-check:\n${error}`);
}

/** The reports of the lint plugin, without Deno's own rules. */
export async function lint(programs: readonly Program[]): Promise<Map<Program, string>> {
  const config = new URL(`${FOLDER}lint.json`, root);
  const plugin = fileURLToPath(new URL("src/lint.ts", root));
  Deno.writeTextFileSync(
    config,
    JSON.stringify({ lint: { plugins: [plugin], rules: { tags: [] } } }),
  );
  const { out } = await deno("lint", "--json", "--config", fileURLToPath(config));
  const { diagnostics } = JSON.parse(out) as { diagnostics: Diagnostic[] };
  const lines = diagnostics.filter(({ code }) => code.startsWith("holdfast/"))
    .map(({ filename, range: { start } }) => `${filename}:${start.line}:${start.col}`);
  return new Map(programs.map((program) => {
    return [program, lines.filter((line) => line.includes(program.path)).join("\n")];
  }));
}

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
  readonly range: { readonly start: { readonly line: number; readonly col: number } };
}

/** The reports of strict mode until the scene is over, without those of the garbage collector. */
export async function strict(program: Program): Promise<string> {
  const { game, leaks } = await start(program, { strict: true, detect: false });
  using _game = game;
  for (let task = 0; task < 3; task++) await setImmediate();
  return textOf(leaks);
}

/** The report of a test that plays the scene and disposes the game. */
export async function test(program: Program): Promise<string> {
  const managers = trackManagers();
  const { game } = await start(program);
  game[Symbol.dispose]();
  try {
    managers[Symbol.dispose]();
    return "";
  } catch (error) {
    if (error instanceof ResourceLeakError) return error.message;
    throw error;
  }
}

/**
 * The reports of the garbage collector while the games run. Games of a kind share one slow
 * collection.
 */
export async function collect(programs: readonly Program[]): Promise<Map<Program, string>> {
  const reports = new Map<Program, string>();
  const groups = Map.groupBy(programs, ({ kind, site, path }) => {
    return site.example === "SDL2" ? path : kind.name; // SDL can open and close only once
  });
  for (const group of groups.values()) {
    using games = new DisposableStack();
    const found = new Map<Program, readonly Leak[]>();
    for (const program of group) {
      const { game, leaks } = await start(program, { stacks: true });
      games.use(game);
      found.set(program, leaks);
    }
    await collectGarbage();
    for (const [program, leaks] of found) reports.set(program, textOf(leaks));
  }
  return reports;
}

/** A game after its first scene, and the leaks that its manager reports, also later. */
interface Started {
  readonly game: Game;
  readonly leaks: readonly Leak[];
}

/** Plays the first scene, and waits for its loads. */
async function start({ path, site }: Program, options?: LeakOptions): Promise<Started> {
  const module = await import(new URL(path, root).href);
  const leaks: Leak[] = [];
  const onLeak = (leak: Leak) => void leaks.push(leak);
  const observer = {
    leakOptions: (own?: LeakOptions) => options ? { ...own, ...options, onLeak } : own,
    made() {},
  };
  managerObservers.add(observer);
  try {
    const game = await play(site.example, module);
    await game.mgr.settled();
    return { game, leaks };
  } finally {
    managerObservers.delete(observer);
  }
}

function textOf(leaks: readonly Leak[]): string {
  return leaks.map(({ key, stack }) => `${key}\n${stack}`).join("\n");
}
