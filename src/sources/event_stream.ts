import { HttpFailure } from "./http_failure.ts";

/** How many bytes one event may have. */
const MAX_BYTES = 67_108_864;

/**
 * Calls `onEvent` with the data of each event of a `text/event-stream`, until the stream ends. Rejects
 * when the stream breaks off, and with an {@linkcode HttpFailure} when an event is too long.
 */
export async function readEvents(
  { body }: Response,
  onEvent: (data: string) => void,
): Promise<void> {
  const reader = body!.getReader();
  const decoder = new TextDecoder();
  /** The start of a line whose end has not arrived. Kept apart, so that it is not searched again. */
  let begun = "";
  /** A carriage return at the end of a chunk: the next chunk may begin with its line feed. */
  let held = "";
  let data: string[] = [];
  for (let bytes = 0; bytes <= MAX_BYTES;) {
    const { done, value } = await reader.read();
    if (done) return;
    bytes += value.length;
    const text = held + decoder.decode(value, { stream: true });
    held = text.endsWith("\r") ? "\r" : "";
    const lines = text.slice(0, text.length - held.length).split(/\r\n|\n|\r/);
    const rest = lines.pop()!;
    for (const end of lines) {
      const line = begun + end;
      begun = "";
      if (line.startsWith("data:")) data.push(line.slice(5));
      if (line !== "") continue;
      if (data.length > 0) onEvent(data.join("\n"));
      data = [];
      bytes = rest.length;
    }
    begun += rest;
  }
  await reader.cancel();
  throw new HttpFailure(`an event of the stream has more than ${MAX_BYTES} bytes`);
}
