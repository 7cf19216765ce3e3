/** What every runtime must be able to do. Bundled together with the library, and run in each. */
import {
  FileSource,
  formatStats,
  type Leak,
  MemorySource,
  ResourceManager,
  Text,
} from "@holdfast/resources";

/** The results of a run. */
export interface Smoke {
  /** The values of two handles of one resource, and of one that was loaded without blocking. */
  readonly values: readonly string[];
  /** How many resources were resident before and after their scope was disposed. */
  readonly sizes: readonly number[];
  /** The keys of the handles that were reported, by the collector and by the manager's disposal. */
  readonly leaks: readonly string[];
  readonly table: string;
  /** The message of a `FileSource` about a missing file. */
  readonly fileSource: string;
}

/** Loads, shares, releases and leaks. `collect` collects garbage, where the runtime allows that. */
export async function smoke(collect?: () => unknown): Promise<Smoke> {
  const leaks: Leak[] = [];
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.txt": "A", "b.txt": "B", "c.txt": "C" }),
    leaks: { stacks: true, onLeak: (leak) => leaks.push(leak) },
  });
  const scope = mgr.scope("scene");
  const handles = [scope.load("a.txt", Text), scope.load("a.txt", Text)];
  handles.push(await scope.loadAsync("b.txt", Text));
  const values = handles.map(({ value }) => value);
  const table = formatStats(mgr.cacheStats());
  const sizes = [mgr.size];
  scope.dispose();
  sizes.push(mgr.size);
  if (collect !== undefined) await forget(mgr, () => leaks.length > 0, collect);
  mgr.load("c.txt", Text);
  await mgr[Symbol.asyncDispose]();
  const keys = leaks.map(({ key }) => key);
  return { values, sizes, leaks: keys, table, fileSource: await readFile() };
}

/** Forgets a handle, and collects garbage until it is reported. */
async function forget(
  mgr: ResourceManager,
  reported: () => boolean,
  collect: () => unknown,
): Promise<void> {
  (() => void mgr.load("b.txt", Text))();
  for (let round = 0; round < 20 && !reported(); round++) {
    await collect();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

async function readFile(): Promise<string> {
  try {
    await new FileSource(".").readAsync("nothing.txt");
    return "it is there";
  } catch (error) {
    return (error as Error).message;
  }
}
