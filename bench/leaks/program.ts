import type { Kind, Site } from "./site.ts";

const root = new URL("../../", import.meta.url);
/**
 * The folder for programs, relative to the root. The import map applies there, and Git ignores it.
 */
export const FOLDER: string = `.leaks/${Deno.pid}/`;

/** A file of an example with a planted leak or twin. */
export interface Program {
  readonly kind: Kind;
  readonly site: Site;
  readonly isLeak: boolean;
  /** The path of the file, relative to the root. */
  readonly path: string;
  readonly text: string;
  /** The first and the last line of each planted part. */
  readonly planted: readonly (readonly [first: number, last: number])[];
}

/** Plants a leak or its twin at a site. Throws if the example does not have the line any more. */
export function plant(kind: Kind, site: Site, isLeak: boolean): Program {
  const { body, module = "" } = isLeak ? kind.planted(site) : kind.twin(site);
  const { file, sooner: [long, short] = ["", ""] } = site;
  const original = withImports(Deno.readTextFileSync(new URL(file, root)), file);
  const [before, after] = split(original.replace(long, short), site);
  const planted = body.trim();
  const middle = `${before}${site.stays}${planted}\n${after.trimEnd()}\n`;
  const name = `${site.example}-${kind.name}-${isLeak ? "leak" : "twin"}`.replaceAll(/\W+/g, "-");
  return {
    kind,
    site,
    isLeak,
    path: `${FOLDER}${name}/${file.slice(file.lastIndexOf("/") + 1)}`,
    text: middle + module,
    planted: [spanOf(before + site.stays, planted), spanOf(middle, module)],
  };
}

/** Splits a text at the anchor. */
function split(text: string, { file, anchor }: Site): [before: string, after: string] {
  const [before, after, ...others] = text.split(anchor);
  if (before !== undefined && after !== undefined && others.length === 0) return [before, after];
  throw new Error(`Cannot plant in ${file}: it does not have this once:\n${anchor}`);
}

function spanOf(before: string, part: string): [number, number] {
  const first = before.split("\n").length;
  return [first, first + part.split("\n").length - 1];
}

/** Whether text names a planted line: `game.ts:12:7`. */
export function namesPlanted({ path, planted }: Program, text: string): boolean {
  const places = text.matchAll(/([^\s(]+):(\d+):\d+/g);
  return [...places].some(([, file, line]) =>
    file!.endsWith(path) && planted.some(([first, last]) => +line! >= first && +line! <= last)
  );
}

/** Rewrites the imports of a file, for a copy in another folder with planted code. */
function withImports(text: string, file: string): string {
  const url = new URL(file, root);
  const up = "../".repeat(FOLDER.split("/").length);
  const library = /import (type )?\{([^}]*)\} from "@holdfast\/resources";\n/g;
  const imported = new Set(["type Handle", "keep", "type ResourceManager"]);
  for (const [, type = "", names = ""] of text.matchAll(library)) {
    for (const name of names.split(",").map((each) => each.trim()).filter(Boolean)) {
      if (!type) imported.delete(`type ${name}`);
      imported.add(type + name);
    }
  }
  const all = `import { ${[...imported].join(", ")} } from "@holdfast/resources";\n`;
  return (all + text.replaceAll(library, ""))
    .replaceAll(/ from "(\.\.?\/[^"]+)"/g, (_all, path) => {
      return ` from "${up}${new URL(path, url).href.slice(root.href.length)}"`;
    })
    .replaceAll("import.meta.url", JSON.stringify(url.href));
}
