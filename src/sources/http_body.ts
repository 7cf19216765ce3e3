import { onAbort } from "../contract/on_abort.ts";
import type { ReadOptions } from "../contract/source.ts";
import { HttpFailure, shown } from "./http_failure.ts";

interface BodyOptions {
  url: URL;
  signal: AbortSignal;
  maxBytes: number;
  /** How many bytes it has to have, if that is known. Of one that has more, not all is read. */
  expected: number | undefined;
  onProgress: ReadOptions["onProgress"];
  /** Called whenever bytes have come in. */
  onReceived(): void;
}

/** Reads a response to its end, or cancels it. */
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
    // A length that is passed was that of a compressed body, which other origins may hide.
    onProgress?.(bytes, Number.isSafeInteger(total) && bytes <= total! ? total : undefined);
  }
  return concat(chunks, bytes);
}

/** The parts of a body as they come in. Cancels the body if it is left early, or aborted. */
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

/** In a buffer of its own: what the runtime gives may be a part of a larger one. */
function concat(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    result.set(chunk, offset);
    offset += chunk.length;
  }
  return result;
}

/** How many bytes the body has, if that is told. The length of a compressed body says nothing. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get("content-length");
  if (headers.has("content-encoding") || length === null) return undefined;
  return /^\d+$/.test(length) ? Number(length) : undefined;
}

/** Lets the body of a response go that is not wanted. */
export function discard({ body }: Response): void {
  body?.cancel().catch(ignore);
}

/** For the cancelling of what has failed already. */
function ignore(): void {}
