import {
  type Bundle,
  type Handle,
  ResourceExistsError,
  type ResourceScope,
  ResourceTypeError,
} from "../../mod.ts";
import { pause } from "./files.ts";
import { forgetClone, forgetScope, forgetUpgraded } from "./forget.ts";
import type { Game } from "./game.ts";
import type { Random } from "./random.ts";
import { Sprite, typeOf } from "./values.ts";

/** Plays scenes one after another, and gets into every kind of trouble. */
export class Player {
  scenes = 0;
  aborts = 0;
  readonly #game: Game;
  readonly #random: Random;
  /** What a player may do in a scene, with weights that say how often. */
  readonly #deeds: readonly (readonly [weight: number, deed: () => void | Promise<unknown>])[] = [
    [30, () => {}],
    [8, () => this.#edit()],
    [8, () => this.#abort()],
    [8, () => this.#hold()],
    [6, () => this.#forget()],
    [6, () => this.#add()],
    [5, () => this.#reload()],
    [5, () => this.#force()],
    [5, () => this.#bundle()],
    [4, () => this.#mistake()],
    [3, () => void this.#game.mgr.unloadUnused()],
    [1, () => void this.#game.mgr.clear({ force: this.#random.chance(0.3) })],
  ];

  constructor(game: Game, random: Random) {
    this.#game = game;
    this.#random = random;
  }

  /** Plays until `performance.now()` is `end`. */
  async play(end: number): Promise<void> {
    while (performance.now() < end) {
      this.scenes++;
      await this.#try(() => this.#scene());
    }
  }

  /** Plays one scene: loads a few resources, looks at them for a while, and releases them. */
  async #scene(): Promise<void> {
    using scope = this.#game.mgr.scope(`scene ${this.scenes}`);
    const handles: Handle<object>[] = [];
    for (const key of this.#random.some(this.#game.files.steady, 4)) {
      await this.#try(() => void handles.push(this.#load(scope, key)));
    }
    if (this.#random.chance(0.5)) await this.#try(() => this.#loadAsync(scope, handles));
    this.#look(handles);
    await this.#try(this.#deed());
    await pause(this.#random.chance(0.2) ? this.#random.below(20) : 0);
    this.#look(handles);
  }

  #deed(): () => void | Promise<unknown> {
    const total = this.#deeds.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.#random.below(total);
    for (const [weight, deed] of this.#deeds) if ((left -= weight) < 0) return deed;
    throw new Error("No deed is left");
  }

  /** Runs something. If it fails, the judge gets the error, and the game goes on. */
  async #try(run: () => void | Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#game.judge.hear(error);
    }
  }

  #load(from: { load: ResourceScope["load"] }, key: string): Handle<object> {
    const { ledger, mgr } = this.#game;
    const isMiss = !mgr.has(key);
    ledger.ask(key);
    try {
      return from.load(key, typeOf(key));
    } catch (error) {
      if (isMiss) ledger.failed++;
      throw error;
    }
  }

  /** Loads a few resources at the same time, and sometimes withdraws one of them. */
  async #loadAsync(scope: ResourceScope, handles: Handle<object>[]): Promise<void> {
    const { files, ledger } = this.#game;
    const keys = this.#random.some([...files.remote, ...files.sounds, ...files.drafts], 3);
    const tasks = keys.map((key) => {
      ledger.ask(key);
      return scope.loadAsync(key, typeOf(key), {
        priority: this.#random.pick(["high", "normal", "low"]),
      });
    });
    if (this.#random.chance(0.2)) tasks[0]![Symbol.dispose]();
    for (const result of await Promise.allSettled(tasks)) {
      if (result.status === "rejected") this.#game.judge.hear(result.reason);
      else if (!result.value.disposed) handles.push(result.value);
    }
  }

  #look(handles: readonly Handle<object>[]): void {
    for (const handle of handles) {
      try {
        this.#game.look(handle.value);
      } catch (error) {
        this.#game.judge.hear(error);
      }
    }
  }

  async #edit(): Promise<void> {
    await this.#game.files.edit();
  }

  /** Starts to load something slow, and then withdraws it. */
  async #abort(): Promise<void> {
    const { files, ledger, mgr } = this.#game;
    const key = this.#random.pick([...files.remote, ...files.sounds]);
    const controller = new AbortController();
    this.aborts++;
    ledger.ask(key);
    using task = mgr.loadAsync(key, typeOf(key), { signal: controller.signal });
    const settled = task.then((handle) => handle[Symbol.dispose]());
    await Promise.race([settled, pause(this.#random.below(15))]);
    if (this.#random.chance(0.7)) controller.abort();
    else task[Symbol.dispose]();
    await settled;
  }

  /**
   * Takes a reference without a handle, and releases it unless the resource was unloaded by force.
   */
  async #hold(): Promise<void> {
    const { files, ledger, mgr } = this.#game;
    const key = this.#random.pick(files.steady);
    if (!mgr.has(key)) return;
    mgr.acquire(key);
    const forced = ledger.forced(key);
    await pause(this.#random.below(20));
    if (ledger.forced(key) === forced) mgr.release(key);
  }

  #forget(): void {
    const key = this.#random.pick(this.#game.files.steady);
    using handle = this.#load(this.#game.mgr, key);
    this.#random.pick([forgetClone, forgetUpgraded, forgetScope])(this.#game, handle);
  }

  /** Makes something without a file. */
  #add(): void {
    const { ledger, mgr } = this.#game;
    const key = `made/${this.#random.below(20)}`;
    const bytes = this.#random.below(4_000);
    const value = new Sprite(new Uint8Array(bytes));
    ledger.made(value, key, bytes);
    const unload = () => ledger.unloaded(value, key);
    try {
      using handle = mgr.add(key, value, { byteLength: bytes, unload });
      ledger.added++;
      this.#game.look(handle.value);
    } catch (error) {
      if (!(error instanceof ResourceExistsError)) throw error;
      unload(); // the manager did not adopt it
    }
  }

  async #reload(): Promise<void> {
    const { files, mgr } = this.#game;
    const isRemote = this.#random.chance(0.3);
    const key = this.#random.pick(isRemote ? files.remote : files.steady);
    if (!mgr.has(key)) return;
    if (isRemote || this.#random.chance(0.5)) await this.#reloadAsync(key);
    else mgr.reload(key);
  }

  async #reloadAsync(key: string): Promise<void> {
    const { judge, ledger, mgr } = this.#game;
    ledger.reloading.push(key);
    try {
      await mgr.reloadAsync(key);
    } catch (error) {
      judge.hear(error);
    } finally {
      ledger.reloading.splice(ledger.reloading.indexOf(key), 1);
    }
  }

  #force(): void {
    const { files, mgr } = this.#game;
    mgr.unload(this.#random.pick([...files.local, ...files.remote]), { force: true });
  }

  async #bundle(): Promise<void> {
    const { files, ledger, mgr } = this.#game;
    const keys = this.#random.some([...files.steady, ...files.remote], 5);
    const bundle: Bundle = Object.fromEntries(keys.map((key) => [key, [key, typeOf(key)]]));
    for (const key of keys) ledger.ask(key);
    using loaded = await mgr.loadAll(bundle);
    for (const key of keys) this.#look([loaded[key] as Handle<object>]);
  }

  /** Asks for a resource with the wrong type. */
  #mistake(): void {
    const { files, findings, mgr } = this.#game;
    const key = this.#random.pick(files.levels);
    try {
      using handle = mgr.get(key, Sprite);
      findings.check("values", handle === undefined, () => `"${key}" was given as a sprite`);
    } catch (error) {
      if (!(error instanceof ResourceTypeError)) throw error;
    }
  }
}
