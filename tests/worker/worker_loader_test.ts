/** Loads in real workers: the values, what is moved, the order, and failures. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  type Handle,
  isWithdrawn,
  LoaderNotFoundError,
  MemorySource,
  ResourceLoadError,
  ResourceManager,
} from "@holdfast/resources";
import { workerLoader } from "@holdfast/resources/worker";
import { FakeClock } from "../_fake_clock.ts";
import { causeOf, decoderOf, moduleOf, problemOf, stage } from "./_module.ts";

const ECHO = decoderOf("(bytes) => new TextDecoder().decode(bytes)");

Deno.test("workerLoader() decodes in a worker, and make() makes the value on the main thread", async () => {
  class Shout {
    constructor(readonly text: string) {}
  }
  using loader = workerLoader(ECHO, {
    name: "shout",
    extensions: [".shout"],
    make: (text: string, { key }) => new Shout(`${key}: ${text.toUpperCase()}`),
    byteLength: ({ text }) => text.length,
  });
  const source = new MemorySource({ "a.shout": "hello" });
  await using mgr = new ResourceManager({ source, loaders: [loader] });
  using shout: Handle<Shout> = await mgr.loadAsync("a.shout"); // typed by its name
  assertInstanceOf(shout.value, Shout);
  assertEquals([shout.value.text, mgr.bytes], ["a.shout: HELLO", 14]);
});

Deno.test("workerLoader() without make() types names if its type arguments are written", async () => {
  using loader = workerLoader<string, ".shout">(ECHO, { name: "shout", extensions: [".shout"] });
  const source = new MemorySource({ "a.shout": "hello" });
  await using mgr = new ResourceManager({ source, loaders: [loader] });
  using shout: Handle<string> = await mgr.loadAsync("a.shout");
  assertEquals(shout.value, "hello");
});

Deno.test("workerLoader() passes on variants, unload and byteLength, and make() may be asynchronous", async () => {
  const log: string[] = [];
  await using all = stage(
    decoderOf(
      "(bytes, { key, path, variant, part, signal }) => " +
        "[key, path, variant, part, signal instanceof AbortSignal, bytes.length]",
    ),
    {
      variants: ["half"],
      make: (result) => Promise.resolve(result),
      byteLength: () => 7,
      unload: (value) => void log.push(String(value)),
    },
  );
  {
    using data = await all.mgr.loadAsync("a.data?half", Array);
    assertEquals(data.value, ["a.data?half", "a.data", "half", "", true, 3]);
    assertEquals(all.mgr.bytes, 7);
  }
  assertEquals(log, ["a.data?half,a.data,half,,true,3"]);
  await assertRejects(() => all.mgr.loadAsync("a.data?third"), LoaderNotFoundError, '"half"');
});

Deno.test("load() throws that a loader in workers is asynchronous", async () => {
  await using all = stage(ECHO);
  assertThrows(
    () => all.mgr.load("a.data"),
    LoaderNotFoundError,
    'Cannot load "a.data": its loader "data" is asynchronous, use loadAsync',
  );
});

Deno.test("bytes are moved to the worker, and its result is moved back", async () => {
  const seen: Uint8Array<ArrayBuffer>[] = [];
  const source = {
    readAsync() {
      const bytes = new Uint8Array(1000).fill(1);
      seen.push(bytes);
      return Promise.resolve(bytes);
    },
  };
  const code = "let last; serveDecoder((bytes) => {" +
    "const left = last?.byteLength; last = bytes.buffer;" +
    "return { left, inside: new Map([['a', [new Set([{ bytes }])]]]), twice: [bytes, bytes.buffer] }; });";
  using loader = workerLoader(moduleOf(code), { name: "d", extensions: [".data"], workers: 1 });
  await using mgr = new ResourceManager({ source, loaders: [loader] });
  type Result = { left?: number; inside: Map<string, [Set<{ bytes: Uint8Array }>]> };
  using first = await mgr.loadAsync("a.data");
  using second = await mgr.loadAsync("b.data");
  assertEquals(seen.map(({ buffer }) => buffer.detached), [true, true]);
  assertEquals((first.value as Result).left, undefined);
  assertEquals((second.value as Result).left, 0, "the worker no longer has its first result");
  const [inner] = (second.value as Result).inside.get("a")!;
  assertEquals([...inner!][0]!.bytes, new Uint8Array(1000).fill(1));
});

Deno.test("a part of a larger buffer is copied to the worker, because the rest may be in use", async () => {
  const archive = new TextEncoder().encode("head|body");
  const source = { readAsync: () => Promise.resolve(archive.subarray(5)) };
  using loader = workerLoader(ECHO, { name: "d", extensions: [".data"], workers: 1 });
  await using mgr = new ResourceManager({ source, loaders: [loader] });
  using body = await mgr.loadAsync("a.data");
  assertEquals([body.value, archive.length], ["body", 9]);
});

Deno.test("an error names the mistake when a source returns the same bytes twice", async () => {
  const bytes = new Uint8Array(3);
  const source = { readAsync: () => Promise.resolve(bytes) };
  using loader = workerLoader(ECHO, { name: "d", extensions: [".data"], workers: 1 });
  await using mgr = new ResourceManager({ source, loaders: [loader] });
  using _first = await mgr.loadAsync("a.data");
  assertEquals(
    await problemOf(mgr.loadAsync("b.data")),
    'Cannot load "b.data": its bytes were moved to a worker before, ' +
      "a source must return a new buffer for each read",
  );
});

Deno.test("two loads of one name at the same time decode it once", async () => {
  await using all = stage(moduleOf("let n = 0; serveDecoder(() => ++n);"));
  using first = await all.mgr.loadAsync("a.data");
  const both = await Promise.all([all.mgr.loadAsync("b.data"), all.mgr.loadAsync("b.data")]);
  assertEquals([first.value, ...both.map(({ value }) => value)], [1, 2, 2]);
  for (const handle of both) handle[Symbol.dispose]();
});

Deno.test("with 1 000 loads at once, only as many files are in workers as there are workers", async () => {
  const files = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}.data`, `${i}`]));
  const given: ArrayBuffer[] = [];
  const memory = new MemorySource(files);
  const source = {
    async readAsync(key: string) {
      const bytes = await memory.readAsync(key);
      given.push(bytes.buffer);
      return bytes;
    },
  };
  let [most, answered] = [0, -2]; // the first message of each says that it is ready
  const open = () => {
    const worker = new Worker(ECHO, { type: "module" });
    worker.addEventListener("message", () => {
      const sent = given.filter(({ detached }) => detached).length;
      if (answered >= 0) most = Math.max(most, sent - answered);
      answered++;
    });
    return worker;
  };
  using loader = workerLoader(open, { name: "d", extensions: [".data"], workers: 2 });
  await using mgr = new ResourceManager({ source, loaders: [loader] });
  using loaded = await mgr.loadAll(Object.keys(files));
  assertEquals(Object.values(loaded).map(({ value }) => value), Object.values(files));
  assertEquals([answered, most], [1000, 2]);
});

Deno.test("workers start only when no other one is free, and not more than allowed", async () => {
  let started = 0;
  const open = () => {
    started++;
    return new Worker(ECHO, { type: "module" });
  };
  await using all = stage(open, { workers: 2 });
  assertEquals(started, 0);
  (await all.mgr.loadAsync("a.data"))[Symbol.dispose]();
  (await all.mgr.loadAsync("a.data"))[Symbol.dispose]();
  assertEquals(started, 1);
  (await all.mgr.loadAll(["a.data", "b.data"]))[Symbol.dispose]();
  assertEquals(started, 2);
});

Deno.test("the most urgent load goes first, even if it became urgent while it waited", async () => {
  await using all = stage(moduleOf(
    "const log = []; serveDecoder((bytes, { key }) => { log.push(key); return [...log]; });",
  ));
  const { loader } = all;
  const { signal } = new AbortController();
  const load = (key: string, priority?: string) => {
    const context = { key, signal, priority };
    // The rest of a loader's context is not needed here.
    return { context, done: loader.loadAsync!(new Uint8Array(1), context as never) };
  };
  const [low, normal, late] = [load("low", "low"), load("normal"), load("late", "low")];
  const [high, last] = [load("high", "high"), load("last")];
  late.context.priority = "high";
  await Promise.all([low, normal, high, last].map(({ done }) => done));
  assertEquals(await low.done, ["late", "high", "normal", "last", "low"]);
});

Deno.test("an error of the decoder keeps its class, its message, its cause and the worker's stack", async () => {
  await using all = stage(moduleOf(`
    function parseLevel() {
      const error = new RangeError("there is no level 7", { cause: new Error("of all 3") });
      throw error;
    }
    serveDecoder(parseLevel);
  `));
  const error = await assertRejects(
    () => all.mgr.loadAsync("a.data"),
    ResourceLoadError,
    'Cannot load "a.data": there is no level 7',
  );
  const cause = error.cause as RangeError;
  assertInstanceOf(cause, RangeError);
  assertMatch(cause.stack!, /^RangeError: there is no level 7\n {4}at parseLevel \(data:/);
  assertEquals((cause.cause as Error).message, "of all 3");
  using other = await all.mgr.loadAsync("b.data").catch(() => undefined);
  assertEquals(other, undefined); // the same worker goes on, and fails this load too
});

Deno.test("a load settles with anything that a decoder throws", async () => {
  const thrown: Record<string, string> = {
    "undefined": "undefined was thrown",
    "() => {}": "function was thrown",
    "'just text'": "just text",
    "{ a: 1 }": "Object was thrown",
    "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()":
      "object was thrown",
    "new Error('x', { cause: Symbol('y') })": "x",
    "Object.assign(new Error('loop'), { get cause() { return this; } })": "loop",
    "Object.defineProperty(new Error('x'), 'message', { get() { throw 1; } })": "Error was thrown",
  };
  for (const [value, message] of Object.entries(thrown)) {
    for (const decode of [`() => { throw ${value}; }`, `async () => { throw ${value}; }`]) {
      await using all = stage(decoderOf(decode));
      assertEquals(
        await problemOf(all.mgr.loadAsync("a.data")),
        `Cannot load "a.data": ${message}`,
        value,
      );
    }
  }
});

Deno.test("a result that cannot be sent fails only its load, and the error says what may be sent", async () => {
  const results = {
    "() => 1": "could not be cloned",
    "{ deep: [Symbol('s')] }": "could not be cloned",
    "new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer)": "not transferable",
    "(self.kept ??= new ArrayBuffer(8), structuredClone(self.kept, { transfer: [self.kept] }), self.kept)":
      "detached",
    "{ get broken() { throw new Error('a getter') } }": "a getter",
  };
  for (const [result, why] of Object.entries(results)) {
    await using all = stage(decoderOf(
      `(bytes, { key }) => key === "b.data" ? "fine" : ${
        result.startsWith("{") ? `(${result})` : result
      }`,
    ));
    const problem = await problemOf(all.mgr.loadAsync("a.data"));
    assertStringIncludes(
      problem,
      "its decoder's result cannot be sent to the main thread, " +
        "return plain objects and typed arrays that nothing else uses: ",
    );
    assertStringIncludes(problem, why);
    using fine = await all.mgr.loadAsync("b.data");
    assertEquals(fine.value, "fine");
  }
});

Deno.test("a bitmap that the runtime cannot move fails its load, and does not become an empty object", async () => {
  const png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const decode =
    `() => createImageBitmap(new Blob([Uint8Array.from(atob("${png}"), (c) => c.charCodeAt(0))]))`;
  await using all = stage(decoderOf(decode));
  assertStringIncludes(
    await problemOf(all.mgr.loadAsync("a.data")),
    "its decoder's result cannot be sent to the main thread",
  );
});

Deno.test("the module's own messages are not mistaken for answers", async () => {
  const forged = `({ "@holdfast/resources/worker": { kind: "done", id: 99, result: "forged" } })`;
  await using all = stage(
    moduleOf(`self.postMessage("hello"); self.postMessage(null); self.postMessage(${forged});
    serveDecoder(async () => {
      self.postMessage({ kind: "done", id: 1 });
      self.postMessage(${forged});
      return "true";
    });`),
  );
  using a = await all.mgr.loadAsync("a.data");
  assertEquals(a.value, "true");
});

Deno.test("only the first answer of a decoder counts", async () => {
  await using all = stage(
    decoderOf(
      `(bytes, { key }) => ({ then(done) { done(key + " first"); done(key + " second"); } })`,
    ),
  );
  using a = await all.mgr.loadAsync("a.data");
  using b = await all.mgr.loadAsync("b.data");
  assertEquals([a.value, b.value], ["a.data first", "b.data first"]);
});

Deno.test("a withdrawn load that waits for a worker is never sent to one", async () => {
  await using all = stage(
    moduleOf(
      `const log = []; serveDecoder((bytes, { key }) => { log.push(key); return [...log]; });`,
    ),
    { files: { "a.data": "", "b.data": "", "c.data": "" } },
  );
  const a = all.mgr.loadAsync("a.data");
  const b = all.mgr.loadAsync("b.data");
  b[Symbol.dispose]();
  assert(isWithdrawn(await b.catch((error) => error)));
  using _a = await a;
  using c = await all.mgr.loadAsync("c.data");
  assertEquals(c.value, ["a.data", "c.data"]);
});

/** Tells the test through a broadcast channel that a decoder begins, and that it is aborted. */
const ABORTABLE = `
  const channel = new BroadcastChannel("decoder");
  serveDecoder((bytes, { key, signal }) => {
    if (key !== "a.data") return "next";
    channel.postMessage("begun");
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => {
        channel.postMessage("aborted: " + signal.reason.name);
        reject(signal.reason);
      });
    });
  });
`;

