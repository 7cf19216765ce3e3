/** All contenders by name. Each is imported only in the process that runs it. */
import type { CacheOptions, Contender } from "./contender.ts";

const holdfast = () => import("./contenders/holdfast.ts");
const maps = () => import("./contenders/maps.ts");
const lru = () => import("./contenders/lru_caches.ts");
const vscode = () => import("./contenders/vscode.ts");
/**
 * A variable, so that Deno does not fetch it early: JSR may be out of reach, and it is then left
 * out.
 */
const STD_CACHE: string = "jsr:@std/cache@^0.2.2/lru-cache";

/** Makes each contender. Throws if its package can't be loaded. */
export const CONTENDERS = {
  "bare `Map` and a count": async () => new (await maps()).BareMap(),
  "`Map` with closures": async () => new (await maps()).Closures(),
  "Effect 4 `RcMap`": async (options) =>
    new (await import("./contenders/rc_map.ts")).EffectRcMap(options),
  "VS Code `ReferenceCollection`": async () => new (await vscode()).VsCode(),
  "the same, leaks tracked": async () => new (await vscode()).VsCodeTracked(),
  "`lru-cache`": async (options) => new (await lru()).LruCache(options),
  "`quick-lru`": async (options) => new (await lru()).QuickLru(options),
  "`mnemonist` `LRUMap`": async (options) => new (await lru()).Mnemonist(options),
  "`@std/cache` `LruCache`": async (options) =>
    new (await lru()).StdCache(options, await import(STD_CACHE)),
  "Holdfast": async (options) => new (await holdfast()).Holdfast(options),
  "Holdfast, detection off": async (options) =>
    new (await holdfast()).Holdfast(options, { detect: false }),
  "Holdfast, one site in 1 000": async (options) =>
    new (await holdfast()).Holdfast(options, { stacks: 1000 }),
  "Holdfast, strict": async (options) => new (await holdfast()).HoldfastStrict(options),
  "detection in the usual way": async (options) =>
    new (await holdfast()).HoldfastRegistered(options),
  "`using` of nothing": async () => new (await holdfast()).EmptyUsing(),
  "`using` a load": async (options) => new (await holdfast()).HoldfastUsing(options),
  "a scope for 64 loads": async (options) => new (await holdfast()).HoldfastScope(options),
  "Holdfast, by scopes": async (options) => new (await holdfast()).HoldfastScenes(options),
  "`mgr.with`": async (options) => new (await holdfast()).HoldfastWith(options),
  "`handle.clone()`": async (options) => new (await holdfast()).HoldfastClone(options),
  "`weak.upgrade()`": async (options) => new (await holdfast()).HoldfastUpgrade(options),
  "`handle.value`": async (options) => new (await holdfast()).HoldfastValue(options),
} satisfies Record<string, (options: CacheOptions) => Promise<Contender>>;

export type ContenderName = keyof typeof CONTENDERS;
