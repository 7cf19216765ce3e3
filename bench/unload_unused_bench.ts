/** unloadUnused(): its cost for each idle resource, whatever else is resident. */
import type { ResourceManager } from "../mod.ts";
import { filled, nameOf, prove, Sprite } from "./_sprites.ts";

function makeIdle(mgr: ResourceManager, idle: number): void {
  for (let id = 0; id < idle; id++) {
    mgr.add(`idle/${id}`, new Sprite(id), { byteLength: 64 })[Symbol.dispose]();
  }
}

for (const idle of [10, 1_000, 100_000, 1_000_000]) {
  const mgr = filled(0);
  const options = { group: "by idle resources", n: idle === 1_000_000 ? 3 : 20, warmup: 1 };
  Deno.bench(`${idle} idle, made and unloaded`, options, (b) => {
    makeIdle(mgr, idle);
    b.start();
    const unloaded = mgr.unloadUnused();
    b.end();
    prove("unloadUnused", unloaded === idle && mgr.size === 0);
  });
}

for (const live of [10, 1_000, 100_000, 1_000_000]) {
  const mgr = filled(live);
  for (let id = 0; id < live; id++) mgr.acquire(nameOf(id));
  Deno.bench(`1 000 idle beside ${live} live`, { group: "by live resources", n: 50 }, (b) => {
    makeIdle(mgr, 1_000);
    b.start();
    const unloaded = mgr.unloadUnused();
    b.end();
    prove("unloadUnused", unloaded === 1_000 && mgr.size === live);
  });
}
