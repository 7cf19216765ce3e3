/** A load that has to make its value, with what follows from it: unloading, going idle, eviction. */
import { generating, namesOf, prove, Sprite } from "./_sprites.ts";

const names = namesOf(10_000);
const map = new Map<string, Sprite>();

Deno.bench("bare Map, set and delete", { group: "miss", baseline: true }, () => {
  for (let i = 0; i < 1000; i++) {
    map.set(names[i]!, new Sprite(i));
    map.delete(names[i]!);
  }
  prove("the map", map.size === 0);
});

const unloading = generating();
Deno.bench("load and unload", { group: "miss" }, () => {
  const { misses } = unloading.cacheStats();
  for (let i = 0; i < 1000; i++) unloading.load(names[i]!, Sprite)[Symbol.dispose]();
  prove("unloading", unloading.size === 0 && unloading.cacheStats().misses === misses + 1000);
});

const evicting = generating({ maxBytes: 64_000 });
let next = 0;
Deno.bench("load, go idle, evict another: 1 000 fit", { group: "miss" }, () => {
  for (let i = 0; i < 1000; i++) evicting.load(names[next++ % 10_000]!, Sprite)[Symbol.dispose]();
  prove("evicting", evicting.bytes === 64_000 && evicting.cacheStats().evictions >= next - 1000);
});
