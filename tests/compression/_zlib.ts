/** Runs `run` with another `process`; without one as in a browser, which has no zlib. */
export function withProcess(other: unknown, run: () => void): void {
  const { process } = globalThis as { process?: unknown };
  Object.assign(globalThis, { process: other });
  try {
    run();
  } finally {
    Object.assign(globalThis, { process });
  }
}

/** Calls `test` with the runtime's zlib, and without it. */
export function withAndWithoutZlib(test: () => void): void {
  test();
  withProcess(undefined, test);
}
