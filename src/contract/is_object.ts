/** Whether a value is an object, and neither a function nor null. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
