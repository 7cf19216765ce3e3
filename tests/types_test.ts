/** What must compile, and what must not. A missing expected error fails the check. */
import { assert } from "@std/assert";
import {
  Bytes,
  type Handle,
  type isWithdrawn,
  Json,
  json,
  type JsonValue,
  type LoadAllOptions,
  type LoadedBundle,
  type Loader,
  type LoadTask,
  MemorySource,
  ResourceManager,
  type ResourceScope,
  type StandardSchema,
  Text,
} from "../mod.ts";
import { same } from "./_same_type.ts";
import { type Other, Thing, ThingLoader } from "./_thing.ts";

class Hidden {
  #brand = true;
  private constructor() {}
  static make(): Hidden {
    return new Hidden();
  }
  get brand(): boolean {
    return this.#brand;
  }
}

abstract class Shape {
  abstract area(): number;
}

declare const mgr: ResourceManager;
declare const scope: ResourceScope;
declare const isPartial: boolean;
declare const level: StandardSchema<{ width: number }>;

/** Never called: checked by the compiler only. */
export function compiles(): void {
  const explicit = mgr.load<Thing>("a", Thing);
  same<typeof explicit, Handle<Thing>>(true);
  const thing = mgr.load("a", Thing);
  same<typeof thing, Handle<Thing>>(true);
  const text = scope.load("a", Text);
  same<typeof text.value, string>(true);
  const data = mgr.load("a", Json);
  same<typeof data.value, JsonValue>(true);
  const bytes = mgr.get("a", Bytes);
  same<typeof bytes, Handle<Uint8Array<ArrayBuffer>> | undefined>(true);
  const typed = mgr.load("a", json(level));
  same<typeof typed.value, { width: number }>(true);
  const hidden = mgr.load("a", Hidden);
  same<typeof hidden, Handle<Hidden>>(true);
  const shape = mgr.load("a", Shape);
  same<typeof shape.value.area, () => number>(true);
  const added = mgr.add("a", new Thing("a", ""));
  same<typeof added, Handle<Thing>>(true);
  same<ReturnType<typeof thing.clone>, Handle<Thing>>(true);
  same<ReturnType<ReturnType<typeof thing.weak>["upgrade"]>, Handle<Thing> | undefined>(true);
  same<ReturnType<typeof scope.move>, ResourceScope>(true);
  const any: Loader<unknown> = new ThingLoader();
  new ResourceManager({ loaders: [new ThingLoader(), any], maxBytes: 1, idle: { maxAge: 5 } });
  const task = mgr.loadAsync("a", Thing);
  same<typeof task, LoadTask<Thing>>(true);
  same<Awaited<typeof task>, Handle<Thing>>(true);
  const bundle = mgr.loadAll({ hero: ["a", Thing], map: ["b", Json], text: ["c", Text] });
  type Loaded = Awaited<typeof bundle>;
  same<Loaded["hero"], Handle<Thing>>(true);
  same<Loaded["map"], Handle<JsonValue>>(true);
  same<Loaded["text"], Handle<string>>(true);
  const hiddenBundle = scope.loadAll({ hidden: ["a", Hidden], level: ["b", json(level)] });
  same<Awaited<typeof hiddenBundle>["hidden"], Handle<Hidden>>(true);
  same<Awaited<typeof hiddenBundle>["level"], Handle<{ width: number }>>(true);
  const names: string[] = [];
  const lists = scope.loadAll({ foes: [names, Thing], texts: [["a", "b"], Text], hero: "a" });
  same<Awaited<typeof lists>["foes"], readonly Handle<Thing>[]>(true);
  same<Awaited<typeof lists>["texts"], readonly Handle<string>[]>(true);
  const some = mgr.loadAll({ foes: [names, Thing] }, { partial: true });
  same<Awaited<typeof some>["foes"], readonly (Handle<Thing> | undefined)[]>(true);
  const { name } = JSON.parse("{}");
  const untyped = mgr.loadAll({ foe: [name, Thing] });
  same<Awaited<typeof untyped>["foe"], Handle<Thing>>(true);
  type OneOrMore = LoadedBundle<{ foe: readonly [string | string[], typeof Thing] }>["foe"];
  same<OneOrMore, Handle<Thing> | readonly Handle<Thing>[]>(true);
  const partial = mgr.loadAll({ hero: ["a", Thing], map: ["b", Json] }, { partial: true });
  type Part = Awaited<typeof partial>;
  same<Part["hero"], Handle<Thing> | undefined>(true);
  same<Part["map"], Handle<JsonValue> | undefined>(true);
  same<Part["errors"], Readonly<Record<string, unknown>>>(true);
  const whole = scope.loadAll({ hero: ["a", Thing] }, { partial: false, priority: "low" });
  same<Awaited<typeof whole>["hero"], Handle<Thing>>(true);
  const options: LoadAllOptions = { onProgress: ({ done, total }) => done / total };
  const followed = scope.loadAll({ hero: ["a", Thing] }, options);
  same<Awaited<typeof followed>["hero"], Handle<Thing>>(true);
  const either = mgr.loadAll({ hero: ["a", Thing] }, { partial: isPartial });
  same<Awaited<typeof either>["hero"], Handle<Thing> | undefined>(true);
  const reporting = mgr.loadAsync("a", Thing, { onProgress: (progress) => progress.totalBytes });
  same<typeof reporting, LoadTask<Thing>>(true);
  same<ReturnType<typeof isWithdrawn>, boolean>(true);
  mgr.on("unload", ({ reason }) => same<typeof reason, "x">(false));
}

