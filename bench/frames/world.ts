import { FileSource, LayeredSource, MemorySource } from "../../mod.ts";
import { picture } from "../_picture.ts";

/** How many regions the player goes around in. */
export const REGIONS = 16;
/** The level of this one names a file that is not there. */
export const BAD_REGION = 5;
/** How many scenes of props there are. */
const SCENES = 3;
/** The sides of the pictures of each region; every other one has a large one too. */
const SIDES = [512, 512, 512, 512, 1024, 1024];
const LARGE = 2048;
const SOUNDS = 4;
/** Less than the regions in sight need. */
const MAX_BYTES = 24_000_000;
/** Samples of 16 bits. */
const SAMPLES = 100_000;

/** How much of a world is made. */
export interface WorldSize {
  /** The side of a picture, in parts of what it would be. */
  readonly scale: number;
  /** How many resources a scene has. */
  readonly props: number;
}

/** The files of a game: real ones, and thousands of small ones in memory. Disposing it deletes them. */
export class World implements Disposable {
  readonly root: string = Deno.makeTempDirSync();
  readonly source: LayeredSource;
  readonly #size: WorldSize;
  /** Outside of what is watched: pictures by side, each in two versions, and files that are written. */
  readonly #desk = Deno.makeTempDirSync();
  #edits = 0;

  constructor(size: WorldSize) {
    this.#size = size;
    for (const directory of ["levels", "textures", "sounds"]) {
      Deno.mkdirSync(`${this.root}/${directory}`);
    }
    for (const side of [512, 1024, LARGE]) {
      for (const version of [0, 1]) {
        const path = `${this.#desk}/${side}-${version}`;
        Deno.writeFileSync(path, picture(side + version, Math.round(side * size.scale)));
      }
    }
    Deno.writeFileSync(`${this.#desk}/broken`, picture(0, 64).subarray(0, 500));
    for (let region = 0; region < REGIONS; region++) this.#makeRegion(region);
    this.#link("textures/hud.png", "1024-0");
    this.#link("textures/broken.png", "broken");
    this.source = new LayeredSource([new MemorySource(this.#props()), new FileSource(this.root)]);
  }

  /** A budget that is too small, in bytes. */
  get maxBytes(): number {
    return MAX_BYTES * this.#size.scale ** 2;
  }

  /** The names of a scene of small resources. */
  scene(index: number): string[] {
    const { props } = this.#size;
    return Array.from({ length: props }, (_, i) => `props/${index % SCENES}/${i}.prop`);
  }

  /** Replaces a file by another version of it, or by a broken one, as editors do: at once. */
  async edit(key: string, isBroken = false): Promise<void> {
    const spare = `${this.#desk}/edit-${++this.#edits}`;
    const version = isBroken
      ? "broken"
      : key.endsWith(".png")
      ? `1024-${this.#edits % 2}`
      : "sound";
    await Deno.copyFile(`${this.#desk}/${version}`, spare);
    await Deno.rename(spare, `${this.root}/${key}`);
  }

  /** Whatever it is, it has no bytes of its own: regions share the same few files. */
  #link(key: string, original: string): void {
    Deno.linkSync(`${this.#desk}/${original}`, `${this.root}/${key}`);
  }

  #makeRegion(region: number): void {
    const sides = region % 2 === 0 ? SIDES : [...SIDES, LARGE];
    const textures = sides.map((side, i) => {
      this.#link(`textures/${region}-${i}.png`, `${side}-${i % 2}`);
      return `textures/${region}-${i}.png`;
    });
    if (region === 0) Deno.writeFileSync(`${this.#desk}/sound`, sound());
    const sounds = Array.from({ length: SOUNDS }, (_, i) => `sounds/${region}-${i}.pcm`);
    for (const key of sounds) this.#link(key, "sound");
    // Neighbours share a picture.
    const shared = `textures/${(region + 1) % REGIONS}-0.png`;
    const missing = region === BAD_REGION ? ["sounds/missing.pcm"] : [];
    const parts = [...textures, shared, ...sounds, ...missing];
    Deno.writeTextFileSync(`${this.root}/levels/${region}.level`, parts.join("\n"));
  }

  *#props(): Generator<[string, string]> {
    for (let index = 0; index < SCENES; index++) {
      for (const key of this.scene(index)) {
        yield [key, JSON.stringify({ key, at: [index, 1, 2], tags: ["solid", "small"] })];
      }
    }
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
    Deno.removeSync(this.#desk, { recursive: true });
  }
}

function sound(): Uint8Array {
  const samples = new Int16Array(SAMPLES);
  for (let i = 0; i < SAMPLES; i++) samples[i] = Math.round(Math.sin(i / 20) * 20_000);
  return new Uint8Array(samples.buffer);
}
