import type { ResourceManager } from "../manager.ts";
import type { ResourceScope } from "../scope.ts";

let making = false;

/** Creates a scope for what a plan loads. Recorders do not count its requests as those of the game. */
export function preloadScope(manager: ResourceManager, label: string): ResourceScope {
  making = true;
  try {
    return manager.scope(label);
  } finally {
    making = false;
  }
}

/** Whether the scope that is being created is for a plan. */
export function isPreloadScope(): boolean {
  return making;
}
