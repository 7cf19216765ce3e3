import { afterTask } from "../leaks/adoption.ts";
import { retireTexture, type Texture } from "./texture.ts";

/** Resolves when the current task ends. `undefined` while nothing waits for that. */
let taskEnd: Promise<void> | undefined;

/** Resolves when the current task and its microtasks have ended. All calls in a task share one timer. */
function endOfTask(): Promise<void> {
  return taskEnd ??= new Promise((resolve) => {
    afterTask(() => {
      taskEnd = undefined;
      resolve();
    });
  });
}

/**
 * Unloads a texture at once, and destroys it when the task has ended. By then the task has submitted
 * what it recorded with the texture. A submit with one destroyed texture draws nothing at all.
 */
export function destroyAfterTask(texture: Texture): Promise<void> {
  return endOfTask().then(retireTexture(texture));
}

/** Unloads a texture at once, and lets `retire` decide when it is destroyed. */
export function handOver(texture: Texture, retire: (destroy: () => void) => void): void {
  const destroy = retireTexture(texture);
  try {
    retire(destroy);
  } catch (error) {
    endOfTask().then(destroy); // because `retire` failed to keep it
    throw error;
  }
}
