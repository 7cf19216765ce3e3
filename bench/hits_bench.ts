/** A load of a resident resource, its value, and the disposal of its handle. */
import { BareMap, filled, loadAndDispose, nameOf, prove, Sprite } from "./_sprites.ts";

const HOT = 7;
const hot = nameOf(HOT);
const map = new BareMap(10_000);
const mgr = filled(10_000);
const heldManager = filled(10_000);
heldManager.acquire(hot);

prove("the map", map.run(hot, 10) === HOT * 10);
prove("the manager", loadAndDispose(mgr, hot, 10) === HOT * 10 && mgr.idleBytes === 640_000);
prove("the held one", loadAndDispose(heldManager, hot, 10) === HOT * 10);

Deno.bench("bare Map, count up and down", { group: "hit", baseline: true }, () => {
  map.run(hot, 1000);
});

Deno.bench("load, value, dispose: held", { group: "hit" }, () => {
  loadAndDispose(heldManager, hot, 1000);
});

Deno.bench("load, value, dispose: through idle and back", { group: "hit" }, () => {
  loadAndDispose(mgr, hot, 1000);
});

Deno.bench("acquire, release", { group: "hit" }, () => {
  for (let i = 0; i < 1000; i++) {
    mgr.acquire(hot);
    mgr.release(hot);
  }
});

class Nothing {
  [Symbol.dispose](): void {}
}
const nothing = new Nothing();

Deno.bench("empty using", { group: "using", baseline: true }, () => {
  let sum = 0;
  for (let i = 0; i < 1000; i++) {
    using _nothing = nothing;
    sum += HOT;
  }
  prove("using", sum === HOT * 1000);
});

Deno.bench("using load, value", { group: "using" }, () => {
  let sum = 0;
  for (let i = 0; i < 1000; i++) {
    using sprite = heldManager.load(hot, Sprite);
    sum += sprite.value.id;
  }
  prove("using load", sum === HOT * 1000);
});
