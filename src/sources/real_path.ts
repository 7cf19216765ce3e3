/** The system, by Deno's name for it or by Node's; nothing in browsers. */
export const OS: string = globalThis.Deno?.build.os ??
  (globalThis as { process?: { platform?: string } }).process?.platform ?? "";

/** Between the parts of real paths; keys have slashes on every platform. */
export const SEPARATOR: string = /^win/.test(OS) ? "\\" : "/";

/** Appends a key to a real path, which ends with a separator only if it is the system's root. */
export function below(path: string, key: string): string {
  const start = path.endsWith(SEPARATOR) ? path : path + SEPARATOR;
  return start + key.replaceAll("/", SEPARATOR);
}

/** Whether `path` is outside of `root`. Both are real paths: what is below the root starts with it. */
export function leadsOut(root: string, path: string): boolean {
  return path !== root && !path.startsWith(below(root, ""));
}

/** The key of a real path; `undefined` if it is not below `root`. */
export function keyOf(root: string, path: string): string | undefined {
  if (path === root || leadsOut(root, path)) return undefined;
  return path.slice(below(root, "").length).replaceAll(SEPARATOR, "/");
}
