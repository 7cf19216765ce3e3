/** Turns: what an asynchronous loader does in a pump after it has awaited something. */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type AsyncLoadContext,
  type Handle,
  isWithdrawn,
  MemorySource,
  type Pacing,
  type PumpOptions,
  ResourceManager,
  type TurnOptions,
} from "../mod.ts";
import { turns } from "./_turns.ts";

const PACINGS: readonly Pacing[] = ["pumped", "immediate"];

class Picture {
  constructor(readonly key: string, public text: string) {}
}

/** Loads pictures: each waits until `decoded` resolves, and is then uploaded in a turn. */
class Studio implements Disposable {
  readonly source = new MemorySource({ "a.pic": "1", "b.pic": "22", "c.pic": "333", "d.pic": "4" });
  readonly mgr: ResourceManager;
  readonly #log: string[] = [];
  /** What each load waits for before it takes its turn. */
  decoded: Promise<void> = Promise.resolve();
  /** What the turn does. */
  upload: (context: AsyncLoadContext, text: string) => unknown = () => {};
  readonly contexts: AsyncLoadContext[] = [];

  constructor(pacing: Pacing = "pumped") {
    this.mgr = new ResourceManager({
      source: this.source,
      pacing,
      loaders: [{
        name: "picture",
        extensions: [".pic"],
        load: (bytes, { key }) => this.#picture(key, bytes),
        loadAsync: (bytes, context) => this.#loadAsync(bytes, context),
        unload: ({ key }: Picture) => void this.#log.push(`-${key}`),
      }],
    });
  }

  async #loadAsync(bytes: Uint8Array, context: AsyncLoadContext): Promise<Picture> {
    this.contexts.push(context);
    this.#log.push(`decode ${context.key}`);
    await this.decoded;
    return await context.turn(async () => {
      this.#log.push(`+${context.key}`);
      await this.upload(context, new TextDecoder().decode(bytes));
      return this.#picture(context.key, bytes);
    }, { uploadBytes: bytes.length });
  }

  #picture(key: string, bytes: Uint8Array): Picture {
    return new Picture(key, new TextDecoder().decode(bytes));
  }

  /** Pumps once, and returns what that ran: without `options`, everything that waits. */
  async pump(options: PumpOptions = { maxMs: Infinity }): Promise<string[]> {
    await turns();
    this.mgr.pump(options);
    await turns();
    return this.#log.splice(0);
  }

  [Symbol.dispose](): void {
    this.mgr[Symbol.dispose]();
  }
}

Deno.test("context.turn() runs in a pump, and at once in a manager without pacing", async () => {
  using paced = new Studio();
  using _task = paced.mgr.loadAsync("a.pic", Picture);
  assertEquals(await paced.pump(), ["decode a.pic"]);
  const [pending] = paced.mgr.pending();
  assertEquals([pending?.state, paced.mgr.cacheStats().queued], [
    "waiting",
    { loads: 1, unloads: 0, bytes: 0 },
  ]);
  assertEquals(await paced.pump(), ["+a.pic"]);
  assertEquals([paced.mgr.has("a.pic"), paced.mgr.pending(), paced.mgr.pump()], [true, [], 0]);
  using immediate = new Studio("immediate");
  using task = immediate.mgr.loadAsync("a.pic", Picture);
  assertEquals((await task).value.text, "1");
});

Deno.test("a load fails with the error of its turn, or has the turn's result", async () => {
  for (const pacing of PACINGS) {
    using studio = new Studio(pacing);
    studio.upload = (_, text) => {
      if (text === "1") throw new Error("the GPU is full");
      return text === "22" ? Promise.reject(new Error("the GPU is lost")) : undefined;
    };
    const [a, b, c] = ["a.pic", "b.pic", "c.pic"].map((name) => studio.mgr.loadAsync(name));
    const failures = [
      assertRejects(() => a!, Error, "the GPU is full"),
      assertRejects(() => b!, Error, "the GPU is lost"),
    ];
    for (let i = 0; i < 3; i++) await studio.pump();
    await Promise.all(failures);
    using picture = await c!;
    assertEquals([(picture.value as Picture).text, studio.mgr.size], ["333", 1]);
  }
});

