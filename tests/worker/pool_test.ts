/** How real workers start, fail to start, and end. */
import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { ResourceLoadError } from "@holdfast/resources";
import { serveDecoder, workerLoader } from "@holdfast/resources/worker";
import { printable } from "../../src/contract/printable.ts";
import { FakeClock } from "../_fake_clock.ts";
import { Folder } from "../_folder.ts";
import { decoderOf, moduleOf, problemOf, stage } from "./_module.ts";

const ECHO = decoderOf("(bytes) => new TextDecoder().decode(bytes)");

/** Starts two loads with `module`, and returns why they fail. */
async function problemsOf(module: URL): Promise<string[]> {
  await using all = stage(module, { workers: 2 });
  return await Promise.all(["a.data", "b.data"].map((name) => problemOf(all.mgr.loadAsync(name))));
}

Deno.test("if a module does not load, all loads that wait fail at once with the reason", async () => {
  using folder = new Folder({
    "syntax.js": "const = 1;",
    "throws.js": 'throw new RangeError("no wasm here");',
    "imports.js": 'import "./nowhere.js";',
  });
  const modules: Record<string, RegExp> = {
    // If types are checked, the type check fails first.
    "missing.js": /Module not found ".*missing\.js"|Type checking failed/,
    "syntax.js": /SyntaxError|could not be parsed: Unexpected token/,
    "throws.js": /RangeError: no wasm here/,
    "imports.js": /Module not found ".*nowhere\.js"|Type checking failed/,
  };
  for (const [file, reason] of Object.entries(modules)) {
    const problems = await problemsOf(new URL(file, folder.url));
    assertMatch(problems[0]!, /^Cannot load "a\.data": its worker "file:.*\.js" does not start: /);
    assertMatch(problems[1]!, /^Cannot load "b\.data": its worker "file:.*\.js" does not start: /);
    for (const problem of problems) {
      assertMatch(problem, reason);
      assertEquals(problem, printable(problem), "one line, without colours");
    }
  }
});

Deno.test("after a module is corrected, the next load works", async () => {
  using folder = new Folder({ "decode.js": "throw 1;" });
  await using all = stage(new URL("decode.js", folder.url));
  await assertRejects(() => all.mgr.loadAsync("a.data"), ResourceLoadError, "does not start");
  const code = decodeURIComponent(ECHO.slice(ECHO.indexOf(",") + 1));
  Deno.writeTextFileSync(new URL("decode.js", folder.url), code);
  using a = await all.mgr.loadAsync("a.data");
  assertEquals(a.value, "abc");
});

Deno.test("if no worker can be started, the loads that wait fail", async () => {
  await using all = stage(() => {
    throw new TypeError("workers are forbidden here");
  });
  assertEquals(
    await problemOf(all.mgr.loadAsync("a.data")),
    'Cannot load "a.data": its worker does not start: workers are forbidden here',
  );
  await using other = stage("no url");
  assertMatch(
    await problemOf(other.mgr.loadAsync("a.data")),
    /^Cannot load "a\.data": its worker "no url" does not start: /,
  );
});

Deno.test("a worker that does not start fails no load when others have started", async () => {
  let started = 0;
  const open = () => new Worker(++started === 1 ? ECHO : moduleOf("throw 1"), { type: "module" });
  await using all = stage(open, { workers: 2 });
  const loadBoth = async () => {
    using level = await all.mgr.loadAll(["a.data", "b.data"]);
    return Object.values(level).map(({ value }) => value);
  };
  (await all.mgr.loadAsync("a.data"))[Symbol.dispose]();
  assertEquals([await loadBoth(), started], [["abc", "b"], 2]);
  assertEquals([await loadBoth(), await loadBoth()], [["abc", "b"], ["abc", "b"]]);
});

Deno.test("if a module never calls serveDecoder, the loads fail after startTimeout", async () => {
  for (
    const code of ["", "await new Promise((done) => setTimeout(done, 1e9)); serveDecoder(() => 1);"]
  ) {
    const clock = new FakeClock();
    await using all = stage(moduleOf(code), { clock, startTimeout: 500 });
    const problem = problemOf(all.mgr.loadAsync("a.data"));
    while (clock.pending === 0) await Promise.resolve();
    clock.advance(499);
    assertEquals(clock.pending, 1);
    clock.advance(1);
    assertMatch(
      await problem,
      /its worker "data:.*" does not start: its module has not called serveDecoder within 500 ms$/,
    );
  }
});

