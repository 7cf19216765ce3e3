/**
 * Makes the files in `examples/assets`, with the same bytes each time:
 *
 * ```sh
 * deno run --allow-read --allow-write=examples/assets examples/make_assets.ts
 * ```
 *
 * @module
 */
import type { ActorMap, LevelMap } from "./tour/level.ts";
import { paintSprites } from "./tour/paintings.ts";
import { Random } from "./tour/random.ts";
import { encodeSound, Sound } from "./tour/sound.ts";

const TEXTS: Record<string, string> = {
  "title/story.txt": `The last ember of the valley has been stolen.
Whoever brings it home will have a warm winter.
`,
  "forest/intro.txt": `Owl: Follow the coins, and leave the relic where it is.
Hero: What relic?
`,
  "caves/intro.txt": `Hero: It is dark in here.
Golem: It was quiet, too.
`,
  "lair/intro.txt": `Dragon: Who wakes me? There is hardly room for one in here.
Hero: Then something else will have to go.
`,
  "lair/outro.txt": `The ember is home. Frost leaves the windows, one after the other.
`,
};

const FOREST: ActorMap[] = [
  { sprite: "./tree.png", at: [40, 8] },
  { sprite: "./tree.png", at: [330, 8] },
  { sprite: "./bush.png", at: [150, 86] },
  { sprite: "./mushroom.png", at: [420, 70] },
  { sprite: "./owl.png", at: [350, 12], sway: [0, 6] },
  { sprite: "../common/coin.png", at: [120, 80], touch: "coin" },
  { sprite: "../common/coin.png", at: [290, 80], touch: "coin" },
  { sprite: "./slime.png", at: [230, 84], sway: [40, 0], touch: "hit" },
];

const CAVES: ActorMap[] = [
  { sprite: "./stalactite.png", at: [90, 0] },
  { sprite: "./stalactite.png", at: [300, -30] },
  { sprite: "./crystal.png", at: [190, 40] },
  { sprite: "./golem.png", at: [440, 38], sway: [8, 0], touch: "hit" },
  { sprite: "./bat.png", at: [140, 20], sway: [120, 24] },
  { sprite: "./spider.png", at: [310, 66], sway: [0, -40], touch: "hit" },
  { sprite: "../common/coin.png", at: [210, 80], touch: "coin" },
  { sprite: "../common/heart.png", at: [400, 80], touch: "coin" },
];

const LAIR: ActorMap[] = [
  { sprite: "./pillar.png", at: [20, -110] },
  { sprite: "./pillar.png", at: [240, -110] },
  { sprite: "./throne.png", at: [110, -40] },
  { sprite: "./wings.png", at: [330, -48], sway: [0, 16] },
  { sprite: "./dragon.png", at: [330, -24], sway: [0, 4], touch: "hit" },
  { sprite: "./smoke.png", at: [290, -50], sway: [20, -20] },
  { sprite: "./hoard.png", at: [470, 20] },
  { sprite: "./fireball.png", at: [300, 20], sway: [-240, 30], touch: "hit" },
  { sprite: "../common/heart.png", at: [180, 80], touch: "coin" },
];

const MAPS: Record<string, { title: string; actors: ActorMap[] }> = {
  forest: { title: "The Whispering Forest", actors: FOREST },
  caves: { title: "The Caves Below", actors: CAVES },
  lair: { title: "The Dragon's Lair", actors: LAIR },
};

/** The places of the blocks in `tiles.png`, in the format of sprite sheets for PixiJS. */
const SHEET = {
  frames: Object.fromEntries(Array.from({ length: 8 }, (_, block) => {
    const frame = { x: block % 4 * 32, y: (block >> 2) * 32, w: 32, h: 32 };
    return [`block-${block}`, { frame }];
  })),
  meta: { image: "tiles.png", scale: 1 },
};

/**
 * The melodies, with a letter for each note. Capitals are an octave higher, and a dot is a rest.
 */
