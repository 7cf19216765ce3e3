import { makeRgba } from "../../tests/webgpu/_png_files.ts";
import { encode, encodeLevel } from "./values.ts";
import type { Random } from "./random.ts";

const SPRITES = 40;
const DRAFTS = 12;
const SOUNDS = 16;
const LEVELS = 16;
const TEXTURES = 16;
/** The most parts that a level has. */
const PARTS = 6;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * The files of the game in their own directory, and the ways in which editors save them. Files in
 * `drafts/` are saved in ways that show half a file, or none, for a while. All other files are
 * always whole, so loading them must not fail.
 */
export class Files implements Disposable {
  readonly root: string = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "soak-" }));
  readonly sprites = keys("sprites", SPRITES, ".sprite");
  readonly drafts = keys("drafts", DRAFTS, ".sprite");
  readonly sounds = keys("sounds", SOUNDS, ".sound");
  readonly levels = keys("levels", LEVELS, ".level");
  readonly textures: readonly string[];
  /** The files of the server. */
  readonly remote = [...keys("net", SPRITES, ".sprite"), ...keys("net", LEVELS, ".level")];
  /** The directory in which whole files are made before they replace others. */
  readonly #desk = `${this.root}.desk`;
  readonly #random: Random;
  readonly #busy = new Set<string>();
  #edits = 0;

  constructor(random: Random, options: { textures: boolean }) {
    this.#random = random;
    this.textures = options.textures ? keys("textures", TEXTURES, ".png") : [];
    Deno.mkdirSync(this.#desk);
    for (const directory of ["sprites", "drafts", "sounds", "levels", "textures", "net"]) {
      Deno.mkdirSync(`${this.root}/${directory}`);
    }
    for (const key of [...this.local, ...this.remote]) {
      Deno.writeFileSync(this.path(key), this.#bytesFor(key));
    }
  }

  /** All files that are read from the disk. */
  get local(): string[] {
    return [this.sprites, this.drafts, this.sounds, this.levels, this.textures].flat();
  }

  /** The local files that load synchronously and never fail. */
  get steady(): string[] {
    return [this.sprites, this.levels, this.textures].flat();
  }

  get edits(): number {
    return this.#edits;
  }

  path(key: string): string {
    return `${this.root}/${key}`;
  }

  isDraft(key: string): boolean {
    return key.startsWith("drafts/");
  }

  /** Saves a file in some way, or moves all drafts. Resolves when all files are whole again. */
  async edit(): Promise<void> {
    if (this.#random.chance(0.05)) return await this.#alone(this.drafts, () => this.#moveDrafts());
    const isDraft = this.#random.chance(0.5);
    const key = this.#random.pick(isDraft ? this.drafts : [...this.steady, ...this.sounds]);
    const way = this.#random.pick(isDraft ? ROUGH : GENTLE);
    await this.#alone([key], () => this.#save(key, way));
  }

  /** Edits `keys`, unless one of them is being edited. */
  async #alone(keys: readonly string[], edit: () => Promise<void>): Promise<void> {
    if (keys.some((each) => this.#busy.has(each))) return;
    for (const each of keys) this.#busy.add(each);
    try {
      this.#edits++;
      await edit();
    } finally {
      for (const each of keys) this.#busy.delete(each);
    }
  }

  /**
   * Moves a whole directory away and brings it back with other files, as when branches are
   * switched.
   */
  async #moveDrafts(): Promise<void> {
    const [path, away] = [this.path("drafts"), `${this.#desk}/drafts-${this.#edits}`];
    Deno.renameSync(path, away);
    await this.#rest();
    const changed = this.drafts[0]!;
    Deno.writeFileSync(away + changed.slice("drafts".length), this.#bytesFor(changed));
    Deno.renameSync(away, path);
  }

  async #save(key: string, way: Way): Promise<void> {
    const path = this.path(key);
    const spare = `${this.#desk}/${this.#edits}`;
    await way({ path, spare, bytes: this.#bytesFor(key), rest: () => this.#rest() });
  }

  async #rest(): Promise<void> {
    await pause(this.#random.below(90));
  }

  #bytesFor(key: string): Uint8Array<ArrayBuffer> {
    const random = this.#random;
    if (key.endsWith(".level")) return encodeLevel(this.#partsFor(key));
    if (!key.endsWith(".png")) return encode(64 + random.below(8_000), random);
    const size = 8 + random.below(24);
    return makeRgba(size, size, new Uint8Array(size * size * 4).fill(random.below(256)));
  }

  /** Chooses the parts of a level: sprites, textures, and levels before it. */
  #partsFor(key: string): string[] {
    const isRemote = key.startsWith("net/");
    const levels = isRemote ? this.remote.slice(SPRITES) : this.levels;
    const before = levels.slice(0, levels.indexOf(key));
    const sprites = isRemote ? [...this.remote.slice(0, SPRITES), ...this.drafts] : this.sprites;
    const choice = [...sprites, ...this.textures, ...before];
    return this.#random.some(choice, 1 + this.#random.below(PARTS));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
    Deno.removeSync(this.#desk, { recursive: true });
  }
}

function keys(directory: string, count: number, extension: string): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${directory}/${i}${extension}`);
}

interface Edit {
  readonly path: string;
  /** A path elsewhere on the same disk. */
  readonly spare: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  rest(): Promise<void>;
}

/** A way to save a file. */
type Way = (edit: Edit) => void | Promise<void>;

/** Replaces the file with another one at once. */
function replace({ path, spare, bytes }: Edit): void {
  Deno.writeFileSync(spare, bytes);
  Deno.renameSync(spare, path);
}

/** Like `replace`, but the other file is in the same directory. */
function replaceFromBeside({ path, bytes }: Edit): void {
  Deno.writeFileSync(`${path}.tmp`, bytes);
  Deno.renameSync(`${path}.tmp`, path);
}

function touch({ path }: Edit): void {
  Deno.utimeSync(path, new Date(), new Date());
}

function overwrite({ path, bytes }: Edit): void {
  Deno.writeFileSync(path, bytes);
}

async function overwriteSlowly({ path, bytes, rest }: Edit): Promise<void> {
  const half = bytes.length >> 1;
  Deno.writeFileSync(path, bytes.subarray(0, half));
  await rest();
  Deno.writeFileSync(path, bytes.subarray(half), { append: true });
}

/** Renames the old file to a backup, and writes a new one. */
async function backUp({ path, bytes, rest }: Edit): Promise<void> {
  Deno.renameSync(path, `${path}~`);
  await rest();
  Deno.writeFileSync(path, bytes);
  Deno.removeSync(`${path}~`);
}

async function removeAndReturn({ path, bytes, rest }: Edit): Promise<void> {
  Deno.removeSync(path);
  await rest();
  Deno.writeFileSync(path, bytes);
}

async function breakAndMend({ path, bytes, rest }: Edit): Promise<void> {
  Deno.writeTextFileSync(path, "no sprite at all");
  await rest();
  Deno.writeFileSync(path, bytes);
}

const GENTLE: readonly Way[] = [replace, replaceFromBeside, touch];
const ROUGH: readonly Way[] = [
  ...[replace, touch, overwrite, overwriteSlowly, backUp, removeAndReturn, breakAndMend],
];