Deno.test("a module may await something before it calls serveDecoder", async () => {
  await using all = stage(moduleOf(
    "const n = await new Promise((done) => setTimeout(done, 1, 7)); serveDecoder(() => n);",
  ));
  using a = await all.mgr.loadAsync("a.data");
  assertEquals(a.value, 7);
});

Deno.test("idle workers end after idleTimeout, and start again", async () => {
  const clock = new FakeClock();
  let started = 0;
  const module = moduleOf("let n = 0; serveDecoder(() => ++n);");
  const open = () => (started++, new Worker(module, { type: "module" }));
  await using all = stage(open, { clock, idleTimeout: 100 });
  const load = async () => {
    using data = await all.mgr.loadAsync("a.data");
    return data.value;
  };
  assertEquals([await load(), await load()], [1, 2]);
  clock.advance(99);
  assertEquals([await load(), started, clock.pending], [3, 1, 1]);
  clock.advance(99); // it is 198 ms after the first load, and 99 after the last one
  assertEquals([await load(), started], [4, 1]);
  clock.advance(100);
  assertEquals([await load(), started], [1, 2]);
});

Deno.test("disposing the loader ends all workers, and fails the loads that run or wait", async () => {
  const module = decoderOf("() => new Promise(() => {})");
  let ended = 0;
  const open = () => {
    const worker = new Worker(module, { type: "module" });
    const { terminate } = worker;
    worker.terminate = () => {
      ended++;
      terminate.call(worker);
    };
    return worker;
  };
  await using all = stage(open, {
    workers: 2,
    files: { "a.data": "", "b.data": "", "c.data": "" },
  });
  const problems = ["a.data", "b.data", "c.data"].map((name) => problemOf(all.mgr.loadAsync(name)));
  while (ended === 0) {
    // Until the workers have started: they take the first two.
    await new Promise((resolve) => setTimeout(resolve));
    if (all.mgr.cacheStats().misses === 3) all.loader[Symbol.dispose]();
  }
  for (const problem of await Promise.all(problems)) {
    assertMatch(
      problem,
      /: its workers are disposed, dispose the manager before them$/,
    );
  }
  assertEquals(ended, 2);
  assertMatch(
    await problemOf(all.mgr.loadAsync("a.data")),
    /^Cannot load "a\.data": its workers are disposed/,
  );
  await all.loader[Symbol.asyncDispose](); // the second call does nothing
  assertEquals(ended, 2);
});

Deno.test("the manager may be disposed while loads run", async () => {
  const all = stage(decoderOf("() => new Promise(() => {})"));
  const failed = all.mgr.loadAsync("a.data").catch((error) => error.name);
  await all[Symbol.asyncDispose]();
  assertEquals(await failed, "ManagerDisposedError");
});

Deno.test("workerLoader() refuses invalid numbers, and starts nothing", () => {
  const refused = (options: Record<string, unknown>, why: string) => {
    const create = () => workerLoader(ECHO, { name: "d", extensions: [".d"], ...options });
    assertThrows(create, RangeError, `Cannot create a workerLoader: ${why}`);
  };
  for (const workers of [0, -1, NaN, 1.5, Infinity, "2"]) {
    const shown = typeof workers === "string" ? '"2"' : workers;
    refused({ workers }, `"workers" must be a whole number above 0: received ${shown}`);
  }
  for (const name of ["startTimeout", "abortTimeout", "idleTimeout"]) {
    for (const value of [-1, NaN]) {
      refused(
        { [name]: value },
        `"${name}" must be a number of milliseconds, 0 or more: received ${value}`,
      );
    }
  }
});

Deno.test("serveDecoder() refuses to serve on the main thread, or twice", async () => {
  assertThrows(
    () => serveDecoder(() => 1),
    ReferenceError,
    "Cannot serve a decoder: this is not a worker, " +
      "call serveDecoder in the module that workerLoader is given",
  );
  const twice = "serveDecoder(() => refused); let refused; " +
    "try { serveDecoder(() => 2); } catch (error) { refused = error.message; }";
  await using all = stage(moduleOf(twice));
  using a = await all.mgr.loadAsync("a.data");
  assertEquals(
    a.value,
    "Cannot serve a decoder: this worker serves one already, call serveDecoder once",
  );
});
