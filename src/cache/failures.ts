/** What unloading or reloading the resource `key` threw. */
export interface Failure {
  error: unknown;
  key: string;
}

/** Throws one error as it is, and several as an `AggregateError`. */
export function throwAll(failures: Failure[], action = "unload"): void {
  if (failures.length === 1) throw failures[0]!.error;
  if (failures.length > 1) {
    const keys = failures.map(({ key }) => JSON.stringify(key)).join(", ");
    const message = `Cannot ${action} cleanly: ${failures.length} resources failed, ${keys}`;
    throw new AggregateError(failures.map(({ error }) => error), message);
  }
}

/** The errors that a stack of disposables chained, in the order in which they were thrown. */
export function flatten(error: unknown): unknown[] {
  const errors: unknown[] = [];
  let rest = error;
  for (; rest instanceof SuppressedError; rest = rest.suppressed) errors.push(rest.error);
  return [...errors, rest].reverse();
}
