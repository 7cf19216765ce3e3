/** More than any test takes. */
const FOREVER = 2 ** 30;

/** Keeps the event loop going until it is disposed: what is waited for does not do so by itself. */
export function keepAlive(): Disposable {
  const timer = setInterval(() => {}, FOREVER);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
