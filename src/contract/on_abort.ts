/** Calls `run` when `signal` is aborted, unless the returned function was called first. O(1). */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  signal?.addEventListener("abort", run, { once: true });
  return () => signal?.removeEventListener("abort", run);
}
