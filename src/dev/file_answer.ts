import { contentTypeOf } from "./content_types.ts";

/** What is known of a file. */
export interface ServedFile {
  readonly key: string;
  /** Another for each state of the file. */
  readonly version: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The bytes from `start` on, as far as `end`, which is not among them. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/** Answers a `GET` or a `HEAD` for a file: with the file, a part of it, or that it is known already. */
export function answerWith(file: ServedFile, { method, headers }: Request): Response {
  const { key, version, bytes } = file;
  const common = {
    "accept-ranges": "bytes",
    // It may be kept, if the server is asked each time. Deno compresses nothing then: lengths are true.
    "cache-control": "no-cache, no-transform",
    "content-type": contentTypeOf(key),
    "etag": version,
  };
  if (knows(headers.get("if-none-match"), version)) {
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

/** Whether an `If-None-Match` has the version. */
function knows(given: string | null, version: string): boolean {
  return given?.split(",").some((each) =>
    ["*", version].includes(each.trim().replace(/^W\//, ""))
  ) ??
    false;
}

/** The part that is asked for: `undefined` for all of it, `null` if there is no such part. */
function partOf(headers: Headers, version: string, length: number): Part | undefined | null {
  const [whole, first, last] = /^bytes=(\d*)-(\d*)$/.exec(headers.get("range") ?? "") ?? [];
  if (whole === undefined || !(first || last)) return undefined; // several parts are not given
  if ((headers.get("if-range") ?? version) !== version) return undefined;
  const start = first ? Number(first) : Math.max(0, length - Number(last));
  const end = first && last ? Math.min(Number(last) + 1, length) : length;
  if (first && last && Number(last) < Number(first)) return undefined; // no range at all
  return start < end ? { start, end } : null;
}
