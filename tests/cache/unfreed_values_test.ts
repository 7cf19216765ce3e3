import { assertEquals } from "@std/assert";
import { type Loader, MemorySource, ResourceManager } from "../../mod.ts";

class Texture {
  destroy() {}
}

/** Loads each of `names` by a loader, and returns the warnings. */
function warnings(loader: Omit<Loader<unknown>, "name" | "extensions">, names: string[]): string[] {
  const source = new MemorySource(Object.fromEntries(names.map((name) => [name, name])));
  const loaders = [{ name: "t", extensions: [".t"], ...loader }];
  using mgr = new ResourceManager({ source, loaders });
  const found: string[] = [];
  using _warnings = mgr.on("warning", ({ message, key }) => found.push(`${key}: ${message}`));
  for (const name of names) mgr.load(name, Object)[Symbol.dispose]();
  return found;
}

const problem = (method: string) =>
  `Loader "t" has no unload, so nothing calls ${method}() of its values: ` +
  `write \`unload: (value) => value.${method}()\``;

Deno.test("a loader without unload raises one warning if its values have to be freed", () => {
  assertEquals(warnings({ load: () => new Texture() }, ["a.t", "b.t", "a.t"]), [
    `a.t: ${problem("destroy")}`,
  ]);
  for (const method of ["dispose", "destroy", "close", "free"]) {
    const found = warnings({ load: () => ({ [method]() {} }) }, ["a.t"]);
    assertEquals(found, [`a.t: ${problem(method)}`]);
  }
});

Deno.test("the first value that has to be freed is found, even after values that need not be", () => {
  const late: Loader<unknown>["load"] = (_, { key }) => key === "c.t" ? { close() {} } : {};
  assertEquals(warnings({ load: late }, ["a.t", "b.t", "c.t", "d.t"]), [
    `c.t: ${problem("close")}`,
  ]);
  const mixed: Loader<unknown>["load"] = (_, { key }) => key === "c.t" ? new Texture() : new Map();
  assertEquals(warnings({ load: mixed }, ["a.t", "c.t"]).length, 1);
  const bare = () => Object.assign(Object.create(null), { free() {} });
  const Bare = { name: "Bare", [Symbol.hasInstance]: (_: unknown): _ is unknown => true };
  using mgr = new ResourceManager({
    source: new MemorySource({ "a.t": "" }),
    loaders: [{ name: "t", extensions: [".t"], load: bare }],
  });
  const found: string[] = [];
  using _warnings = mgr.on("warning", ({ message }) => found.push(message));
  using _bare = mgr.load("a.t", Bare);
  assertEquals(found, [problem("free")]);
});

Deno.test("a loader raises no warning if its values are freed, or need not be", () => {
  class Disposed extends Texture {
    [Symbol.dispose]() {}
  }
  class DisposedLater extends Texture {
    async [Symbol.asyncDispose]() {}
  }
  const values: (() => unknown)[] = [
    () => new Disposed(),
    () => new DisposedLater(),
    () => ({ close: true, free: "yes" }),
    () => [],
    () => new Uint8Array(1),
    () => new ArrayBuffer(1),
    () => new Map(),
    () => new Date(),
    () => new Blob([]),
    () => new Number(1),
  ];
  for (const load of values) assertEquals(warnings({ load }, ["a.t"]), []);
  assertEquals(warnings({ load: () => new Texture(), unload() {} }, ["a.t"]), []);
});

Deno.test("a loader raises no warning if its context frees the value", () => {
  const Any = Object;
  const own = (value: Texture) => value.destroy();
  const ways: Loader<unknown>["load"][] = [
    (_, context) => context.adopt(new Texture(), own),
    (_, context) => {
      const texture = new Texture();
      context.defer(() => texture.destroy());
      return texture;
    },
    (_, context) => {
      const texture = new Texture();
      context.use({ [Symbol.dispose]: () => texture.destroy() });
      return texture;
    },
    (_, context) => {
      if (context.key === "a.t") context.load("b.t", Any);
      return context.adopt(new Texture(), own);
    },
  ];
  for (const load of ways) assertEquals(warnings({ load }, ["a.t", "b.t"]), []);
  const parts: Loader<unknown>["load"] = (_, context) => {
    if (context.key !== "a.t") return {};
    context.load("b.t", Any);
    return new Texture();
  };
  assertEquals(warnings({ load: parts }, ["a.t", "b.t"]).length, 1); // The context only holds a dependency.
});

Deno.test("add() raises no warning, and a reload raises the same one as a load", () => {
  let value: unknown = {};
  using mgr = new ResourceManager({
    source: new MemorySource({ "a.t": "" }),
    loaders: [{ name: "t", extensions: [".t"], load: () => value }],
  });
  const found: string[] = [];
  using _warnings = mgr.on("warning", ({ message }) => found.push(message));
  mgr.add("texture", new Texture())[Symbol.dispose]();
  using _a = mgr.load("a.t", Object);
  assertEquals(found, []);
  value = new Texture();
  mgr.reload("a.t");
  mgr.reload("a.t");
  assertEquals(found, [problem("destroy")]);
});

Deno.test("a value whose getters throw is loaded without a warning", () => {
  class Shy {
    get destroy(): () => void {
      throw new Error("do not look");
    }
  }
  const nameless = Object.defineProperty({}, "constructor", {
    get: () => {
      throw new Error("do not look");
    },
  });
  for (const value of [new Shy(), nameless]) {
    assertEquals(warnings({ load: () => value }, ["a.t"]), []);
  }
});
