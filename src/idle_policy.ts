/**
 * What happens to a resource that nothing references any more: it is unloaded at once, or kept. An
 * object keeps it within limits: `maxAge` is how long it may be idle, in milliseconds, and `maxEntries`
 * how many may be idle at once. Without a limit there is none.
 */
export type IdlePolicy = "unload" | "keep" | { maxAge?: number; maxEntries?: number };
