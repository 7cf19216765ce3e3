/** How long a test waits for an event before it fails, in ms: longer than a busy machine takes. */
export const PATIENCE = 300_000;
/** More than any test takes, in ms. */
const FOREVER = 2 ** 30;

/** Keeps the event loop running until it is disposed, for an awaited promise that does not. */
export function keepAlive(): Disposable {
  const timer = setInterval(() => {}, FOREVER);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Rejects with `error` when `promise` takes too long. */
export async function withPatience<T>(promise: Promise<T>, error: () => Error): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(error()), PATIENCE);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when `happened()` is true: for what no event reports. */
export async function until(happened: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!happened()) {
    if (performance.now() > end) throw new Error(`It never happens: ${happened}`);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
