import type { Kind } from "../site.ts";

/** Leaks of handles that arrive later. */
export const TASKS: readonly Kind[] = [
  {
    name: "task never awaited",
    planted: ({ mgr, name, type }) => ({
      body: `${mgr}.loadAsync(${name}, ${type});`,
    }),
    twin: ({ mgr, name, type }) => ({
      body: `
        using soon = ${mgr}.loadAsync(${name}, ${type});
        void soon.catch(() => {}); // withdrawn if it is not there by then`,
    }),
  },
  {
    name: "handle lost in `.then`",
    planted: ({ mgr, name, type, number }) => ({
      body: `void ${mgr}.loadAsync(${name}, ${type}).then((held) => held.value.${number});`,
    }),
    twin: ({ mgr, name, type, number }) => ({
      body: `
        void ${mgr}.loadAsync(${name}, ${type}).then((held) => {
          using mine = held;
          return mine.value.${number};
        });`,
    }),
  },
  {
    name: "`loadAll` taken apart",
    planted: ({ mgr, name, type, other, number }) => ({
      body: `void measure(${mgr});`,
      module: `
async function measure(mgr: ResourceManager): Promise<number> {
  const { one, two } = await mgr.loadAll({ one: [${name}, ${type}], two: [${other}, ${type}] });
  return one.value.${number} + two.value.${number};
}`,
    }),
    twin: ({ mgr, name, type, other, number }) => ({
      body: `void measure(${mgr});`,
      module: `
async function measure(mgr: ResourceManager): Promise<number> {
  using both = await mgr.loadAll({ one: [${name}, ${type}], two: [${other}, ${type}] });
  return both.one.value.${number} + both.two.value.${number};
}`,
    }),
  },
];
