import { json, Json, MemorySource, ResourceManager, Text, logEvents } from "@holdfast/resources";
import { startTrace } from "@holdfast/resources/trace";
const tick = (n = 0) => new Promise<void>((r) => setTimeout(r, n));
const quiet = { onLeak() {} };
globalThis.addEventListener("unhandledrejection", (e) => { console.log("   UNHANDLED:", String(e.reason)); e.preventDefault(); });
const H = (s: string) => console.log("##", s);

H("B1 a validator that throws: async load leaks value and dependencies");
{
  const issues = json({ "~standard": { version: 1, vendor: "v", validate: () => { throw new TypeError("bug in a refine()"); } } } as never);
  const loader = { name: "lvl", extensions: [".lvl"], async loadAsync(_b: unknown, c: any) { await c.loadAsync("hull.txt", Text); return {}; }, unload() { console.log("   unloaded"); } };
  const mgr = new ResourceManager({ source: new MemorySource({ "1.lvl": "", "hull.txt": "h" }), loaders: [loader] as never, leaks: quiet });
  await mgr.loadAsync("1.lvl", issues).catch((e) => console.log("  ", e.name, "-", e.message));
  console.log("   resident for ever:", Object.keys(mgr.cacheStats().resources), "references", mgr.cacheStats().totalReferences, "clear():", mgr.clear());
}
H("B2 two reloads at once close a cycle: never unloaded");
{
  const src = new MemorySource({ "a.n": "", "b.n": "" });
  const mgr = new ResourceManager({ source: src, loaders: [{ name: "n", extensions: [".n"], async loadAsync(b, c) { if (b.length) await c.loadAsync(new TextDecoder().decode(b), Object); return {}; } }] });
  { using _a = await mgr.loadAsync("a.n", Object); using _b = await mgr.loadAsync("b.n", Object); src.set("a.n", "b.n"); src.set("b.n", "a.n"); await Promise.all([mgr.reloadAsync("a.n"), mgr.reloadAsync("b.n")]).catch((e) => console.log("  ", e.name)); }
  console.log("   no handle is open; size", mgr.size, "clear()", mgr.clear(), "->", mgr.size);
}
H("B3 an older reload overwrites a newer one");
{
  const files = new MemorySource({ "a.txt": "v1" }); const gates: (() => void)[] = [];
  const mgr = new ResourceManager({ source: { read: (k) => files.read(k), async readAsync(k) { const b = files.read(k); await new Promise<void>((r) => gates.push(r)); return b; } } });
  using h = mgr.load("a.txt", Text);
  files.set("a.txt", "v2"); const slow = mgr.reloadAsync("a.txt"); await tick();
  files.set("a.txt", "v3"); mgr.reload("a.txt"); const now = h.value; gates[0]!(); await slow;
  console.log("   after reload():", now, "- after the older reloadAsync has ended:", h.value, "version", h.version);
}
H("B6 strict: one forgotten handle is reported twice");
{
  const mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "A" }), leaks: { strict: true, onLeak: (l) => console.log("   leak", l.key) } });
  mgr.load("a.txt", Text); mgr[Symbol.dispose](); await tick(5); console.log("   leaks:", mgr.cacheStats().leaks);
}
H("B7 a context.loadAsync that is not awaited is no dependency");
{
  const ms = new MemorySource({ "p.o": "", "c.txt": "c" }); let n = 0;
  const mgr = new ResourceManager({ source: { async readAsync(k) { await tick(k === "c.txt" ? 5 : 0); return ms.read(k); } }, loaders: [{ name: "o", extensions: [".o"], async loadAsync(_b, c) { n++; return { later: c.loadAsync("c.txt", Text) }; } }] });
  using _p = await mgr.loadAsync("p.o", Object); await tick(10);
  await mgr.reloadAsync("c.txt"); console.log("   holders of c.txt:", mgr.holders("c.txt")[0]?.label, "- dependencies of p.o:", mgr.cacheStats().resources["p.o"]!.dependencies, "- loads of p.o:", n);
}
H("B8 scope disposed in onProgress: engine's error, and a handle of a dead scope stays");
{
  const mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "A", "b.txt": "B" }), leaks: quiet }); const scene = mgr.scope("title");
  await scene.loadAll({ a: ["a.txt", Text], b: ["b.txt", Text] }, { onProgress: ({ bytes }) => { if (bytes) scene.dispose(); } }).catch((e) => console.log("  ", e.message));
  await tick(5); console.log("   references left:", mgr.cacheStats().totalReferences);
}
H("B10 an Error whose message can't be read: the load never ends");
{
  class Odd extends Error { override get message(): string { throw new Error("no message"); } }
  const mgr = new ResourceManager({ source: { readAsync: () => Promise.reject(new Odd()) } });
  console.log("  ", await Promise.race([mgr.loadAsync("a.txt", Text).then(() => "ok", () => "rejected"), tick(300).then(() => "still pending after 300 ms")]));
}
H("B11 byteLength (or a type's check) loads the same key: two entries under one key");
{
  let once = true; let inner: any; const mgr: ResourceManager = new ResourceManager({ source: new MemorySource({ "a.o": "" }), loaders: [{ name: "o", extensions: [".o"], load: () => ({}), byteLength() { if (once) { once = false; inner = mgr.load("a.o", Object); } return 1; } }] });
  const h = await mgr.loadAsync("a.o", Object); console.log("   open handles:", !h.disposed && !inner.disposed, "has:", mgr.has("a.o"), "size:", mgr.size, "resources:", Object.keys(mgr.cacheStats().resources).length);
}
H("B12 with(): the callback's error is lost");
{
  const mgr = new ResourceManager(); 
  try { const h = mgr.add("x", {}, { unload() { throw new Error("unload failed"); } }); mgr.with("x", Object, () => { h[Symbol.dispose](); throw new Error("the user's bug"); }); } catch (e) { console.log("   with:", String(e), "suppressed:", (e as any).suppressed?.message); }
  try { using _h = mgr.add("y", {}, { unload() { throw new Error("unload failed"); } }); throw new Error("the user's bug"); } catch (e) { console.log("   using:", (e as Error).name, "suppressed:", (e as any).suppressed?.message); }
}
H("B13 a bundle that is malformed: what was begun stays");
{
  const mgr = new ResourceManager({ source: new MemorySource({ "a.txt": "A" }), leaks: quiet });
  await mgr.loadAll({ a: ["a.txt", Text], b: undefined } as never).catch((e) => console.log("  ", e.name)); await tick(); console.log("   references left:", mgr.cacheStats().totalReferences);
}
H("B14 a change right after a read has begun is not seen by watch(), if a load listener was there before");
{
  let stale = 0;
  for (let i = 0; i < 50; i++) {
    const files = new MemorySource({ "a.txt": "v1" });
    const mgr = new ResourceManager({ source: { watch: files.watch.bind(files), async readAsync(k) { const b = files.read(k); await null; return b; } } });
    mgr.on("load", () => { const t = performance.now(); while (performance.now() - t < 2); });
    const w = mgr.watch({ debounce: 0 }); const task = mgr.loadAsync("a.txt", Text);
    const t = performance.now(); while (performance.now() - t < 0.5); files.set("a.txt", "v2");
    using h = await task; await tick(10); if (h.value !== "v2") stale++; w[Symbol.dispose]();
  }
  console.log("   stale for ever:", stale, "of 50");
}
H("B15 names in logs");
{
  const key = "\x1b[2Jx\nunload  other.txt.txt";
  const mgr = new ResourceManager({ source: new MemorySource({ [key]: "" }) });
  const { log } = console; const lines: string[] = []; console.log = (s: string) => { lines.push(s); };
  { using _l = logEvents(mgr); using _h = mgr.load(key, Text); }
  console.log = log; console.log("  ", JSON.stringify(lines[0]));
}
H("B16 numbers");
{
  const mgr = new ResourceManager({ maxBytes: 1000 });
  const a = mgr.add("a", {}, { byteLength: 1.7e308 }), b = mgr.add("b", {}, { byteLength: 1.7e308 }); a[Symbol.dispose](); b[Symbol.dispose](); mgr.clear();
  console.log("   empty manager:", mgr.size, "resources,", mgr.bytes, "bytes"); mgr.add("c", {}, { byteLength: 1 })[Symbol.dispose](); console.log("   1 idle byte of a budget of 1000 stays:", mgr.has("c"));
}
H("B17 many dots"); { const mgr = new ResourceManager({ source: new MemorySource({}) }); const t = performance.now(); try { mgr.load("a" + ".".repeat(32_000) + "b", Json); } catch { /**/ } console.log("  ", Math.round(performance.now() - t), "ms for one load of a name of 32 000 dots"); }
H("B18 deadlock: a source that loads through its own manager (pack files)");
{
  const files = new MemorySource({ "pack.bin": "x" });
  const mgr: ResourceManager = new ResourceManager({ source: { async readAsync(k) { if (k !== "pack.bin") { using _p = await mgr.loadAsync("pack.bin", Uint8Array); } return k === "pack.bin" ? files.read(k) : new Uint8Array(1); } } });
  const all = Promise.all(Array.from({ length: 16 }, (_, i) => mgr.loadAsync(`${i}.bin`, Uint8Array)));
  console.log("  ", await Promise.race([all.then(() => "loaded"), tick(300).then(() => "16 loads hang")]));
}
void startTrace;
Deno.exit(0);
