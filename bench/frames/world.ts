import { FileSource, LayeredSource, MemorySource } from "../../mod.ts";
import { picture } from "../_picture.ts";

/** How many regions the player walks through, in a circle. */
export const REGIONS = 16;
/** The level of this region names a file that does not exist. */
export const BAD_REGION = 5;
/** How many scenes of props there are. */
const SCENES = 3;
/** The sides of the pictures in each region, in pixels. Every other region also has a large one. */
const SIDES = [512, 512, 512, 512, 1024, 1024];
const LARGE = 2048;
const SOUNDS = 4;
/** Less than the regions in sight need, in bytes. */
const MAX_BYTES = 24_000_000;
/** The length of a sound, in samples of 16 bits. */
const SAMPLES = 100_000;

/** The size of a world. */
export interface WorldSize {
  /** A factor for the sides of pictures. */
  readonly scale: number;
  /** How many resources are in a scene. */
  readonly props: number;
}

/** The files of a game: real ones, and thousands of small ones in memory. Disposing it deletes them. */
export class World implements Disposable {
  readonly root: string = Deno.makeTempDirSync();
  readonly source: LayeredSource;
  readonly #size: WorldSize;
  /**
   * Outside the watched folder: pictures of each size in two versions, and files that are being
   * written.
   */
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

  /** Replaces a file with another version of it or a broken one, at once, as editors do. */
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

  /** Makes a file without bytes of its own: all regions share a few originals. */
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
