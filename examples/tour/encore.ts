import { FileSource, ResourceManager, type ResourceScope, Text } from "@holdfast/resources";
import { Plan, type PlayRecord, recordPlay } from "@holdfast/resources/plan";
import { yellow } from "@std/fmt/colors";
import type { Checks } from "./checks.ts";
import { ROAR } from "./lair.ts";
import { levelLoader } from "./level.ts";
import { playLevel, playTitle } from "./scenes.ts";
import { Sound, soundLoader } from "./sound.ts";
import { Stage } from "./stage.ts";
import { Texture, textureLoader } from "./texture.ts";

/** Plays a scene. It loads each resource when it needs it, and blocks until it is loaded. */
type Act = (stage: Stage, scene: ResourceScope) => void;

/** All scenes of the game. */
const ACTS: Readonly<Record<string, Act>> = {
  title: playTitle,
  forest: (stage, scene) => {
    playLevel(stage, scene, (frame) => frame === 60 && glimpseRelic(stage));
  },
  caves: (stage, scene) => playLevel(stage, scene),
  lair(stage, scene) {
    playLevel(stage, scene, (frame) => {
      if (frame % 60 === 30) stage.hear(scene.load(ROAR, Sound).value);
    });
    stage.say("The End", scene.load("lair/outro.txt", Text).value);
  },
};

/**
 * Plays the game twice without output, only from files. The first time everything is loaded when it
 * is needed, the second time with the plan of the first.
 */
export async function playTwice(assets: URL, maxBytes: number, checks: Checks): Promise<void> {
  const first = await playActs(assets, maxBytes);
  const file = String(first.plan);
  const second = await playActs(assets, maxBytes, new Plan(file));
  const [before, after] = [first.report(), second.report()];
  const waste = `${(after.waste * 100).toFixed(0)} %`;
  const fetched = after.fetchedBytes.toLocaleString("en");
  console.log(`${yellow("First run:")} ${before.blockingMisses} blocking misses
${
    yellow("With its plan:")
  } ${after.blockingMisses} blocking misses, ${waste} of ${fetched} B wasted`);
  checks.equal("without a plan, the game stands still for 49 files", before.blockingMisses, 49);
  checks.equal("with the plan of the first run, it stands still for none", after.blockingMisses, 0);
  checks.that("the plan wastes less than 20 %", after.waste < 0.2, waste);
  checks.that("the plan is smaller than 3 kB", file.length < 3000, `${file.length} characters`);
}

/**
 * Plays all acts. With a plan, loads the next act ahead. Returns the recording, which has ended.
 */
async function playActs(assets: URL, maxBytes: number, plan?: Plan): Promise<PlayRecord> {
  const loaders = [textureLoader, soundLoader, levelLoader];
  using mgr = new ResourceManager({ source: new FileSource(assets), loaders, maxBytes });
  using play = recordPlay(mgr);
  const enter = (scene: string) => plan?.enter(mgr, scene) ?? mgr.scope(scene);
  using game = await enter("game");
  const stage = new Stage(mgr, game, () => {});
  for (const [name, act] of Object.entries(ACTS)) {
    using scene = await enter(name);
    using ahead = plan?.next(name);
    act(stage, scene);
    await ahead?.loaded; // a real game would draw frames in the meantime
  }
  return play;
}

function glimpseRelic(stage: Stage): void {
  using relic = stage.mgr.load("forest/relic.png", Texture);
  stage.screen.value.draw(relic.value, 150, 66);
}