Deno.test("ResourceManager.pump() starts the most urgent uploads, and no more than maxUploadBytes", async () => {
  using studio = new Studio();
  const low = studio.mgr.loadAsync("a.pic", { priority: "low" });
  const [b, c, d] = ["b.pic", "c.pic", "d.pic"].map((name) => studio.mgr.loadAsync(name));
  await studio.pump();
  const pump = () => studio.pump({ maxMs: Infinity, maxUploadBytes: 2 });
  assertEquals(await pump(), ["+b.pic"]);
  studio.mgr.loadAsync("a.pic", { priority: "high" })[Symbol.dispose](); // raises the priority for all waiters
  assertEquals(await pump(), ["+a.pic"]); // 1 of 2 bytes, and the next upload has 3
  assertEquals(await pump(), ["+c.pic"]);
  assertEquals(await pump(), ["+d.pic"]);
  for (const task of [low, b!, c!, d!]) (await task)[Symbol.dispose]();
});

Deno.test("a pump that may upload no more still runs loaders and unloads", async () => {
  using studio = new Studio();
  studio.mgr.load("d.pic")[Symbol.dispose]();
  const tasks = ["a.pic", "b.pic"].map((name) => studio.mgr.loadAsync(name));
  await studio.pump({ maxMs: Infinity });
  tasks.push(studio.mgr.loadAsync("c.pic"));
  studio.mgr.load("d.pic")[Symbol.dispose]();
  assertEquals(await studio.pump({ maxMs: Infinity, maxUploadBytes: 1 }), [
    "+a.pic",
    "-d.pic",
    "decode c.pic",
  ]);
  await studio.pump();
  for (const task of tasks) (await task)[Symbol.dispose]();
});

Deno.test("a turn is withdrawn with its load: it rejects with an AbortError, and never runs", async () => {
  const ends: Record<string, (studio: Studio, task: Disposable) => void> = {
    "its task is disposed": (_, task) => task[Symbol.dispose](),
    "the cache is cleared": ({ mgr }) => void mgr.clear({ force: true }),
    "the manager is disposed": ({ mgr }) => mgr[Symbol.dispose](),
    "a synchronous load was first": ({ mgr }) => mgr.load("a.pic")[Symbol.dispose](),
  };
  for (const [why, end] of Object.entries(ends)) {
    using studio = new Studio();
    const task = studio.mgr.loadAsync("a.pic");
    task.catch(() => {});
    await studio.pump();
    const [context] = studio.contexts;
    const own = context!.turn(() => {});
    const unawaited = context!.turn(() => {}, { uploadBytes: 1 }); // its rejection gets no handler
    const rejected = assertRejects(() => own, DOMException, "Nobody waits for the load any more");
    end(studio, task);
    const error = await rejected as DOMException;
    assertEquals([why, error.name, isWithdrawn(error)], [why, "AbortError", true]);
    assertEquals(studio.mgr.cacheStats().queued?.loads, 0);
    void unawaited;
    task[Symbol.dispose]();
    await studio.mgr[Symbol.asyncDispose]();
  }
});

Deno.test("a turn after the end of its load is refused, and its rejection needs no handler", async () => {
  for (const pacing of PACINGS) {
    for (
      const why of ["it has landed", "it has failed", "it is withdrawn", "the manager is disposed"]
    ) {
      using studio = new Studio(pacing);
      const decoded = Promise.withResolvers<void>();
      studio.decoded = decoded.promise;
      const task = studio.mgr.loadAsync("a.pic");
      task.catch(() => {});
      await studio.pump();
      if (why === "it is withdrawn") task[Symbol.dispose]();
      if (why === "the manager is disposed") studio.mgr[Symbol.dispose]();
      if (why === "it has failed") decoded.reject(new Error("no picture"));
      else decoded.resolve();
      if (!studio.mgr.disposed) await studio.pump();
      let ran = false;
      const turn = studio.contexts[0]!.turn(() => ran = true);
      void studio.contexts[0]!.turn(() => ran = true);
      await turns();
      const error = await assertRejects(() => turn, ReferenceError);
      assertEquals([error.message, isWithdrawn(error), ran, why], [
        'Cannot take a turn: the load of "a.pic" has ended',
        true,
        false,
        why,
      ]);
      task[Symbol.dispose]();
    }
  }
});

