import { type ResourceScope, Text } from "@holdfast/resources";
import { type Actor, Level } from "./level.ts";
import { Sound } from "./sound.ts";
import type { Stage } from "./stage.ts";
import { Texture } from "./texture.ts";

/** The length of a scene, in frames. */
const FRAMES = 180;

/**
 * Plays the title. At its end the scope releases everything that it has loaded, which then becomes
 * idle.
 */
export function playTitle(stage: Stage, scene: ResourceScope): void {
  const backdrop = scene.load("title/backdrop.png", Texture);
  const moon = scene.load("title/moon.png", Texture);
  const logo = scene.load("title/logo.png", Texture);
  const cursor = scene.load("title/cursor.png", Texture);
  stage.say("Emberfall", scene.load("title/story.txt", Text).value);
  stage.hear(scene.load("title/theme.wav", Sound).value);
  for (let frame = 0; frame < FRAMES; frame++) {
    const screen = stage.screen.value;
    screen.draw(backdrop.value, 0, 0);
    screen.draw(moon.value, 150, 90 - (frame >> 1));
    screen.draw(logo.value, 0, 50);
    screen.draw(cursor.value, 60 + (frame >> 3) % 4, 130);
    stage.show();
  }
}

/**
 * Plays the level that the scope is named after. The scope holds the map, and the map its sprites.
 */
export function playLevel(
  stage: Stage,
  scene: ResourceScope,
  onFrame?: (frame: number) => void,
): void {
  const name = scene.label;
  const level = scene.load(`${name}/${name}.level.json`, Level);
  const intro = scene.load(`${name}/intro.txt`, Text);
  stage.say(level.value.title, intro.value);
  playFrames(stage, name, level.value, onFrame);
}

/** Plays the frames of a level. `name` is the folder of its files. */
export function playFrames(
  stage: Stage,
  name: string,
  level: Level,
  onFrame?: (frame: number) => void,
): void {
  stage.hear(level.music.value);
  for (let frame = 0; frame < FRAMES; frame++) {
    stage.drawLevel(level, frame, (actor) => touch(stage, name, actor));
    onFrame?.(frame);
    stage.show();
  }
}

/** Loads what one frame needs in that frame. Only the first load reads the files. */
function touch(stage: Stage, name: string, actor: Actor): void {
  using spark = stage.mgr.load(`${name}/spark.png`, Texture);
  using sound = stage.mgr.load(`common/${actor.touch}.wav`, Sound);
  stage.drawSpark(spark.value);
  stage.hear(sound.value);
}
