import { onAbort } from "../contract/on_abort.ts";
import type { ReadOptions } from "../contract/source.ts";
import { HttpFailure, shown } from "./http_failure.ts";

interface BodyOptions {
  url: URL;
  signal: AbortSignal;
  maxBytes: number;
  /** How many bytes the body must have, if that is known. A longer body is not read to its end. */
  expected: number | undefined;
  onProgress: ReadOptions["onProgress"];
  /** Called whenever bytes arrive. */
  onReceived(): void;
}

/** Reads the body of a response to its end, or cancels it. */
export async function readBody(
  response: Response,
  { url, signal, maxBytes, expected, onProgress, onReceived }: BodyOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const total = expected ?? lengthOf(response);
  if (total !== undefined && total > maxBytes) {
    discard(response);
    throw new HttpFailure(`"${shown(url)}" has ${total} bytes, more than maxBytes, ${maxBytes}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(response, url, signal)) {
    if (chunk.length > 0) onReceived();
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new HttpFailure(`"${shown(url)}" has more bytes than maxBytes, ${maxBytes}`);
    }
    chunks.push(chunk);
    if (bytes > (expected ?? Infinity)) break;
    // With more bytes than `total`, that was the compressed length: browsers may hide the encoding.
    onProgress?.(bytes, Number.isSafeInteger(total) && bytes <= total! ? total : undefined);
  }
  return concat(chunks, bytes);
}

/** Yields the chunks of a body. Cancels the body if the caller stops early or `signal` aborts. */
async function* chunksOf(
  { body }: Response,
  url: URL,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  const cancel = () => void reader.cancel(signal.reason).catch(ignore);
  const stopListening = onAbort(signal, cancel);
  try {
    for (;;) {
      const { done, value } = await nextOf(reader, url);
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    stopListening();
    cancel();
  }
}

async function nextOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  url: URL,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch (cause) {
    const problem = `the response for "${shown(url)}" broke off, see the cause`;
    throw new HttpFailure(problem, { transient: true, cause });
  }
}

/** Copies the chunks into one new buffer: a single chunk may be a view of a larger buffer. */
function concat(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    result.set(chunk, offset);
    offset += chunk.length;
  }
  return result;
}

/** The `Content-Length` in bytes, unless the body is compressed. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get("content-length");
  if (headers.has("content-encoding") || length === null) return undefined;
  return /^\d+$/.test(length) ? Number(length) : undefined;
}

/** Cancels the body of a response that is not needed. */
export function discard({ body }: Response): void {
  body?.cancel().catch(ignore);
}

/** Ignores that a body cannot be cancelled because it has already failed. */
function ignore(): void {}