const MELODIES: Record<string, string> = {
  "title/theme.wav": "a.e.a.C.b.g.e.a.",
  "forest/theme.wav": "cegCegCedfaCb.g.",
  "caves/theme.wav": "a...e...f...e.d.",
  "lair/theme.wav": "aaCaaDaaEaaDCbag",
  "common/coin.wav": "bE",
};

/** The frequencies of the notes, in hertz. */
const NOTES: Record<string, number> = {
  c: 262,
  d: 294,
  e: 330,
  f: 349,
  g: 392,
  a: 440,
  b: 494,
  C: 523,
  D: 587,
  E: 659,
};
const RATE = 8000;
const SAMPLES_PER_NOTE = 800;

/** Yields every file of the game, with its path below `examples/assets`. */
export function* makeAssets(): Generator<[path: string, bytes: Uint8Array]> {
  yield* paintSprites();
  for (const [path, notes] of Object.entries(MELODIES)) yield [path, encodeSound(play(notes))];
  yield ["common/hit.wav", encodeSound(rumble("hit", 1200, 2))];
  yield ["lair/roar.wav", encodeSound(rumble("roar", 6400, 24))];
  const encoder = new TextEncoder();
  for (const [path, text] of Object.entries(TEXTS)) yield [path, encoder.encode(text)];
  for (const [name, { title, actors }] of Object.entries(MAPS)) {
    const map: LevelMap = {
      title,
      backdrop: "./backdrop.png",
      tiles: "./tiles.png",
      music: "./theme.wav",
      ground: makeGround(name),
      actors,
    };
    const json = JSON.stringify(map, undefined, 2);
    yield [`${name}/${name}.level.json`, encoder.encode(`${json}\n`)];
    yield [`${name}/tiles.sheet.json`, encoder.encode(`${JSON.stringify(SHEET)}\n`)];
  }
}

/** The ground of a level: air, a row of blocks with grass, and a row of blocks without. */
function makeGround(seed: string): string[] {
  const random = new Random(seed);
  const row = (block: () => string | number) => Array.from({ length: 24 }, block).join("");
  const air = Array.from({ length: 4 }, () => row(() => "."));
  return [...air, row(() => random.below(4)), row(() => 4 + random.below(4))];
}

/** Plays notes as square waves that fade out. */
function play(notes: string): Sound {
  const samples = new Int16Array(notes.length * SAMPLES_PER_NOTE);
  [...notes].forEach((note, index) => {
    const hertz = NOTES[note];
    if (hertz === undefined) return;
    for (let sample = 0; sample < SAMPLES_PER_NOTE; sample++) {
      const up = Math.trunc(sample * hertz * 2 / RATE) % 2 === 0;
      const volume = 6 * (SAMPLES_PER_NOTE - sample);
      samples[index * SAMPLES_PER_NOTE + sample] = up ? volume : -volume;
    }
  });
  return new Sound(RATE, samples);
}

/** Noise that fades out. The longer each value is held, the deeper it sounds. */
function rumble(seed: string, length: number, held: number): Sound {
  const random = new Random(seed);
  const samples = new Int16Array(length);
  for (let start = 0; start < length; start += held) {
    const volume = Math.trunc(12_000 * (length - start) / length);
    samples.fill(random.below(2 * volume + 1) - volume, start, start + held);
  }
  return new Sound(RATE, samples);
}

function writeAssets(root: URL): void {
  let [files, size] = [0, 0];
  for (const [path, bytes] of makeAssets()) {
    const url = new URL(path, root);
    Deno.mkdirSync(new URL(".", url), { recursive: true });
    Deno.writeFileSync(url, bytes);
    files++;
    size += bytes.length;
  }
  console.log(`Wrote ${files} files, ${size} bytes`);
}

if (import.meta.main) writeAssets(new URL("./assets/", import.meta.url));