Deno.test("a loader that continues after its load is withdrawn uploads nothing", async () => {
  for (const pacing of PACINGS) {
    using studio = new Studio(pacing);
    const decoded = Promise.withResolvers<void>();
    studio.decoded = decoded.promise;
    const task = studio.mgr.loadAsync("a.pic");
    assertEquals(await studio.pump(), ["decode a.pic"]);
    task[Symbol.dispose]();
    decoded.resolve();
    assertEquals(await studio.pump(), []);
    await studio.mgr[Symbol.asyncDispose](); // does not hang
  }
});

Deno.test("turns can wait side by side, one after the other, and inside each other", async () => {
  const log: string[] = [];
  for (const pacing of PACINGS) {
    using mgr = new ResourceManager({
      source: new MemorySource(),
      pacing,
      loaders: [{
        name: "scene",
        extensions: [".scene"],
        async makeAsync(context) {
          const side = [1, 2].map((i) => context.turn(() => log.push(`side ${i}`)));
          await Promise.all(side);
          await context.turn(() => log.push("after"));
          return await context.turn(() =>
            context.turn(async () => {
              log.push("within");
              await context.turn(() => log.push("within that"));
              return "made";
            })
          );
        },
      }],
    });
    const task = mgr.loadAsync("a.scene");
    for (let i = 0; i < 5; i++) {
      await turns();
      mgr.pump({ maxMs: Infinity });
    }
    assertEquals(log.splice(0), ["side 1", "side 2", "after", "within", "within that"]);
    using scene = await task;
    assertEquals(scene.value, "made");
  }
});

Deno.test("a pump in a turn runs nothing, and a turn may load its own key", async () => {
  using studio = new Studio();
  const left: number[] = [];
  studio.upload = ({ key }) => {
    left.push(studio.mgr.pump());
    studio.mgr.load(key)[Symbol.dispose]();
  };
  const [a, b] = ["a.pic", "b.pic"].map((name) => studio.mgr.loadAsync(name));
  await studio.pump();
  assertEquals(await studio.pump(), ["+a.pic", "+b.pic"]);
  assertEquals(left, [1, 0]);
  for (const task of [a!, b!]) (await task)[Symbol.dispose]();
  // For each key: the value of the turn came too late, and the other lost its last handle.
  assertEquals((await studio.pump()).sort(), ["-a.pic", "-a.pic", "-b.pic", "-b.pic"]);
});

Deno.test("reloads take turns, both when they load a new value and when they update the old one", async () => {
  for (const pacing of PACINGS) {
    const source = new MemorySource({ "a.in": "1", "a.new": "1" });
    using mgr = new ResourceManager({
      source,
      pacing,
      loaders: [{
        name: "in place",
        extensions: [".in"],
        load: (bytes) => new Picture("a.in", new TextDecoder().decode(bytes)),
        async update(picture: Picture, bytes, context) {
          await Promise.resolve();
          const write = () => picture.text = new TextDecoder().decode(bytes);
          await (context as AsyncLoadContext).turn(write, { uploadBytes: 1 });
        },
      }, {
        name: "replaced",
        extensions: [".new"],
        async loadAsync(bytes, context) {
          await Promise.resolve();
          return await context.turn(() => new Picture("a.new", new TextDecoder().decode(bytes)));
        },
      }],
    });
    const pump = async () => {
      await turns();
      mgr.pump({ maxMs: Infinity });
      await turns();
    };
    const loading = mgr.loadAll({ inPlace: ["a.in", Picture], replaced: ["a.new", Picture] });
    for (let i = 0; i < 3; i++) await pump();
    using level = await loading;
    const first = level.inPlace.value;
    for (const name of ["a.in", "a.new"]) source.set(name, "2");
    const reloads = ["a.in", "a.new"].map((name) => mgr.reloadAsync(name));
    await pump();
    const texts = () => [level.inPlace.value.text, level.replaced.value.text];
    assertEquals(texts(), pacing === "pumped" ? ["1", "1"] : ["2", "2"]);
    await pump();
    await Promise.all(reloads);
    assertEquals([texts(), level.inPlace.value === first], [["2", "2"], true]);
  }
});

