/** Returns the first argument of each call of `console[method]` while `run` runs. */
export function captured(method: "log" | "warn" | "error", run: () => void): unknown[] {
  const original = console[method];
  const calls: unknown[] = [];
  console[method] = (...args: unknown[]) => calls.push(args[0]);
  try {
    run();
  } finally {
    console[method] = original;
  }
  return calls;
}
