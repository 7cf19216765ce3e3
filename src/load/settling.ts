import { onAbort } from "../contract/on_abort.ts";
import type { PendingResource, SettledOptions } from "../contract/task.ts";
import type { Flights } from "./flights.ts";

/** The resources that are being loaded. O(loads under way). */
export function pendingOf({ loading }: Flights): PendingResource[] {
  return [...loading.flights.values()].map((flight) => {
    const { key, waiters, loadPriority: priority, bytes, totalBytes, state } = flight;
    return { key, waiters: waiters.size, priority, bytes, totalBytes, state };
  });
}

/** Waits until nothing is under way. */
export async function settled(
  flights: Flights,
  { signal, onProgress }: SettledOptions,
): Promise<void> {
  signal?.throwIfAborted();
  const { loading, underWay } = flights;
  const pending = [...loading.flights.values()];
  const progress = onProgress && loading.progress(onProgress, pending.map(({ key }) => key));
  if (progress) { for (const flight of pending) flight.follow(progress); }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stopListening = onAbort(signal, () => reject(signal!.reason));
  try {
    while (underWay.any) await Promise.race([aborted, underWay.quiet()]);
  } finally {
    stopListening();
    progress?.close();
  }
}
