import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import { quote } from "../contract/printable.ts";

/** Passes a value to `use`. Its reference is counted already, and released when `use` returns. */
export function lend<T, R>(cache: Cache, entry: Entry, use: (value: T) => R): R {
  cache.borrowed.push(entry);
  let result: R;
  try {
    result = use(entry.value as T);
    if (typeof (result as PromiseLike<unknown> | null)?.then === "function") {
      refusePromise(result, entry);
    }
  } catch (error) {
    releaseAfter(error, cache, entry);
  }
  release(cache, entry);
  return result;
}

function release(cache: Cache, entry: Entry): void {
  cache.borrowed.pop();
  if (--entry.count === 0 || entry.observed) cache.released(entry);
}

/** Releases the reference, and throws `error`. If releasing throws too, chains both, as `using` does. */
function releaseAfter(error: unknown, cache: Cache, entry: Entry): never {
  try {
    release(cache, entry);
  } catch (later) {
    throw new SuppressedError(later, error);
  }
  throw error;
}

/** Throws, because the reference is released before the promise settles. */
function refusePromise(result: unknown, { key }: Entry): never {
  (result as PromiseLike<unknown>).then(undefined, () => {}); // It must not reject unhandled.
  throw new TypeError(
    `Cannot use ${
      quote(key)
    } in a callback that returns a promise: write \`using\` in an async function instead`,
  );
}
