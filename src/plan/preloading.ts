import { cacheOf } from "../cache/managers.ts";
import { messageOf } from "../contract/errors.ts";
import { quote } from "../contract/printable.ts";
import type { LoadOptions } from "../contract/task.ts";
import type { ResourceManager } from "../manager.ts";
import type { ResourceScope } from "../scope.ts";
import type { PlannedScene } from "./plan_file.ts";
import { preloadScope } from "./preload_scope.ts";

/** Returns a name that always means `key`: without a slash, a name can mean an indexed file. */
function nameOf(key: string): string {
  return `./${key}`;
}

/** Returns the names of the resources of a scene, the urgent ones first. */
function namesOf({ urgent, other }: PlannedScene): string[] {
  return [...Object.keys(urgent), ...Object.keys(other)].map(nameOf);
}

/** Loads the resources of a scene into its scope, side by side. Warns about those that can't be loaded. */
export async function loadScene(
  scene: PlannedScene,
  scope: ResourceScope,
  { manager, ...options }: LoadOptions & { manager: ResourceManager },
): Promise<void> {
  const ahead = scope.use(preloadScope(manager, scope.label));
  const { signal } = options;
  // A load, and what its loader loads, has the priority of its most urgent waiter.
  const urgent = Object.keys(scene.urgent).map((key) =>
    ahead.loadAsync(nameOf(key), { priority: "high", signal })
  );
  const loading = ahead.loadAll(namesOf(scene), { ...options, partial: true });
  for (const task of urgent) {
    task.catch(() => {}); // `loading` has the same failure.
    task[Symbol.dispose]();
  }
  const { errors } = await loading;
  for (const [name, error] of Object.entries(errors)) {
    const action = `Cannot load all that is planned for the scene ${quote(scope.label)}`;
    const message = `${action}, record the play again: ${messageOf(error)}`;
    cacheOf(manager).events.warn(message, name.slice(nameOf("").length));
  }
}

/** Loads the resources of a scene at low priority. Disposing the returned scope releases them. */
export function loadAhead(
  scene: PlannedScene,
  label: string,
  manager: ResourceManager,
): { scope: ResourceScope; loaded: Promise<unknown> } {
  const scope = preloadScope(manager, label);
  return {
    scope,
    loaded: scope.loadAll(namesOf(scene), { priority: "low", partial: true }),
  };
}
