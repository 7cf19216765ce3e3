/** Runs `run` when `signal` is aborted, until the function that it returns is called. O(1). */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  signal?.addEventListener("abort", run, { once: true });
  return () => signal?.removeEventListener("abort", run);
}
