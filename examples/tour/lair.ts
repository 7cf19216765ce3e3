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

/**
 * All that the lair needs. The map would bring its sprites along; they are listed all the same, so
 * that progress counts them too. Each of them is read once even so.
 */
const LAIR = {
  level: ["lair/lair.level.json", Level],
  intro: ["lair/intro.txt", Text],
  outro: ["lair/outro.txt", Text],
  roar: [ROAR, Sound],
  theme: ["lair/theme.wav", Sound],
  spark: ["lair/spark.png", Texture],
  backdrop: ["lair/backdrop.png", Texture],
  tiles: ["lair/tiles.png", Texture],
  dragon: ["lair/dragon.png", Texture],
  wings: ["lair/wings.png", Texture],
  fireball: ["lair/fireball.png", Texture],
  smoke: ["lair/smoke.png", Texture],
  hoard: ["lair/hoard.png", Texture],
  pillar: ["lair/pillar.png", Texture],
  throne: ["lair/throne.png", Texture],
} as const;

/** Loads the lair into `scene`; a bar shows how far that is. Claims what it was told at last. */
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
  const claim = `the bar ends at ${files.length} files and ${bytes.toLocaleString("en")} bytes`;
  const { length } = files;
  checks.equal(claim, last, { done: length, total: length, bytes, totalBytes: bytes });
  return lair;
}

/**
 * Begins to load the roar, and leaves while the server holds it back: the end of the block
 * withdraws the load. Claims that nothing of it is left, here or there.
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
  checks.equal("who waited for the withdrawn roar is told", await failure, "AbortError");
  await held.over;
  const [before, after] = [bytes, mgr.bytes].map((size) => size.toLocaleString("en"));
  console.log(
    `\n${yellow("Withdrawn:")} the load of "${ROAR}" (${before} B before, ${after} B after)`,
  );
  checks.equal("the server saw that its client had left", server.aborted, [ROAR]);
  checks.equal("the withdrawn roar is not resident", mgr.has(ROAR), false);
  checks.equal("no byte and no resource is left of it", [mgr.bytes, mgr.size], [bytes, size]);
}