/** Receives the broadcasts of workers, one after the other. */
function broadcasts(): { next(): Promise<string> } & Disposable {
  const channel = new BroadcastChannel("decoder");
  const received: string[] = [];
  let wake: (() => void) | undefined;
  channel.onmessage = ({ data }) => {
    received.push(data);
    wake?.();
  };
  return {
    async next() {
      while (received.length === 0) await new Promise<void>((resolve) => wake = resolve);
      return received.shift()!;
    },
    [Symbol.dispose]: () => channel.close(),
  };
}

Deno.test("an abort reaches the decoder, and its worker goes on with the next load", async () => {
  using received = broadcasts();
  let started = 0;
  const module = moduleOf(ABORTABLE);
  await using all = stage(() => (started++, new Worker(module, { type: "module" })));
  const controller = new AbortController();
  const a = all.mgr.loadAsync("a.data", undefined as never, { signal: controller.signal });
  assertEquals(await received.next(), "begun");
  controller.abort(new Error("left the level"));
  await assertRejects(() => a, Error, "left the level");
  assertEquals(await received.next(), "aborted: AbortError");
  using b = await all.mgr.loadAsync("b.data");
  assertEquals([b.value, started], ["next", 1]);
});

Deno.test("a worker is ended if its decoder does not stop within abortTimeout after its load is withdrawn", async () => {
  using received = broadcasts();
  const clock = new FakeClock();
  let started = 0;
  const module = moduleOf(`
    const channel = new BroadcastChannel("decoder");
    serveDecoder((bytes, { key }) => {
      if (key === "b.data") return "next";
      channel.postMessage("begun");
      return new Promise(() => {});
    });
  `);
  const open = () => (started++, new Worker(module, { type: "module" }));
  await using all = stage(open, { clock, abortTimeout: 100 });
  const a = all.mgr.loadAsync("a.data");
  assertEquals(await received.next(), "begun");
  a[Symbol.dispose](); // ends the load at once
  assert(isWithdrawn(await a.catch((error) => error)));
  const b = all.mgr.loadAsync("b.data");
  clock.advance(99);
  assertEquals(started, 1);
  // The bytes of "b.data" arrive in between, and wait for the worker.
  while (clock.pending === 0) await Promise.resolve();
  clock.advance(1);
  using loaded = await b;
  assertEquals([loaded.value, started], ["next", 2]);
});

