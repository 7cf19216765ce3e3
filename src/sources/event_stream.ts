import { HttpFailure } from "./http_failure.ts";

/** The characters that one event may have. */
const MAX_LENGTH = 67_108_864;

/**
 * Calls `onEvent` with the data of each event of a `text/event-stream`, until that ends. Rejects when
 * the stream breaks off, and with an {@linkcode HttpFailure} if an event does not end.
 */
export async function readEvents(
  { body }: Response,
  onEvent: (data: string) => void,
): Promise<void> {
  const reader = body!.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  for (let length = 0; length <= MAX_LENGTH;) {
    const { done, value } = await reader.read();
    if (done) return;
    length += value.length;
    // At the end, a line feed may follow to a carriage return.
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(5));
      if (line !== "") continue;
      if (data.length > 0) onEvent(data.join("\n"));
      data = [];
      length = rest.length;
    }
  }
  await reader.cancel();
  throw new HttpFailure(`an event of the stream has more than ${MAX_LENGTH} characters`);
}
