/** The same hit beside 10 and beside a million residents. Alone here: a large heap slows all others. */
import { filled, loadAndDispose, nameOf, prove } from "./_sprites.ts";

const hot = nameOf(7);

for (const size of [10, 1_000, 100_000, 1_000_000]) {
  const mgr = filled(size);
  prove("the manager", mgr.size === size && mgr.idleBytes === size * 64);
  Deno.bench(
    `through idle, ${size} resident`,
    { group: "residents", baseline: size === 10 },
    () => {
      loadAndDispose(mgr, hot, 1000);
    },
  );
}