Deno.test("a turn of an update never runs for a value that was unloaded or replaced meanwhile", async () => {
  const ends: Record<string, [expected: string[], end: (studio: UpdateStudio) => void]> = {
    "its last handle is disposed": [[], ({ handle }) => handle[Symbol.dispose]()],
    "another value replaces it": [
      [],
      ({ mgr }) => mgr.add("a.x", new Picture("a.x", "added"), { replace: true })[Symbol.dispose](),
    ],
    "a newer reload was first": [["3"], ({ mgr, source }) => {
      source.set("a.x", "3");
      mgr.reload("a.x");
    }],
  };
  for (const pacing of PACINGS) {
    for (const [why, [expected, end]] of Object.entries(ends)) {
      const studio = new UpdateStudio(pacing);
      const { mgr, source, handle, written } = studio;
      source.set("a.x", "2");
      const reloaded = mgr.reloadAsync("a.x").catch(() => {});
      await turns();
      mgr.pump({ maxMs: Infinity }); // starts the update
      await turns();
      end(studio);
      studio.decoded.resolve();
      for (let i = 0; i < 3; i++) {
        await turns();
        mgr.pump({ maxMs: Infinity });
      }
      await reloaded;
      assertEquals([why, written], [why, expected]);
      handle[Symbol.dispose]();
      await mgr[Symbol.asyncDispose]();
    }
  }
});

Deno.test("an older update takes no turn after a newer one has taken its own, even before that has ended", async () => {
  for (const pacing of PACINGS) {
    const written: string[] = [];
    const decoded = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const over = Promise.withResolvers<void>();
    const source = new MemorySource({ "a.x": "1" });
    await using mgr = new ResourceManager({
      source,
      pacing,
      loaders: [{
        name: "x",
        extensions: [".x"],
        load: (bytes) => new Picture("a.x", new TextDecoder().decode(bytes)),
        async update(_, bytes, context) {
          const text = new TextDecoder().decode(bytes);
          await decoded[Number(text) - 2]!.promise;
          await (context as AsyncLoadContext).turn(() => void written.push(text));
          if (text === "3") await over.promise;
        },
      }],
    });
    using _handle = mgr.load("a.x", Picture);
    const settle = async () => {
      for (let i = 0; i < 3; i++) {
        await turns();
        mgr.pump({ maxMs: Infinity });
      }
    };
    const reloads: Promise<void>[] = [];
    for (const text of ["2", "3"]) {
      source.set("a.x", text);
      reloads.push(mgr.reloadAsync("a.x"));
      await settle(); // waits for `decoded`
    }
    for (const { resolve } of decoded.reverse()) {
      resolve();
      await settle();
    }
    over.resolve();
    await settle();
    await Promise.all(reloads);
    assertEquals(written, ["3"]);
  }
});

/** A manager of one picture. An asynchronous reload updates it in a turn, after `decoded` resolves. */
class UpdateStudio {
  readonly source = new MemorySource({ "a.x": "1" });
  readonly decoded = Promise.withResolvers<void>();
  /** What was written in place. */
  readonly written: string[] = [];
  readonly mgr: ResourceManager;
  readonly handle: Handle<Picture>;

  constructor(pacing: Pacing) {
    this.mgr = new ResourceManager({
      source: this.source,
      pacing,
      loaders: [{
        name: "x",
        extensions: [".x"],
        load: (bytes) => new Picture("a.x", new TextDecoder().decode(bytes)),
        update: (_, bytes, context) => {
          const write = () => void this.written.push(new TextDecoder().decode(bytes));
          if (!("turn" in context)) return write();
          return this.decoded.promise.then(() => context.turn(write));
        },
      }],
    });
    this.mgr.on("error", () => {});
    this.handle = this.mgr.load("a.x", Picture);
  }
}

