/** Stand-in for `@std/path/posix/normalize`: forward slashes on every platform, browsers too. */
export function normalize(path: string): string {
  if (path === "") return ".";
  const root = path.startsWith("/") ? "/" : "";
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (root === "") parts.push("..");
  }
  const end = path.endsWith("/") && (parts.length > 0 || root === "") ? "/" : "";
  return root + (parts.join("/") || (root === "" ? "." : "")) + end;
}
