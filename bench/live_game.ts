/** A game in a worker, with 5 000 resources, about 2 000 events a second, and a panel. */
import { MemorySource, ResourceManager } from "../mod.ts";
import { serveInspector } from "../src/inspect.ts";

const RESOURCES = 5_000;
const FRAME = 1000 / 60;
/** The loads in a frame. With their disposals, they are 2 000 events a second. */
const LOADS = 17;

const folders = ["chars", "forest", "caves", "lair", "ui", "common", "music"];
const files = Object.fromEntries(
  Array.from({ length: RESOURCES }, (_, i) => [`${folders[i % folders.length]}/${i}.txt`, "@"]),
);
const names = Object.keys(files);
const mgr = new ResourceManager({ source: new MemorySource(files), idle: "keep" });
for (const name of names) mgr.load(name)[Symbol.dispose]();

let events = 0;
let frames = 0;
let longest = 0;
let previous = performance.now();

function frame(): void {
  const now = performance.now();
  longest = Math.max(longest, now - previous - FRAME);
  previous = now;
  frames++;
  for (let i = 0; i < LOADS; i++) mgr.load(names[events++ % RESOURCES]!)[Symbol.dispose]();
}

const panel = serveInspector(mgr, { onListen: (url) => self.postMessage({ url }) });
const timer = setInterval(frame, FRAME);
self.onmessage = () => {
  clearInterval(timer);
  panel[Symbol.dispose]();
  self.postMessage({ events: 2 * events, frames, longest });
  self.close();
};
