/** The format of the samples, from the header of a WAV file. */
export interface WavFormat {
  readonly kind: "PCM" | "float";
  readonly bits: number;
  readonly channels: number;
  readonly sampleRate: number;
}

/** The tag of an extensible format: its identifier, later in the `fmt ` chunk, says what the samples are. */
const EXTENSIBLE = 0xfffe;
/** The last 14 bytes of an identifier whose first two bytes are a tag, as a plain format has it. */
const ENDING = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

const KINDS: Readonly<Record<number, WavFormat["kind"]>> = { 1: "PCM", 3: "float" };
/** How many bits a sample of each kind may have. */
const BITS: Readonly<Record<WavFormat["kind"], readonly number[]>> = {
  PCM: [8, 16, 24, 32],
  float: [32, 64],
};
/** Common formats that are not decoded, by their tags. */
const COMPRESSED: Readonly<Record<number, string>> = {
  2: "MS ADPCM",
  6: "A-law",
  7: "µ-law",
  0x11: "IMA ADPCM",
  0x31: "GSM 6.10",
  0x55: "MP3",
};
/** The limit of other decoders too: each channel takes memory, even without samples. */
const MAX_CHANNELS = 1_024;

/**
 * Reads a `fmt ` chunk.
 *
 * @throws {TypeError} The samples are of a format that is not decoded.
 * @throws {SyntaxError} It is cut off, or contradicts itself.
 */
export function formatOf(chunk: DataView): WavFormat {
  if (chunk.byteLength < 16) refuse(`is ${chunk.byteLength} bytes, and needs at least 16`);
  const kind = kindOf(chunk);
  const channels = chunk.getUint16(2, true);
  const sampleRate = chunk.getUint32(4, true);
  const frame = chunk.getUint16(12, true);
  const bits = chunk.getUint16(14, true);
  const known = BITS[kind];
  if (!known.includes(bits)) {
    const wanted = `${known.slice(0, -1).join(", ")} or ${known.at(-1)}`;
    throw new TypeError(`its ${kind} samples have ${bits} bits: save it with ${wanted}`);
  }
  if (channels === 0 || channels > MAX_CHANNELS) {
    refuse(`says ${channels} channels, and 1 to ${MAX_CHANNELS} are allowed`);
  }
  if (sampleRate === 0) refuse("says a sample rate of 0");
  if (frame !== channels * bits / 8) {
    refuse(`says ${frame} bytes for ${channels} samples of ${bits} bits`);
  }
  return { kind, bits, channels, sampleRate };
}

function kindOf(chunk: DataView): WavFormat["kind"] {
  const tag = chunk.getUint16(0, true);
  const isExtensible = tag === EXTENSIBLE;
  if (isExtensible && chunk.byteLength < 40) {
    refuse(`is ${chunk.byteLength} bytes, and an extensible one needs at least 40`);
  }
  const number = isExtensible ? chunk.getUint16(24, true) : tag;
  const isTag = !isExtensible || ENDING.every((byte, i) => chunk.getUint8(26 + i) === byte);
  const kind = isTag ? KINDS[number] : undefined;
  if (kind !== undefined) return kind;
  const name = isTag ? COMPRESSED[number] : undefined;
  throw new TypeError(
    name === undefined
      ? `its samples are of an unknown format (${number}): save it as PCM or float`
      : `its samples are compressed as ${name}: save it as PCM or float`,
  );
}

function refuse(problem: string): never {
  throw new SyntaxError(`it is damaged: its "fmt " chunk ${problem}`);
}
