/** Types whose checks, `[Symbol.hasInstance]`, call the manager again. */
import { assertEquals } from "@std/assert";
import { type Handle, MemorySource, ResourceManager, type ResourceType } from "../mod.ts";
import { turns } from "./_turns.ts";

/** A manager of one text, and a type whose check number `actAt` calls `act`. */
function checking(
  act: (mgr: ResourceManager) => void,
  pacing: "immediate" | "pumped" = "immediate",
) {
  const unloaded: unknown[] = [];
  const unload = (it: { text: string }) => void unloaded.push(it.text);
  const mgr = new ResourceManager({
    source: new MemorySource({ "a.it": "loaded" }),
    loaders: [{
      name: "it",
      extensions: [".it"],
      load: (bytes) => ({ text: new TextDecoder().decode(bytes) }),
      unload,
    }],
    pacing,
    leaks: { onLeak() {} },
  });
  let left = -1;
  const type: ResourceType<{ text: string }> = {
    name: "It",
    [Symbol.hasInstance](value: unknown): value is { text: string } {
      if (left-- === 0) act(mgr);
      return typeof value === "object";
    },
  };
  return { mgr, type, unload, unloaded, actAt: (check: number) => left = check };
}

Deno.test("add() with replace makes its value resident when the check of a type unloads the old value", () => {
  const { mgr, type, unload, unloaded, actAt } = checking((mgr) =>
    mgr.unload("a.it", { force: true })
  );
  using _old = mgr.load("a.it", type);
  actAt(0);
  const handle = mgr.add("a.it", { text: "added" }, { replace: true, unload });
  assertEquals([handle.value.text, mgr.size, unloaded], ["added", 1, ["loaded"]]);
  handle[Symbol.dispose]();
  assertEquals([mgr.size, unloaded], [0, ["loaded", "added"]]);
  mgr[Symbol.dispose]();
});

const anything: ResourceType<unknown> = {
  name: "Anything",
  [Symbol.hasInstance]: (_value: unknown): _value is unknown => true,
};

Deno.test("a load that the check of its type withdraws keeps no reference", async () => {
  for (let check = 0; check < 3; check++) {
    const { mgr, type, unloaded, actAt } = checking(() => withdraw());
    let isWithdrawn = false;
    const withdraw = () => {
      if (!isWithdrawn) task[Symbol.dispose]();
      isWithdrawn = true;
    };
    using other = mgr.loadAsync("a.it", anything);
    const task = mgr.loadAsync("a.it", type);
    task.catch(() => {});
    actAt(check);
    await other;
    withdraw(); // There may have been fewer checks.
    assertEquals(mgr.cacheStats().totalReferences, 1);
    other[Symbol.dispose]();
    assertEquals([mgr.size, unloaded], [0, ["loaded"]]);
    mgr[Symbol.dispose]();
  }
});

Deno.test("loadAsync() and get() return the value that the check of their type makes resident instead", async () => {
  const { mgr, type, unload, unloaded, actAt } = checking((mgr) => {
    mgr.unload("a.it", { force: true });
    mgr.acquire(mgr.add("a.it", { text: "added" }, { unload }).key);
  });
  for (const ask of [() => mgr.get("a.it", type), () => mgr.loadAsync("a.it", type)]) {
    mgr.load("a.it");
    actAt(0);
    const handle: Handle<{ text: string }> | undefined = await ask();
    assertEquals([handle?.value.text, mgr.size, unloaded.splice(0)], ["added", 1, ["loaded"]]);
    mgr.unload("a.it", { force: true });
    assertEquals(unloaded.splice(0), ["added"]);
  }
  mgr[Symbol.dispose]();
});

Deno.test("a pump in a load event leaves one value of the same key", async () => {
  const { mgr, unloaded } = checking(() => {}, "pumped");
  const task = mgr.loadAsync("a.it");
  await turns();
  mgr.on("load", () => mgr.pump({ maxMs: Infinity }));
  using handle = mgr.load("a.it");
  assertEquals([mgr.size, (await task).value], [1, handle.value]);
  mgr.unload("a.it", { force: true });
  mgr.pump({ maxMs: Infinity });
  assertEquals(unloaded.length, 2); // the value of the pump was discarded
  mgr[Symbol.dispose]();
});