/** Never called: each line is an error, for the reason in its comment. */
export function refuses(): void {
  // @ts-expect-error a task is not a handle yet
  mgr.loadAsync("a", Thing).value;
  // @ts-expect-error a bundle has pairs of a name and a type
  mgr.loadAll({ a: ["a"] });
  // @ts-expect-error a list in a bundle has a type
  mgr.loadAll({ a: ["a", "b", "c"] });
  // @ts-expect-error a list of names has a list of handles
  mgr.loadAll({ a: [["a"], Thing] }).then(({ a }) => a.value);
  // @ts-expect-error a whole bundle has no errors
  mgr.loadAll({ a: ["a", Thing] }).then(({ errors }) => errors);
  // @ts-expect-error a handle of a partial bundle may be missing
  mgr.loadAll({ a: ["a", Thing] }, { partial: true }).then(({ a }) => a.value);
  // @ts-expect-error there is no such option
  mgr.loadAll({ a: ["a", Thing] }, { partail: true });
  // @ts-expect-error LoadAllOptions are those of a whole bundle, not of a partial one
  const whole: LoadAllOptions = { partial: true };
  // @ts-expect-error there is no such priority
  mgr.loadAsync("a", Thing, { priority: "urgent" });
  // @ts-expect-error a value is not a type
  mgr.load("a", new Thing("a", ""));
  // @ts-expect-error a handle's value is read-only
  mgr.load("a", Thing).value = new Thing("a", "");
  // @ts-expect-error a handle of one type is not a handle of another
  const other: Handle<Other> = mgr.load("a", Thing);
  // @ts-expect-error get() may find nothing
  mgr.get("a", Thing).value;
  // @ts-expect-error a handle is not its value
  const thing: Thing = mgr.load("a", Thing);
  // @ts-expect-error there is no such event
  mgr.on("lod", () => {});
  // @ts-expect-error an unload event has no version
  mgr.on("unload", ({ version }) => version);
  // @ts-expect-error a policy is a word or limits
  new ResourceManager({ idle: "always" });
  // @ts-expect-error there is no such option
  new ResourceManager({ maxByte: 1 });
  // @ts-expect-error a loader needs extensions
  mgr.registerLoader({ name: "x", load: () => 1 });
  // @ts-expect-error unload takes what load makes
  const loader: Loader<Thing> = { name: "x", extensions: [], unload: (_: Other) => {} };
  // @ts-expect-error the constructor is private
  new Hidden();
  // @ts-expect-error a source reads bytes, not text
  new ResourceManager({ source: { read: () => "text" } });
  // @ts-expect-error files are text or bytes
  new MemorySource({ "a.txt": 5 });
  // @ts-expect-error statistics are a snapshot by key
  mgr.cacheStats().resources["a"].refCount;
  void [other, thing, loader, whole];
}

Deno.test("types compile and refuse as written above", () => {
  assert(Hidden.make().brand);
});
