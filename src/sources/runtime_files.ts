import { attempt } from "../contract/attempt.ts";
import { nodeFiles } from "./node_files.ts";
import type { SystemFiles } from "./system_files.ts";

/** Node's modules are not imported, because bundlers for browsers would complain. */
interface Runtime {
  readonly process?: {
    readonly versions?: { readonly bun?: string };
    getBuiltinModule?(name: "node:fs"): typeof import("node:fs");
  };
}

let found: SystemFiles | undefined;

/** Returns the file system of this runtime. Throws in browsers, which have none. */
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

/** Returns the real path of a link; `undefined` if it is broken or may not be read. */
export function resolveLink(path: string): string | undefined {
  return attempt(() => systemFiles().realPathSync(path));
}
