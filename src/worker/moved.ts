/** The classes whose instances are moved to another thread and not copied. Runtimes lack some of them. */
const CLASSES: readonly string[] = [
  "MessagePort",
  "ImageBitmap",
  "OffscreenCanvas",
  "ReadableStream",
  "WritableStream",
  "TransformStream",
  "VideoFrame",
  "AudioData",
];

/** The classes of {@linkcode CLASSES} that this runtime has. */
function knownClasses(): (new (...args: never[]) => object)[] {
  const all = globalThis as unknown as Record<string, new (...args: never[]) => object>;
  return CLASSES.map((name) => all[name]).filter((each) => typeof each === "function");
}

/**
 * Returns everything in `value` that can be moved to another thread: buffers, also those of typed arrays,
 * bitmaps, ports and streams, in nested objects, lists, maps and sets too. O(objects in `value`).
 */
export function movedWith(value: unknown): Transferable[] {
  const known = knownClasses();
  const found = new Set<object>();
  const seen = new Set<object>();
  const open: unknown[] = [value];
  while (open.length > 0) {
    const each = open.pop();
    if (typeof each !== "object" || each === null || seen.has(each)) continue;
    seen.add(each);
    const moved = ArrayBuffer.isView(each) ? each.buffer : each;
    if (moved instanceof ArrayBuffer || known.some((Class) => each instanceof Class)) {
      found.add(moved);
    } else if (moved === each) {
      for (const inner of contentsOf(each)) open.push(inner);
    }
  }
  return [...found] as Transferable[];
}

/** The values that structured cloning copies with an object. */
function contentsOf(object: object): Iterable<unknown> {
  if (object instanceof Map) return [...object].flat();
  return Array.isArray(object) || object instanceof Set ? object : Object.values(object);
}

/** Frees a result that is not used: closes everything in `value` that can be closed, such as bitmaps. */
export function closeAll(value: unknown): void {
  for (const each of movedWith(value)) {
    if ("close" in each && typeof each.close === "function") void each.close();
  }
}
