import {
  type Handle,
  isWithdrawn,
  type LoadTask,
  type Pacing,
  ResourceManager,
  type ResourceScope,
} from "../../mod.ts";
import { gameLoaders, type Making } from "./loaders.ts";
import { BAD_REGION, REGIONS, type World } from "./world.ts";

/** How many frames lie between two events of each kind. */
const EVERY = { region: 75, scene: 360, edit: 45, failure: 150, breakage: 300 } as const;
/** How many regions the player sees on each side. */
const SIGHT = 1;

/**
 * Starting a read wakes a thread, which takes up to 0.2 ms of the main thread on a slow machine.
 */
const MAX_CONCURRENCY = 8;

/** Counts what happened in a game. */
export interface Tally {
  loaded: number;
  unloaded: number;
  reloaded: number;
  failed: number;
  /** Failures that are part of the script. */
  planned: number;
  edits: number;
  leaked: number;
  /** How often live resources alone exceeded the budget. */
  overbudget: number;
}

interface Region {
  readonly task: LoadTask<unknown>;
  level?: Handle<unknown>;
}

/** Options for a game. */
export interface GameOptions extends Making {
  readonly world: World;
  readonly pacing: Pacing;
}

/** A streaming world: one player walks through regions, and scenes come and go. */
export class Game {
  readonly mgr: ResourceManager;
  readonly tally: Tally = {
    loaded: 0,
    unloaded: 0,
    reloaded: 0,
    failed: 0,
    planned: 0,
    edits: 0,
    leaked: 0,
    overbudget: 0,
  };
  readonly #world: World;
  readonly #watch: Disposable;
  readonly #regions = new Map<number, Region>();
  readonly #hud: LoadTask<unknown>;
  #scene: ResourceScope | undefined;
  /** The keys that were edited, but not reloaded yet. */
  readonly #edited = new Set<string>();

  constructor(options: GameOptions) {
    this.#world = options.world;
    const { pacing, world: { source } } = options;
    this.mgr = new ResourceManager({
      source,
      pacing,
      loaders: gameLoaders(options),
      maxBytes: options.world.maxBytes,
      maxConcurrency: MAX_CONCURRENCY,
      leaks: { onLeak: () => this.tally.leaked++ },
    });
    this.#count();
    this.#watch = this.mgr.watch();
    this.#hud = this.mgr.loadAsync("textures/hud.png", { priority: "high" });
  }

  /** Does what the script has for a frame. */
  step(frame: number): void {
    const isNow = (what: keyof typeof EVERY, offset = 0) => frame % EVERY[what] === offset;
    if (isNow("region")) this.#walk(frame / EVERY.region);
    if (isNow("scene", 120)) this.#scene?.[Symbol.dispose]();
    if (isNow("scene", 121)) this.#change(Math.floor(frame / EVERY.scene));
    if (isNow("edit", 30)) this.#edit(`textures/${this.#placeOf(frame)}-4.png`);
    if (isNow("breakage", 100)) this.#edit("textures/hud.png", true);
    if (isNow("breakage", 200)) this.#edit("textures/hud.png");
    if (isNow("failure", 10)) this.#fail();
  }

  /** Reads the values of all levels, as drawing does. */
  draw(): number {
    let drawn = 0;
    for (const { level } of this.#regions.values()) if (level?.value !== undefined) drawn++;
    return drawn;
  }

  /** Whether everything that the script has started is done. */
  get isQuiet(): boolean {
    return this.queued + this.mgr.pending().length + this.#edited.size === 0;
  }

  /** How many pieces of work wait for a pump. */
  get queued(): number {
    const { loads, unloads } = this.mgr.cacheStats().queued ?? { loads: 0, unloads: 0 };
    return loads + unloads;
  }

  /** Releases everything. Unloads may still wait for a pump. */
  end(): void {
    this.#watch[Symbol.dispose]();
    this.#edited.clear();
    for (const { task } of this.#regions.values()) task[Symbol.dispose]();
    this.#regions.clear();
    this.#hud[Symbol.dispose]();
    this.#scene?.[Symbol.dispose]();
    this.mgr.unloadUnused();
  }

  #count(): void {
    const { mgr, tally } = this;
    mgr.on("load", () => tally.loaded++);
    mgr.on("unload", () => tally.unloaded++);
    mgr.on("overbudget", () => tally.overbudget++);
    mgr.on("reload", ({ key }) => {
      tally.reloaded++;
      this.#edited.delete(key);
    });
    mgr.on("error", ({ key }) => {
      tally.failed++;
      this.#edited.delete(key!);
    });
  }

  /**
   * The player walks to the next region. Loads the regions in sight, and releases the one behind.
   */
  #walk(step: number): void {
    for (let place = step - SIGHT; place <= step + SIGHT; place++) this.#see(place, place === step);
    const behind = this.#regions.get(step - SIGHT - 1);
    behind?.task[Symbol.dispose]();
    this.#regions.delete(step - SIGHT - 1);
  }

  #see(place: number, isHere: boolean): void {
    if (this.#regions.has(place)) return;
    const number = regionAt(place);
    if (number === BAD_REGION) this.tally.planned++;
    const task = this.mgr.loadAsync(`levels/${number}.level`, {
      priority: isHere ? "high" : "normal",
    });
    const region: Region = { task };
    this.#regions.set(place, region);
    task.then((level) => region.level = level, (error) => this.#failed(error));
  }

  /** Loads thousands of resources at once, a frame after thousands were released. */
  #change(index: number): void {
    const scene = this.#scene = this.mgr.scope(`scene ${index}`);
    scene.loadAll(this.#world.scene(index)).catch((error) => this.#failed(error));
  }

  /** An artist saves a file. */
  #edit(key: string, isBroken = false): void {
    this.tally.edits++;
    if (isBroken) this.tally.planned++;
    if (this.mgr.has(key)) this.#edited.add(key);
    this.#world.edit(key, isBroken);
  }

  #fail(): void {
    for (const name of ["textures/missing.png", "textures/broken.png"]) {
      this.tally.planned++;
      this.mgr.loadAsync(name).catch((error) => this.#failed(error));
    }
  }

  #failed(error: unknown): void {
    if (!isWithdrawn(error)) this.tally.failed++;
  }

  #placeOf(frame: number): number {
    return regionAt(Math.floor(frame / EVERY.region));
  }
}

/** The player walks in a circle. */
function regionAt(place: number): number {
  return (place % REGIONS + REGIONS) % REGIONS;
}
