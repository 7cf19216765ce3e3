import { afterTask } from "../leaks/adoption.ts";
import { retireTexture, type Texture } from "./texture.ts";

/** When the current task ends, once something waits for that. */
let taskEnd: Promise<void> | undefined;

/** Resolves when the current task has ended, its microtasks included. All who ask in it share one timer. */
function endOfTask(): Promise<void> {
  return taskEnd ??= new Promise((resolve) => {
    afterTask(() => {
      taskEnd = undefined;
      resolve();
    });
  });
}

/**
 * Unloads a texture at once, and destroys it when the task has ended: what was recorded with it in
 * this task is submitted by then. A submit that has one destroyed texture does nothing at all.
 */
export function destroyAfterTask(texture: Texture): Promise<void> {
  return endOfTask().then(retireTexture(texture));
}

/** Unloads a texture at once, and leaves it to `retire` when it is destroyed. */
export function handOver(texture: Texture, retire: (destroy: () => void) => void): void {
  const destroy = retireTexture(texture);
  try {
    retire(destroy);
  } catch (error) {
    endOfTask().then(destroy); // nobody else does it
    throw error;
  }
}
