/** The paths of all files below `directory`, relative to it. */
export function filesBelow(directory: URL, prefix = ""): string[] {
  return [...Deno.readDirSync(new URL(prefix, directory))].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(directory, `${prefix}${name}/`) : [prefix + name]
  ).sort();
}
