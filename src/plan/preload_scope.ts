import type { ResourceManager } from "../manager.ts";
import type { ResourceScope } from "../scope.ts";

let making = false;

/** A scope for what a plan loads ahead. Recorders tell it from the game's own. */
export function preloadScope(manager: ResourceManager, label: string): ResourceScope {
  making = true;
  try {
    return manager.scope(label);
  } finally {
    making = false;
  }
}

/** Whether the scope that is being made is one. */
export function isPreloadScope(): boolean {
  return making;
}
