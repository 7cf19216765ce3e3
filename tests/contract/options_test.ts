import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  HttpSource,
  MemorySource,
  ResourceManager,
  type ResourceManagerOptions,
  Text,
} from "../../mod.ts";
import { assertPeak } from "../../src/testing.ts";
import { startTrace } from "../../src/trace.ts";
import { ZipSource } from "../../src/zip.ts";

Deno.test("new ResourceManager() refuses invalid limits", () => {
  const bad: [ResourceManagerOptions, string][] = [
    ...[0, -1, NaN, "10" as never].map((maxBytes): [ResourceManagerOptions, string] => [
      { maxBytes },
      '"maxBytes" must be a positive number of bytes: received',
    ]),
    [{ idle: "always" as never }, '"idle" must be "unload", "keep" or an object'],
    [{ idle: "\n" as never }, 'received "\\n"'],
    [{ idle: null as never }, "received null"],
    [{ idle: { maxAge: -1 } }, '"idle.maxAge" must be'],
    [{ idle: { maxEntries: NaN } }, '"idle.maxEntries" must be'],
    [{ maxConcurrency: 0 }, '"maxConcurrency" must be a whole number of 1 or more'],
    [{ maxConcurrency: 1.5 }, "received 1.5"],
    [{ leaks: { stacks: -1 } }, '"leaks.stacks" must be a boolean or a whole number'],
    [{ leaks: { stacks: 0.5 } }, '"leaks.stacks" must be a boolean or a whole number'],
  ];
  for (const [options, message] of bad) {
    assertThrows(() => new ResourceManager(options), RangeError, message);
  }
});

Deno.test("new ResourceManager() takes a directory as a path or a file URL", () => {
  const url = new URL("../../src/loaders/", import.meta.url);
  const code = { name: "code", extensions: [".ts"], load: () => "code" };
  for (const source of [url, url.href, Deno.realPathSync(url)]) {
    using mgr = new ResourceManager({ source, loaders: [code] });
    using handle = mgr.load("text.ts", Text);
    assertEquals(handle.value, "code");
  }
  for (const source of ["https://example.com/assets/", new URL("https://example.com/assets/")]) {
    assertThrows(
      () => new ResourceManager({ source }),
      TypeError,
      'Cannot read files from "https://example.com/assets/": it is not a file URL, use an HttpSource',
    );
  }
});

Deno.test("new ResourceManager() says what it takes when it gets something else, as JavaScript may pass", () => {
  const loader = { name: "code", extensions: [".ts"], load: () => "code" };
  for (const options of ["assets", null, 5, { loaders: loader }, { loaders: "code" }]) {
    assertThrows(
      () => new ResourceManager(options as never),
      TypeError,
      "Cannot create a ResourceManager: use { source, loaders: [loader] }",
    );
  }
});

Deno.test("new ResourceManager() refuses invalid sources and policies", () => {
  for (const source of [null, 5]) {
    assertThrows(
      () => new ResourceManager({ source: source as never }),
      TypeError,
      `"source" must be a Source, a path or a file URL: received ${source}`,
    );
  }
  assertThrows(() => new ResourceManager({ idle: [] as never }), RangeError);
  assertThrows(
    () => new ResourceManager({ idle: { maxEntries: 1.5 } }),
    RangeError,
    "whole number",
  );
  using mgr = new ResourceManager({ idle: { maxEntries: Infinity, maxAge: Infinity } });
  assert(!mgr.disposed);
});

Deno.test("a limit that is refused is shown as it was written, a string in quotes", () => {
  const bad = "x" as never;
  using mgr = new ResourceManager({ source: new MemorySource() });
  const calls: Record<string, () => unknown> = {
    maxBytes: () => new ResourceManager({ maxBytes: bad }),
    byteLength: () => mgr.add("a", 1, { byteLength: bad }),
    debounce: () => mgr.watch({ debounce: bad }),
    timeout: () => new HttpSource("https://example.com/", { timeout: bad }),
    maxEvents: () => startTrace(mgr, { maxEvents: bad }),
    maxEntryBytes: () => new ZipSource(new Uint8Array(), { maxEntryBytes: bad }),
    bytes: () => assertPeak(mgr, "cave", bad),
  };
  for (const [name, call] of Object.entries(calls)) {
    const { message } = assertThrows(call, Error);
    assertMatch(message, new RegExp(`"${name}" must be .*: received "x"$`));
  }
});
