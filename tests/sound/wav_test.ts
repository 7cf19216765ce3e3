import { assert, assertEquals, assertThrows } from "@std/assert";
import { MemorySource, ResourceLoadError, ResourceManager } from "../../mod.ts";
import { decodeWav, Sound, wavLoader } from "../../src/sound.ts";
import { OTHER_FILES, WAV_FILES } from "./_fixtures.ts";
import { type Header, makeWav } from "./_make_wav.ts";

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

Deno.test("decodeWav() reads the same samples as libsndfile", () => {
  for (const { name, sampleRate, channels, base64 } of WAV_FILES) {
    const sound = decodeWav(bytesOf(base64));
    assertEquals([sound.sampleRate, sound.channels.map((each) => [...each])], [
      sampleRate,
      channels,
    ], name);
    assertEquals([sound.length, sound.duration], [4, 4 / sampleRate], name);
    assertEquals(sound.byteLength, 16 * channels.length, name);
  }
});

Deno.test("decodeWav() names the kind of a file that it does not decode", () => {
  const compressed = (name: string) =>
    `its samples are compressed as ${name}: save it as PCM or float`;
  const kind = (name: string) =>
    `it is ${name}: save it as a plain WAV file, or register a loader that decodes it`;
  const large = kind("a WAV file for more than 4 GB");
  const problems: Record<string, string> = {
    "WAV ULAW": compressed("µ-law"),
    "WAV ALAW": compressed("A-law"),
    "WAV IMA_ADPCM": compressed("IMA ADPCM"),
    "WAV MS_ADPCM": compressed("MS ADPCM"),
    "WAV GSM610": compressed("GSM 6.10"),
    "WAV G721_32": "its samples are of an unknown format (64): save it as PCM or float",
    RF64: large,
    W64: large,
    RIFX: kind("a big-endian WAV file"),
    AIFF: kind("an AIFF file"),
    FLAC: kind("a FLAC file"),
    OGG: kind("an Ogg file"),
    MP3: kind("an MP3 file"),
  };
  assertEquals(Object.keys(problems), Object.keys(OTHER_FILES));
  for (const [name, base64] of Object.entries(OTHER_FILES)) {
    const { message } = assertThrows(() => decodeWav(bytesOf(base64)), TypeError);
    assertEquals(message, problems[name], name);
  }
  const text = new TextEncoder().encode("a file of text");
  assertThrows(() => decodeWav(text), TypeError, "it is not a WAV file");
});

Deno.test("decodeWav() says what is wrong with a header", () => {
  const cases: [header: Header, error: typeof Error, problem: string][] = [
    [
      { bits: 20, frame: 3 },
      TypeError,
      "its PCM samples have 20 bits: save it with 8, 16, 24 or 32",
    ],
    [{ tag: 3, bits: 16 }, TypeError, "its float samples have 16 bits: save it with 32 or 64"],
    [
      { tag: 0x50 },
      TypeError,
      "its samples are of an unknown format (80): save it as PCM or float",
    ],
    [
      { tag: 0xfffe, subformat: [1, 0, 9] },
      TypeError,
      "its samples are of an unknown format (1): save it as PCM or float",
    ],
    [
      { tag: 0xfffe },
      SyntaxError,
      'it is damaged: its "fmt " chunk is 16 bytes, and an extensible one needs at least 40',
    ],
    [
      { fmtSize: 14 },
      SyntaxError,
      'it is damaged: its "fmt " chunk is 14 bytes, and needs at least 16',
    ],
    [
      { channels: 0 },
      SyntaxError,
      'it is damaged: its "fmt " chunk says 0 channels, and 1 to 1024 are allowed',
    ],
    [
      { channels: 1025 },
      SyntaxError,
      'it is damaged: its "fmt " chunk says 1025 channels, and 1 to 1024 are allowed',
    ],
    [{ sampleRate: 0 }, SyntaxError, 'it is damaged: its "fmt " chunk says a sample rate of 0'],
    [
      { frame: 3 },
      SyntaxError,
      'it is damaged: its "fmt " chunk says 3 bytes for 1 samples of 16 bits',
    ],
    [{ size: 10 }, SyntaxError, "it is cut off: it has 8 of 10 bytes of samples"],
    [{ size: 7 }, SyntaxError, "it is damaged: 7 bytes of samples are not a multiple of 2"],
    [{ fmt: "fmt_" }, SyntaxError, 'it is damaged: it has no "fmt " chunk'],
    [{ data: "date" }, SyntaxError, 'it is cut off or damaged: it has no "data" chunk'],
  ];
  for (const [header, kind, problem] of cases) {
    const { message } = assertThrows(() => decodeWav(makeWav(header)), kind);
    assertEquals(message, problem);
  }
  assertThrows(() => decodeWav(new Uint8Array()), SyntaxError, "it is cut off: it has 0 bytes");
});