Deno.test("a worker that crashes fails its load with the reason and the stack, and is replaced", async () => {
  const crashes = {
    "setTimeout(function tick() { throw new TypeError('in a timer'); })": "crashed: in a timer",
    "Promise.reject(new TypeError('nobody caught'))": "crashed: nobody caught",
    "self.close()": "crashed: it called close()",
    "Deno.exit(3)": "crashed: it called exit(3)",
  };
  for (const [crash, why] of Object.entries(crashes)) {
    let started = 0;
    const module = decoderOf(
      `(bytes, { key }) => { if (key === "b.data") return "next"; ${crash}; return new Promise(() => {}); }`,
    );
    await using all = stage(() => (started++, new Worker(module, { type: "module" })));
    const [a, b] = [all.mgr.loadAsync("a.data"), all.mgr.loadAsync("b.data")];
    const failed = problemOf(a);
    using next = await b;
    assertEquals(await failed, `Cannot load "a.data": its worker ${why}`);
    assertEquals([next.value, started], ["next", 2]);
    if (crash.includes("tick")) {
      const { cause } = await causeOf(a);
      assertInstanceOf(cause, TypeError);
      assertMatch(cause.stack!, /TypeError: in a timer\n.*data:text/);
    }
  }
});

Deno.test("a crash of an idle worker does not fail the following loads for good", async () => {
  using received = broadcasts();
  let started = 0;
  const module = moduleOf(`
    const channel = new BroadcastChannel("decoder");
    serveDecoder((bytes, { key }) => {
      if (key === "a.data") setTimeout(() => { channel.postMessage("crashing"); throw new Error("later"); });
      return key;
    });
  `);
  await using all = stage(() => (started++, new Worker(module, { type: "module" })));
  using a = await all.mgr.loadAsync("a.data");
  assertEquals(await received.next(), "crashing");
  const b = await all.mgr.loadAsync("b.data").catch((error) => String(error));
  // The crash may arrive before or after the next load is sent.
  if (typeof b !== "string") b[Symbol.dispose]();
  assertEquals(a.value, "a.data");
  using again = await all.mgr.loadAsync("b.data");
  assertEquals([again.value, started], ["b.data", 2]);
});

