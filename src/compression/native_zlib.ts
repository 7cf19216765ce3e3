/** The zlib of the runtime, which is several times as fast as `fflate`. */
export interface Zlib {
  inflateSync(bytes: Uint8Array, options: ZlibOptions): Uint8Array<ArrayBuffer>;
  inflateRawSync(bytes: Uint8Array, options: ZlibOptions): Uint8Array<ArrayBuffer>;
  /** Missing in older runtimes. */
  crc32?(bytes: Uint8Array): number;
}

/** What zlib needs to know. */
export interface ZlibOptions {
  /** It throws a `RangeError` when the output has more bytes. */
  readonly maxOutputLength: number;
  /** The size of the buffer into which it inflates at once, in bytes. */
  readonly chunkSize: number;
}

/** Returns the zlib of the runtime. Browsers have none, so it can't be imported. */
export function nativeZlib(): Zlib | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.("node:zlib") as Zlib | undefined;
}
