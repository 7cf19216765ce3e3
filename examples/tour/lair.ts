import {
  type LoadedBundle,
  type LoadProgress,
  type ResourceManager,
  type ResourceScope,
  Text,
} from "@holdfast/resources";
import { yellow } from "@std/fmt/colors";
import type { Audit } from "./audit.ts";
import { Level } from "./level.ts";
import { ProgressBar } from "./progress_bar.ts";
import type { AssetServer } from "./server.ts";
import { Sound } from "./sound.ts";
import { Texture } from "./texture.ts";

export const ROAR = "lair/roar.wav";

/** The files of the lair. The map loads more files, which the progress counts too. */
const LAIR = {
  level: ["lair/lair.level.json", Level],
  intro: ["lair/intro.txt", Text],
  outro: ["lair/outro.txt", Text],
  roar: [ROAR, Sound],
  spark: ["lair/spark.png", Texture],
} as const;
/** Files that the map names and that are in memory already, because other places use them too. */
const SHARED = ["common/heart.png"];

/** Loads the lair into `scene`, with a progress bar. Checks the last progress that was reported. */
export async function loadLair(
  scene: ResourceScope,
  { checks, ledger }: Audit,
): Promise<LoadedBundle<typeof LAIR>> {
  let last: LoadProgress | undefined;
  using bar = new ProgressBar();
  const lair = await scene.loadAll(LAIR, {
    onProgress(progress) {
      last = progress;
      bar.show(progress);
    },
  });
  const files = ledger.folder("lair");
  const bytes = ledger.fileBytes(files);
  const count = files.length + SHARED.length;
  const claim = `the bar ends at ${count} files and ${bytes.toLocaleString("en")} bytes`;
  checks.equal(claim, last, { done: count, total: count, bytes, totalBytes: bytes });
  return lair;
}

/**
 * Starts to load the roar, and leaves the block while the server holds the answer back, which
 * withdraws the load. Checks that nothing of it is left in the manager or the server.
 */
export async function hearNothing(
  mgr: ResourceManager,
  server: AssetServer,
  { checks }: Audit,
): Promise<void> {
  const { bytes, size } = mgr;
  const held = server.hold(ROAR);
  let failure: Promise<unknown>;
  {
    using roar = mgr.loadAsync(ROAR, Sound, { priority: "low" });
    failure = roar.then(() => "it came", (error) => error instanceof Error && error.name);
    await Promise.race([held.begun, roar]);
  }
  checks.equal("a withdrawn load rejects with an AbortError", await failure, "AbortError");
  await held.over;
  const [before, after] = [bytes, mgr.bytes].map((size) => size.toLocaleString("en"));
  console.log(
    `${yellow("Withdrawn:")} the load of "${ROAR}" (${before} B before, ${after} B after)`,
  );
  checks.equal("the server saw that its client had left", server.aborted, [ROAR]);
  checks.equal("the withdrawn roar is not resident", mgr.has(ROAR), false);
  checks.equal("no byte and no resource is left of it", [mgr.bytes, mgr.size], [bytes, size]);
}
