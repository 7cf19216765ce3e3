/** The name of the operating system, as Deno or Node call it; empty in browsers. */
export const OS: string = globalThis.Deno?.build.os ??
  (globalThis as { process?: { platform?: string } }).process?.platform ?? "";

/** The separator in real paths. Keys have slashes on every platform. */
export const SEPARATOR: string = /^win/.test(OS) ? "\\" : "/";

/** Appends a key to a real path, which ends with a separator only if it is the system's root. */
export function below(path: string, key: string): string {
  const start = path.endsWith(SEPARATOR) ? path : path + SEPARATOR;
  return start + key.replaceAll("/", SEPARATOR);
}

/** Whether `path` is outside of `root`. Both must be real paths, so that comparing their starts is enough. */
export function leadsOut(root: string, path: string): boolean {
  return path !== root && !path.startsWith(below(root, ""));
}

/** The key of a real path; `undefined` if it is not below `root`. */
export function keyOf(root: string, path: string): string | undefined {
  if (path === root || leadsOut(root, path)) return undefined;
  return path.slice(below(root, "").length).replaceAll(SEPARATOR, "/");
}
