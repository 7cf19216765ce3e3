import type { Kind } from "../site.ts";

/** Leaks on some of the paths through a function. */
export const PATHS: readonly Kind[] = [
  {
    name: "early return",
    planted: ({ mgr, name, type, number }) => ({
      body: `measure(${mgr});`,
      module: `
function measure(mgr: ResourceManager): number {
  const held = mgr.load(${name}, ${type});
  const size = held.value.${number};
  if (size > 0) return size;
  held[Symbol.dispose]();
  return 1;
}`,
    }),
    twin: ({ mgr, name, type, number }) => ({
      body: `measure(${mgr});`,
      module: `
function measure(mgr: ResourceManager): number {
  const held = mgr.load(${name}, ${type});
  const size = held.value.${number};
  held[Symbol.dispose]();
  if (size > 0) return size;
  return 1;
}`,
    }),
  },
  {
    name: "throw between load and dispose",
    planted: ({ mgr, name, type, number }) => ({
      body: `
        try {
          measure(${mgr});
        } catch {
          // goes on with what it has
        }`,
      module: `
function measure(mgr: ResourceManager): void {
  const held = mgr.load(${name}, ${type});
  check(held.value.${number});
  held[Symbol.dispose]();
}

function check(size: number): void {
  if (size > 0) throw new RangeError("too large");
}`,
    }),
    twin: ({ mgr, name, type, number }) => ({
      body: `
        try {
          measure(${mgr});
        } catch {
          // goes on with what it has
        }`,
      module: `
function measure(mgr: ResourceManager): void {
  const held = mgr.load(${name}, ${type});
  try {
    check(held.value.${number});
  } finally {
    held[Symbol.dispose]();
  }
}

function check(size: number): void {
  if (size > 0) throw new RangeError("too large");
}`,
    }),
  },
  {
    name: "only one branch disposes",
    planted: ({ mgr, name, type, number, use }) => ({
      body: `
        const held = ${mgr}.load(${name}, ${type});
        if (held.value.${number} > 0) {
          ${use("held")}
        } else {
          held[Symbol.dispose]();
        }`,
    }),
    twin: ({ mgr, name, type, number, use }) => ({
      body: `
        const held = ${mgr}.load(${name}, ${type});
        if (held.value.${number} > 0) {
          ${use("held")}
          held[Symbol.dispose]();
        } else {
          held[Symbol.dispose]();
        }`,
    }),
  },
  {
    name: "`continue` past the disposal",
    planted: ({ mgr, name, type, other, number, use }) => ({
      body: `
        for (const each of [${name}, ${other}]) {
          const held = ${mgr}.load(each, ${type});
          if (held.value.${number} > 0) continue;
          ${use("held")}
          held[Symbol.dispose]();
        }`,
    }),
    twin: ({ mgr, name, type, other, number, use }) => ({
      body: `
        for (const each of [${name}, ${other}]) {
          using held = ${mgr}.load(each, ${type});
          if (held.value.${number} > 0) continue;
          ${use("held")}
        }`,
    }),
  },
  {
    name: "generator never ended",
    planted: ({ mgr, name, type, number }) => ({
      body: `sizes(${mgr}).next();`,
      module: `
function* sizes(mgr: ResourceManager): Generator<number> {
  using held = mgr.load(${name}, ${type});
  while (true) yield held.value.${number};
}`,
    }),
    twin: ({ mgr, name, type, number }) => ({
      body: `
        for (const size of sizes(${mgr})) {
          if (size > 0) break;
        }`,
      module: `
function* sizes(mgr: ResourceManager): Generator<number> {
  using held = mgr.load(${name}, ${type});
  while (true) yield held.value.${number};
}`,
    }),
  },
];