Deno.test("an error that the module handles itself is not a crash", async () => {
  await using all = stage(moduleOf(`
    let seen = 0;
    for (const type of ["error", "unhandledrejection"]) {
      self.addEventListener(type, (event) => {
        event.preventDefault();
        if (++seen === 2) both();
      });
    }
    let both;
    serveDecoder((bytes) => {
      setTimeout(() => {
        Promise.reject(new Error("in a promise"));
        throw new Error("in a timer");
      });
      return new Promise((resolve) => both = () => resolve("goes on"));
    });
  `));
  using a = await all.mgr.loadAsync("a.data");
  assertEquals(a.value, "goes on");
});

Deno.test("workerLoader() calls make() in the pump of a paced manager, within its upload limit", async () => {
  const log: string[] = [];
  using loader = workerLoader(ECHO, {
    name: "shout",
    extensions: [".shout"],
    make: (text: string) => ({ text: log.push(text) }),
    uploadBytes: (text) => text.length,
  });
  const source = new MemorySource({ "a.shout": "aa", "b.shout": "bb" });
  await using mgr = new ResourceManager({ source, loaders: [loader], pacing: "pumped" });
  const waiting = async (loads: number) => {
    while (mgr.cacheStats().queued?.loads !== loads) await new Promise((end) => setImmediate(end));
  };
  const loading = mgr.loadAll(["a.shout", "b.shout"]);
  await waiting(2);
  mgr.pump({ maxMs: Infinity }); // both go to workers
  await waiting(2);
  assertEquals(log, []);
  mgr.pump({ maxMs: Infinity, maxUploadBytes: 3 });
  assertEquals(log.length, 1);
  mgr.pump({ maxMs: Infinity, maxUploadBytes: 3 });
  assertEquals(log.sort(), ["aa", "bb"]);
  using _level = await loading;
});

