/** The kinds of events. Each comment ends with the value of such an event. */
export const Kind = {
  /** A resource was loaded: its bytes. */
  load: 0,
  /** Its reference count has changed: the new count. */
  count: 1,
  /** It was reloaded: its new bytes. */
  reload: 2,
  /** It was unloaded: the number of the reason. */
  unload: 3,
  /** A handle leaked: the number of the leak. */
  leak: 4,
  /** An eviction has ended, and live resources alone exceed the budget: all resident bytes. */
  overbudget: 5,
  /** The number of loader turns that wait for a pump has changed: the new number. */
  queuedLoads: 6,
  /** The unloads that wait for a pump have changed: their bytes. Their number is the subject. */
  queuedUnloads: 7,
} as const;

/** One of {@linkcode Kind}. */
export type Kind = (typeof Kind)[keyof typeof Kind];

/** A kind only of a page's stream: a resource was resident before the first event. */
export const RESIDENT = 8;

/** In a page's stream, an event has the number: its row times this, plus its kind. */
export const KINDS = 16;
