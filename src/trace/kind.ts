/** What an event says; its value is what stands behind it. */
export const Kind = {
  /** A resource is resident. */
  load: 0,
  /** Its reference count, from now on. */
  count: 1,
  /** Its value was swapped: its bytes, from now on. */
  reload: 2,
  /** It is resident no more: the number of the reason. */
  unload: 3,
  /** A handle leaked: the number of the leak. */
  leak: 4,
  /** An eviction has ended, and live resources alone exceed the budget: the bytes of all. */
  overbudget: 5,
  /** So many turns of loaders wait for a pump, from now on. */
  queuedLoads: 6,
  /** So many unloads wait for a pump, from now on: their number is the subject, and their bytes the value. */
  queuedUnloads: 7,
} as const;

/** One of {@linkcode Kind}. */
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Among the kinds of events in a page's stream: a resource was resident when it began. */
export const RESIDENT = 8;

/** How many kinds a page's stream has room for: an event begins with its row times this, and its kind. */
export const KINDS = 16;