Deno.test("decodeWav() skips other chunks and their padding, and reads bytes in the middle of a buffer", () => {
  const wav = makeWav({ before: [["LIST", 3], ["junk", 0]], after: [["cue ", 5]] });
  const file = new Uint8Array([1, 2, 3, ...wav]).subarray(3);
  assertEquals([...decodeWav(file).channels[0]!], [0.25, -0.25, 0.5, 1 / 32_768]);
});

Deno.test("decodeWav() reads to the end of a file whose header does not know its size", () => {
  const sound = decodeWav(makeWav({ size: 0xffff_ffff }).subarray(0, -1)); // half a sample is missing
  assertEquals([...sound.channels[0]!], [0.25, -0.25, 0.5]);
  const all = [0.25, -0.25, 0.5, 1 / 32_768];
  for (const size of [0x7fff_f000, 0x7fff_ff00, 0xffff_fffe]) { // SoX, and others
    assertEquals([...decodeWav(makeWav({ size })).channels[0]!], all);
  }
  const before = [["junk", 0]] as const;
  for (const whole of [0, 44]) { // a recorder that was never stopped
    const recorded = makeWav({ size: 0, whole, before }).subarray(0, -1);
    assertEquals([...decodeWav(recorded).channels[0]!], all.slice(0, -1));
  }
});

Deno.test("decodeWav() accepts a file without samples", () => {
  assertEquals(decodeWav(makeWav({ samples: [], after: [["LIST", 26]] })).length, 0);
  assertEquals(decodeWav(makeWav({ samples: [], whole: 0 })).length, 0);
  const { length, duration, byteLength, channels } = decodeWav(
    makeWav({ samples: [], channels: 2 }),
  );
  assertEquals([length, duration, byteLength, channels.length], [0, 0, 0, 2]);
});

Deno.test("decodeWav() allocates no memory for samples that only the header claims", () => {
  for (const size of [0x7fff_fffe, 0xffff_fffe, 0xffff_ffff]) {
    const wav = makeWav({ size, channels: 1024, samples: [] });
    const sound = attemptSound(wav);
    assert(sound === undefined || sound.byteLength <= 4 * wav.length);
    assert(sound === undefined || sound.channels.every(({ buffer }) => buffer.byteLength === 0));
  }
});

function attemptSound(bytes: Uint8Array): Sound | undefined {
  try {
    return decodeWav(bytes);
  } catch (error) {
    assert(error instanceof SyntaxError, String(error));
    return undefined;
  }
}

Deno.test("wavLoader loads a Sound, counts its bytes, and names the key of a broken file", () => {
  const files = { "hit.wav": makeWav({}), "cut.WAV": makeWav({ size: 100 }) };
  using mgr = new ResourceManager({ source: new MemorySource(files), loaders: [wavLoader] });
  {
    using hit = mgr.load("hit.wav");
    const sound: Sound = hit.value;
    assertEquals([mgr.bytes, sound.length], [16, 4]);
  }
  const error = assertThrows(() => mgr.load("cut.WAV", Sound), ResourceLoadError);
  assertEquals(
    error.message,
    'Cannot load "cut.WAV": it is cut off: it has 8 of 100 bytes of samples',
  );
  assertEquals(mgr.size, 0);
});

Deno.test("Sound.interleaved() copies the samples, alternating between the channels", () => {
  const sound = new Sound(10, [
    Float32Array.of(1, 2),
    Float32Array.of(3, 4),
    Float32Array.of(5, 6),
  ]);
  assertEquals(sound.interleaved(), Float32Array.of(1, 3, 5, 2, 4, 6));
  const none = new Sound(10, []);
  assertEquals([none.length, none.interleaved().length], [0, 0]);
});
