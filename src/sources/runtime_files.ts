import { attempt } from "../contract/attempt.ts";
import { nodeFiles } from "./node_files.ts";
import type { SystemFiles } from "./system_files.ts";

/** Node's modules are asked for, not imported: browsers have none, and their bundlers would complain. */
interface Runtime {
  readonly process?: {
    readonly versions?: { readonly bun?: string };
    getBuiltinModule?(name: "node:fs"): typeof import("node:fs");
  };
}

let found: SystemFiles | undefined;

/** The files of the runtime that this is. Throws where there are none, as in browsers. */
export function systemFiles(): SystemFiles {
  return found ??= globalThis.Deno ?? filesOfNode(globalThis as Runtime);
}

function filesOfNode({ process }: Runtime): SystemFiles {
  const fs = process?.getBuiltinModule?.("node:fs");
  if (fs) return nodeFiles(fs, process?.versions?.bun !== undefined);
  throw new TypeError(
    "a FileSource needs Deno, Node or Bun, use an HttpSource or a source of your own",
  );
}

/** Where a link leads, if it leads anywhere that may be read. */
export function resolveLink(path: string): string | undefined {
  return attempt(() => systemFiles().realPathSync(path));
}
