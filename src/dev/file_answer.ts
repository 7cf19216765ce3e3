import { contentTypeOf } from "./content_types.ts";

/** A file as it was read. */
export interface ServedFile {
  readonly key: string;
  /** The entity tag, which differs for each state of the file. */
  readonly version: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The bytes from `start` to before `end`. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * Answers a `GET` or a `HEAD`: with the file, a part of it, or 304 if the browser has this version.
 */
export function answerWith(file: ServedFile, { method, headers }: Request): Response {
  const { key, version, bytes } = file;
  const common = {
    "accept-ranges": "bytes",
    // Browsers keep the file but ask each time. With `no-transform` Deno does not compress it, so
    // that `content-length` is right.
    "cache-control": "no-cache, no-transform",
    "content-type": contentTypeOf(key),
    "etag": version,
  };
  if (matches(headers.get("if-none-match"), version)) {
    return new Response(null, { status: 304, headers: common });
  }
  const { length } = bytes;
  const part = partOf(headers, version, length);
  if (part === null) {
    const range = { "content-range": `bytes */${length}` };
    return new Response(null, { status: 416, headers: { ...common, ...range } });
  }
  const { start, end } = part ?? { start: 0, end: length };
  const range = part && { "content-range": `bytes ${start}-${end - 1}/${length}` };
  return new Response(method === "HEAD" ? null : bytes.subarray(start, end), {
    status: part ? 206 : 200,
    headers: { ...common, ...range, "content-length": `${end - start}` },
  });
}

/** Whether an `If-None-Match` header names the version. */
function matches(given: string | null, version: string): boolean {
  return given?.split(",").some((each) =>
    ["*", version].includes(each.trim().replace(/^W\//, ""))
  ) ??
    false;
}

/**
 * The requested part; `null` if it is outside the file. `undefined` for the whole file, which also
 * answers a range that is invalid, and a request for several parts.
 */
function partOf(headers: Headers, version: string, length: number): Part | undefined | null {
  const [whole, first, last] = /^bytes=(\d*)-(\d*)$/.exec(headers.get("range") ?? "") ?? [];
  if (whole === undefined || !(first || last)) return undefined; // not one part
  if ((headers.get("if-range") ?? version) !== version) return undefined;
  const start = first ? Number(first) : Math.max(0, length - Number(last));
  const end = first && last ? Math.min(Number(last) + 1, length) : length;
  if (first && last && Number(last) < Number(first)) return undefined; // invalid
  return start < end ? { start, end } : null;
}
