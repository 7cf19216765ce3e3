import { nativeZlib } from "./native_zlib.ts";

/** The polynomial of the checksum, with its bits reversed. */
const POLYNOMIAL = 0xedb88320;

/** The checksum's change for each value of a byte. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

/** The CRC-32 of `bytes`. O(bytes). */
export function crc32(bytes: Uint8Array): number {
  return nativeZlib()?.crc32?.(bytes) ?? crc32ByTable(bytes);
}

function crc32ByTable(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crc >>> 8 ^ TABLE[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}
