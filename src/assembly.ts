import { Cache } from "./cache/cache.ts";
import type { Entry } from "./cache/entry.ts";
import { observedLeakOptions } from "./cache/managers.ts";
import { systemClock } from "./contract/clock.ts";
import { EventHub } from "./contract/events.ts";
import { isObject } from "./contract/is_object.ts";
import type { Loaders } from "./contract/named.ts";
import { assertLimits, type ResourceManagerOptions } from "./contract/options.ts";
import { ResourceHandle, WeakResourceHandle } from "./handles/resource_handle.ts";
import { LeakReporter } from "./leaks/reporter.ts";
import { Flights } from "./load/flights.ts";
import { Loading } from "./load/loading.ts";
import { Reader } from "./load/reader.ts";
import { bytesLoader } from "./loaders/bytes.ts";
import { jsonLoader } from "./loaders/json.ts";
import { textLoader } from "./loaders/text.ts";
import { LoaderRegistry, registerLoader } from "./names/loader_registry.ts";
import { assertManifest } from "./names/manifest.ts";
import { NameIndex } from "./names/name_index.ts";
import { Reloader } from "./reload/reloader.ts";
import { Watch, Watcher } from "./reload/watcher.ts";
import { showInConsole } from "./report/inspect.ts";
import { SnapshotComparison } from "./report/snapshot.ts";
import { findTelemetry } from "./report/telemetry.ts";
import { warnOfLeaks } from "./report/warn_of_leaks.ts";
import { sourceOf } from "./sources/file.ts";

/** The parts of a manager. */
export interface Parts {
  readonly events: EventHub;
  readonly loaders: LoaderRegistry;
  readonly index: NameIndex;
  readonly cache: Cache;
  readonly loading: Loading;
  readonly flights: Flights;
  readonly reloader: Reloader;
  readonly watcher: Watcher;
}

/** Makes the parts of a manager with these options. Throws if an option is malformed. */
export function assemble(options: ResourceManagerOptions): Parts {
  const own = options?.loaders ?? [];
  if (!isObject(options) || !isObject(own) || !(Symbol.iterator in own)) {
    throw new TypeError("Cannot create a ResourceManager: use { source, loaders: [loader] }");
  }
  const { source = ".", clock = systemClock } = options;
  makeVisible();
  assertLimits(options);
  if (options.manifest !== undefined) assertManifest(options.manifest);
  const events = new EventHub();
  const loaders = new LoaderRegistry();
  const index = new NameIndex();
  const telemetry = findTelemetry();
  const leaks = new LeakReporter(observedLeakOptions(options.leaks), events, warnOfLeaks);
  const cache = new Cache(options, { events, leaks, index });
  const reader = new Reader(sourceOf(source), loaders);
  const onStale = (entry: Entry) => watcher.landedStale(entry);
  const loading = new Loading({ cache, reader, index, telemetry, onStale });
  const flights = new Flights(loading, options.maxConcurrency);
  const reloader = new Reloader(flights);
  const watcher: Watcher = new Watcher(reloader, clock);
  telemetry?.count(cache);
  registerAll(own, loaders, events);
  return { events, loaders, index, cache, loading, flights, reloader, watcher };
}

/** Registers the built-in loaders, and then those of the options. */
function registerAll(own: Loaders, loaders: LoaderRegistry, events: EventHub): void {
  const builtIn = [textLoader, jsonLoader, bytesLoader];
  for (const loader of builtIn) loaders.register(loader);
  // A loader of the options that takes over one of their extensions does so on purpose: no warning.
  const replaceable = builtIn.map(({ name }) => name);
  for (const loader of own) registerLoader(loader, { loaders, events, replaceable });
}

let visible = false;

/**
 * Sets how `console.log` shows what a manager returns. The first manager calls it, and no module does:
 * so a bundle without managers leaves it out.
 */
function makeVisible(): void {
  if (visible) return;
  visible = true;
  showInConsole(ResourceHandle<unknown>, ResourceHandle.show);
  showInConsole(WeakResourceHandle<unknown>, WeakResourceHandle.show);
  showInConsole(SnapshotComparison, String);
  showInConsole(Watch, Watch.show);
}
