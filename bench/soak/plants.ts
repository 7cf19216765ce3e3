import type { Game } from "./game.ts";
import type { Gpu } from "./gpu.ts";
import type { Check } from "./findings.ts";
import { Sprite } from "./values.ts";

/** Objects that are kept by mistake. */
const kept: unknown[] = [];

/** The checks that see harm only if it is planted in every manager. */
const GROWING: ReadonlySet<Check> = new Set(["heap", "rss", "files", "gpu"]);
/** The manager for all other plants: the third, which keeps idle resources. */
const PLACE = 2;

/** The harm that each check must find, because a check that can't fail checks nothing. */
const PLANTS: Readonly<Record<Check, (game: Game, gpu?: Gpu) => void>> = {
  once({ ledger }) {
    const [value, key] = ledger.first() ?? [];
    if (value !== undefined) ledger.unloaded(value, key!); // and the manager does so again
  },
  context: ({ ledger }) => void ledger.opened++,
  residents: ({ ledger }) => void ledger.loads++,
  bytes: ({ ledger }) => void (ledger.bytes -= 1e9),
  hits({ mgr, files }) {
    using _miss = mgr.load(files.sprites[0]!, Sprite);
    using _hit = mgr.load(files.sprites[0]!, Sprite);
  },
  misses: ({ ledger }) => void (ledger.failed += 1e9),
  evictions: ({ ledger }) => void ledger.evictions++,
  references: ({ mgr, files }) => void kept.push(mgr.load(files.sprites[0]!, Sprite)),
  budget: ({ options }) => void Object.assign(options, { maxBytes: 1, idle: { maxEntries: -1 } }),
  leaks({ ledger, mgr, files }) {
    ledger.forgotten++;
    kept.push(mgr.load(files.sprites[0]!, Sprite)); // and it can't be collected
  },
  values: (game) => game.look(new Sprite(new Uint8Array(1))),
  reloads({ ledger, mgr, files }) {
    ledger.ask(files.sprites[1]!);
    using sprite = mgr.load(files.sprites[1]!, Sprite); // stays, idle
    sprite.value.pixels[0]!++;
  },
  errors(game) {
    using _broken = game.mgr.on("load", () => {
      throw new Error("A listener that throws");
    });
    game.mgr.add("planted", new Sprite(new Uint8Array()))[Symbol.dispose]();
  },
  reported: ({ ledger }) => void ledger.provoke("nobody"),
  rejections: () => void Promise.reject(new Error("Nobody looks at this")),
  heap: () => void kept.push(Array.from({ length: 40_000 }, (_, i) => ({ i }))),
  rss: () => void kept.push(new Uint8Array(8_000_000).fill(1)),
  files: () => void kept.push(Deno.openSync("/dev/null")),
  gpu(_, gpu) {
    const usage = GPUTextureUsage.TEXTURE_BINDING;
    gpu?.device.createTexture({ size: [16, 16], format: "rgba8unorm", usage });
  },
};

/** Does all the harm of this era in a game. */
export function plantAll(game: Game, options: { era: number; gpu: Gpu | undefined }): void {
  for (const check of Object.keys(PLANTS) as Check[]) {
    if (options.era === PLACE || GROWING.has(check)) PLANTS[check](game, options.gpu);
  }
}
