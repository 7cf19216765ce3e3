/** Measures the memory of each contender. */
import type { ContenderName } from "./contenders.ts";
import type { Bytes, Million, Report } from "./report.ts";

const RUNNER = new URL("memory_runner.ts", import.meta.url).href;

/** The contenders that can keep values without references, and those that count references. */
const IDLE: readonly ContenderName[] = [
  "Effect 4 `RcMap`",
  "`lru-cache`",
  "`quick-lru`",
  "`mnemonist` `LRUMap`",
  "`@std/cache` `LruCache`",
  "Holdfast",
  "Holdfast, detection off",
];
const REFERENCED: readonly ContenderName[] = [
  "bare `Map` and a count",
  "`Map` with closures",
  "Effect 4 `RcMap`",
  "VS Code `ReferenceCollection`",
  "Holdfast",
  "Holdfast, detection off",
  "detection in the usual way",
];
const MILLION: readonly ContenderName[] = [
  "Holdfast",
  "Holdfast, detection off",
  "detection in the usual way",
];

/** The figures of one contender; `undefined` if it does not run here. */
async function measure<T>(what: string, who: ContenderName): Promise<T | undefined> {
  const flags = ["run", "-q", "-A", "--v8-flags=--expose-gc,--max-old-space-size=16000", RUNNER];
  const command = new Deno.Command(Deno.execPath(), {
    args: [...flags, what, who],
    env: { NO_COLOR: "1" },
  });
  const { success, stdout, stderr } = await command.output();
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  const [why] = new TextDecoder().decode(stderr).split("\n");
  console.log(`${who} does not run here: ${why}`);
  return undefined;
}

async function bytesOf(who: ContenderName): Promise<Bytes> {
  const bytes: { -readonly [K in keyof Bytes]: number } = {};
  for (const what of ["referenced", "reference", "idle"] as const) {
    if (!(what === "idle" ? IDLE : REFERENCED).includes(who)) continue;
    const each = await measure<number>(what, who);
    if (each !== undefined) bytes[what] = each;
  }
  return bytes;
}

export async function measureMemory(
  who: readonly ContenderName[],
): Promise<Pick<Report, "bytes" | "million">> {
  const bytes: Partial<Record<ContenderName, Bytes>> = {};
  const million: Partial<Record<ContenderName, Million>> = {};
  for (const each of who) {
    const found = await bytesOf(each);
    if (Object.keys(found).length > 0) bytes[each] = found;
  }
  for (const each of MILLION) {
    const found = await measure<Million>("million", each);
    if (found !== undefined) million[each] = found;
  }
  return { bytes, million };
}
