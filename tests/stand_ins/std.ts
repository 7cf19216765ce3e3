/**
 * Runs a deno subcommand, with `@std` from this folder where JSR cannot be reached.
 *
 * The folder has the layout of a registry, so the `jsr:` specifiers of `deno.json` stay as they are.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

async function reachable(): Promise<boolean> {
  try {
    await import("@std/assert");
    return true;
  } catch {
    return false;
  }
}

async function run(env: Record<string, string>): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), { args: Deno.args, env }).spawn().status;
  return code;
}

/** What is published may not use unpublished files of the same folder, so it gets a copy elsewhere. */
async function runWithCopy(registry: URL): Promise<number> {
  const copy = await mkdtemp(join(tmpdir(), "stand-ins-"));
  try {
    await cp(fileURLToPath(new URL("@std", registry)), join(copy, "@std"), { recursive: true });
    return await run({ JSR_URL: pathToFileURL(`${copy}/`).href });
  } finally {
    await rm(copy, { recursive: true });
  }
}

const registry = new URL("./", import.meta.url);
if (await reachable()) Deno.exit(await run({}));
if (Deno.args[0] === "publish") Deno.exit(await runWithCopy(registry));
Deno.exit(await run({ JSR_URL: registry.href }));
