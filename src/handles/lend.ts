import type { Cache } from "../cache/cache.ts";
import type { Entry } from "../cache/entry.ts";
import { quote } from "../contract/printable.ts";

/** Lends a value to `use`, for a reference that was counted and is given back when `use` returns. */
export function lend<T, R>(cache: Cache, entry: Entry, use: (value: T) => R): R {
  cache.borrowed.push(entry);
  try {
    const result = use(entry.value as T);
    if (typeof (result as PromiseLike<unknown> | null)?.then === "function") {
      refusePromise(result, entry);
    }
    return result;
  } finally {
    cache.borrowed.pop();
    if (--entry.count === 0 || entry.observed) cache.released(entry);
  }
}

/** Throws: the lent value is given back before the promise settles. */
function refusePromise(result: unknown, { key }: Entry): never {
  (result as PromiseLike<unknown>).then(undefined, () => {});
  throw new TypeError(
    `Cannot use ${
      quote(key)
    } in a callback that gives a promise: write \`using\` in an async function instead`,
  );
}
