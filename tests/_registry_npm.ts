/** What JSR's registry for npm makes of a package: plain JavaScript, under a name of the scope `@jsr`. */
import { stripTypeScriptTypes } from "node:module";

/** A version as `deno publish` sent it. */
export interface Published {
  /** `@holdfast/resources`. */
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  /** The texts of its modules by their paths: `src/zip.ts`. */
  readonly modules: Readonly<Record<string, string>>;
}

/** The files of a package for npm, by their paths. */
export function npmFilesOf(from: Published): Record<string, string> {
  const dependencies: Record<string, string> = {};
  const files: Record<string, string> = {};
  for (const [path, code] of Object.entries(from.modules)) {
    const plain = stripTypeScriptTypes(code, { mode: "transform" });
    files[javaScript(path)] = resolved(plain, dependencies);
  }
  const exports = Object.entries(from.exports).map(([name, path]) => [name, javaScript(path)]);
  files["package.json"] = JSON.stringify({
    name: npmName(from.name),
    version: from.version,
    type: "module",
    exports: Object.fromEntries(exports),
    dependencies,
  });
  return files;
}

/** `@jsr/std__path` for `@std/path`. */
export function npmName(name: string): string {
  return `@jsr/${name.slice(1).replace("/", "__")}`;
}

function javaScript(path: string): string {
  return path.replace(/\.ts$/, ".js");
}

/** The code with specifiers that Node knows. Adds the packages that it imports to `dependencies`. */
function resolved(code: string, dependencies: Record<string, string>): string {
  return code.replace(/(?<=(?:\bfrom|\bimport) *\(?\s*")[^"]+(?=")/g, (specifier) => {
    const [, registry, name, range, path] =
      specifier.match(/^(jsr|npm):\/?((?:@[\w-]+\/)?[\w-]+)@([^/]+)(.*)$/) ?? [];
    if (!registry) return specifier.startsWith(".") ? javaScript(specifier) : specifier;
    const own = registry === "jsr" ? npmName(name!) : name!;
    dependencies[own] = range!;
    return own + path;
  });
}
