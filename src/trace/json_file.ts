import { traceEvents } from "./chrome_trace.ts";
import type { Recording } from "./recorder.ts";
import type { TraceArgs, TraceEvent, TraceFile } from "./trace_file.ts";

/** The most characters in a string of V8. */
const LONGEST = 2 ** 29 - 24;

/** The most events in a part: about a megabyte of JSON. */
const PART = 8192;

const UNIT = "ms";

/**
 * Returns the file of a recording as an object.
 *
 * @throws {RangeError} As JSON it would be longer than `longest` characters.
 */
export function traceFile(recording: Recording, longest = LONGEST): TraceFile {
  const otherData = about(recording);
  const events: TraceEvent[] = [];
  let length = JSON.stringify(otherData).length + 100;
  for (const batch of traceEvents(recording)) {
    length += JSON.stringify(batch).length;
    if (length > longest) throw tooLong(recording, longest);
    for (const event of batch) events.push(event);
  }
  return { traceEvents: events, displayTimeUnit: UNIT, otherData };
}

/** Yields the JSON of the file of a recording, in parts of about a megabyte. */
export function* jsonChunks(recording: Recording): Generator<string> {
  let before = '{"traceEvents":[';
  for (const batch of traceEvents(recording)) {
    for (let from = 0; from < batch.length; from += PART) {
      yield before + JSON.stringify(batch.slice(from, from + PART)).slice(1, -1);
      before = ",";
    }
  }
  yield `],"displayTimeUnit":"${UNIT}","otherData":${JSON.stringify(about(recording))}}`;
}

function about({ since, length, forgotten, maxBytes }: Recording): TraceArgs {
  return {
    application: "Holdfast",
    startTime: new Date(performance.timeOrigin + since).toISOString(),
    events: length,
    forgottenEvents: forgotten,
    ...(maxBytes !== undefined && { maxBytes }),
  };
}

function tooLong({ length }: Recording, longest: number): RangeError {
  return new RangeError(
    `Cannot make one string of a trace of ${length} events: ` +
      `its JSON is longer than ${longest} characters, write it in parts with trace.chunks()`,
  );
}