Deno.test("the result for a load that is withdrawn before make() is closed, and one that make() took is not", async () => {
  const { port1: port, port2: other } = new MessageChannel();
  let [made, closed] = [0, 0];
  port.close = () => {
    closed++;
    MessagePort.prototype.close.call(port);
  };
  using loader = workerLoader(decoderOf("() => ({})"), {
    name: "port",
    extensions: [".port"],
    make: () => ({ made: made++ }),
    uploadBytes(result: { port?: MessagePort }) {
      result.port = port; // as if the worker had moved one
      return 1;
    },
  });
  const source = new MemorySource({ "a.port": "" });
  await using mgr = new ResourceManager({ source, loaders: [loader], pacing: "pumped" });
  const waiting = async () => {
    while (mgr.cacheStats().queued?.loads !== 1) await new Promise((end) => setImmediate(end));
  };
  const task = mgr.loadAsync("a.port");
  await waiting();
  mgr.pump();
  await waiting();
  task[Symbol.dispose]();
  await mgr.settled();
  assertEquals([closed, made, mgr.pump()], [1, 0, 0]);
  const again = mgr.loadAsync("a.port");
  await waiting();
  mgr.pump();
  await waiting();
  mgr.pump();
  using _port = await again;
  assertEquals([closed, made], [1, 1]);
  other.close();
});