Deno.test("the context of a synchronous update has no turn(), so that a loader can distinguish it", async () => {
  const source = new MemorySource({ "a.x": "1" });
  using mgr = new ResourceManager({
    source,
    pacing: "pumped",
    loaders: [{
      name: "x",
      extensions: [".x"],
      load: (bytes) => new Picture("a.x", new TextDecoder().decode(bytes)),
      update(picture: Picture, bytes, context) {
        const write = () => void (picture.text = new TextDecoder().decode(bytes));
        return "turn" in context ? context.turn(write, { uploadBytes: 1 }) : write();
      },
    }],
  });
  using handle = mgr.load("a.x");
  source.set("a.x", "2");
  mgr.reload("a.x");
  assertEquals(handle.value.text, "2");
  source.set("a.x", "3");
  const reloaded = mgr.reloadAsync("a.x");
  for (let i = 0; i < 2; i++) {
    await turns();
    mgr.pump({ maxMs: Infinity });
  }
  await reloaded;
  assertEquals(handle.value.text, "3");
});

Deno.test("loaders of parts and of resources without bytes can take turns", async () => {
  for (const pacing of PACINGS) {
    using mgr = new ResourceManager({
      source: new MemorySource({ "a.sheet": "" }),
      pacing,
      loaders: [
        {
          name: "sheet",
          extensions: [".sheet"],
          loadAsync: (_, context) => context.turn(() => ({})),
        },
        {
          name: "sprite",
          extensions: [".sheet#"],
          async makeAsync(context) {
            await context.loadAsync(context.whole);
            return await context.turn(() => ({ part: context.part }), { uploadBytes: 4 });
          },
        },
      ],
    });
    const task = mgr.loadAsync("a.sheet#run");
    for (let i = 0; i < 5; i++) {
      await turns();
      mgr.pump({ maxMs: Infinity });
    }
    using sprite = await task;
    assertEquals([sprite.value.part, mgr.size], ["run", 2]);
  }
});

Deno.test("bad numbers of bytes to upload are refused, in turn() and in pump()", async () => {
  const { mgr } = new Studio();
  for (const maxUploadBytes of [-1, NaN, "4" as never, null as never]) {
    const error = assertThrows(() => mgr.pump({ maxUploadBytes }), RangeError);
    assertEquals(
      error.message,
      `Cannot pump: it takes a number of bytes to upload, 0 or more: received ${
        Deno.inspect(maxUploadBytes)
      }`,
    );
  }
  assertThrows(() => mgr.pump({ maxMs: "4" as never }), RangeError, "a number of milliseconds");
  assertThrows(() => mgr.trim("4" as never), RangeError, "a number of bytes");
  mgr[Symbol.dispose]();
  for (const pacing of PACINGS) {
    for (const uploadBytes of [-1, NaN, "4" as never, null as never]) {
      let ran = false;
      using own = new ResourceManager({
        source: new MemorySource(),
        pacing,
        loaders: [{
          name: "x",
          extensions: [".x"],
          makeAsync: (context) => context.turn(() => ran = true, { uploadBytes } as TurnOptions),
        }],
      });
      const task = own.loadAsync("a.x");
      const failed = assertRejects(
        () => task,
        Error,
        `Cannot take a turn: it takes a number of bytes to upload, 0 or more: received ${
          Deno.inspect(uploadBytes)
        }`,
      );
      await turns();
      own.pump();
      await failed;
      assertEquals(ran, false);
    }
  }
});

Deno.test("context.signal is aborted even if the loader reads it only after the load was withdrawn", async () => {
  const seen: boolean[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  await using mgr = new ResourceManager({
    source: new MemorySource(),
    loaders: [{
      name: "x",
      extensions: [".x"],
      async makeAsync(context) {
        await promise;
        seen.push(context.signal.aborted);
        return {};
      },
    }],
  });
  mgr.loadAsync("a.x")[Symbol.dispose]();
  resolve();
  await turns();
  assertEquals(seen, [true]);
});
