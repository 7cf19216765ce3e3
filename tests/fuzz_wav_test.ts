/** Sounds that were made to exhaust memory, and damaged sounds. */
import { assert, assertEquals } from "@std/assert";
import { decodeWav, type Sound } from "../src/sound.ts";
import { damage, hexOf } from "./_hostile_images.ts";
import { randomNumbers, RUNS } from "./_hostile_names.ts";
import { WAV_FILES } from "./sound/_fixtures.ts";
import { makeWav } from "./sound/_make_wav.ts";

const good = WAV_FILES.map(({ base64 }) =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
);

/** A decoded sound, if it takes no more memory than it may; `undefined` if it is refused as documented. */
function soundOf(bytes: Uint8Array): Sound | undefined {
  try {
    const sound = decodeWav(bytes);
    const taken = sound.channels.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    assert(taken <= 4 * bytes.length && taken === sound.byteLength, hexOf(bytes));
    assert(sound.channels.length <= 1_024 && sound.duration < Infinity, hexOf(bytes));
    return sound;
  } catch (error) {
    const isKnown = error instanceof SyntaxError && error.message.startsWith("it is ") ||
      error instanceof TypeError && /^it is |^its \w+ (samples|are) /.test(error.message);
    if (!isKnown) throw error;
    return undefined;
  }
}

Deno.test("decodeWav() refuses a good file wherever it is cut off", () => {
  for (const bytes of good) {
    assert(soundOf(bytes) !== undefined);
    for (let length = 0; length < bytes.length; length++) {
      assertEquals(soundOf(bytes.subarray(0, length)), undefined, `${length} of ${hexOf(bytes)}`);
    }
  }
});

Deno.test("decodeWav() decodes or refuses, however a good file was damaged", () => {
  const random = randomNumbers();
  let refused = 0;
  for (let run = 0; run < RUNS; run++) {
    if (soundOf(damage(good[random(good.length)]!, random)) === undefined) refused++;
  }
  assert(refused > RUNS / 4 && refused < RUNS * 0.9, `${refused} of ${RUNS}`);
});

Deno.test("decodeWav() decodes or refuses any bytes", () => {
  const random = randomNumbers();
  const start = makeWav({}).subarray(0, 12);
  const names = ["fmt ", "data", "LIST"].map((name) => new TextEncoder().encode(name));
  for (let run = 0; run < RUNS; run++) {
    const rest = Array.from({ length: random(12) }, () => {
      const kind = random(4);
      if (kind < 3) return [...names[kind]!, random(60), 0, 0, random(8) === 0 ? 255 : 0];
      return Array.from({ length: random(60) }, () => random(4) ? random(4) : random(256));
    });
    soundOf(Uint8Array.from([...start, ...rest.flat()]));
  }
});

Deno.test("decodeWav() accepts a header exactly if it is consistent", () => {
  const random = randomNumbers();
  const any = <T>(...values: T[]): T => values[random(values.length)]!;
  let taken = 0;
  for (let run = 0; run < RUNS; run++) {
    const channels = any(0, 1, 1, 2, 4, 8, 1_024, 1_025, 65_535);
    const bits = any(0, 8, 16, 16, 24, 32, 64, 65_535);
    const tag = any(1, 1, 3);
    const size = any(undefined, undefined, 0, 16, 0x7fff_efff, 0x7fff_f000, 0xffff_ffff);
    const isUnknown = size === 0x7fff_f000 || size === 0xffff_ffff;
    const sampleRate = any(0, 1, 44_100, 0xffff_ffff);
    const samples = Array.from({ length: 24 }, () => random(65_536) - 32_768);
    const frame = channels * bits / 8;
    const isKnown = (tag === 1 ? [8, 16, 24, 32] : [32, 64]).includes(bits);
    const isTrue = isKnown && channels > 0 && channels <= 1_024 && sampleRate > 0 &&
      (isUnknown || (size ?? 48) <= 48 && (size ?? 48) % frame === 0);
    const sound = soundOf(makeWav({ channels, bits, tag, size, sampleRate, samples }));
    assertEquals(sound !== undefined, isTrue, `${channels} ${bits} ${tag} ${size} ${sampleRate}`);
    if (!sound) continue;
    const bytes = size === undefined || isUnknown ? 48 : size;
    assertEquals(sound.length, Math.floor(bytes / frame));
    taken++;
  }
  assert(taken > RUNS / 50, `${taken} of ${RUNS}`);
});
