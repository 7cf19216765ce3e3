import type { Kind } from "../site.ts";

/** Leaks of handles in a variable, or in no variable at all. */
export const VARIABLES: readonly Kind[] = [
  {
    name: "`using` forgotten",
    planted: ({ mgr, name, type, use }) => ({
      body: `
        const held = ${mgr}.load(${name}, ${type});
        ${use("held")}`,
    }),
    twin: ({ mgr, name, type, use }) => ({
      body: `
        using held = ${mgr}.load(${name}, ${type});
        ${use("held")}`,
    }),
  },
  {
    name: "only the value kept",
    planted: ({ mgr, name, type, use }) => ({
      body: `
        const { value } = ${mgr}.load(${name}, ${type});
        ${use("({ value })")}`,
    }),
    twin: ({ mgr, name, type, use }) => ({
      body: `
        ${mgr}.with(${name}, ${type}, (value) => {
          ${use("({ value })")}
        });`,
    }),
  },
  {
    name: "`get` asked whether it is there",
    planted: ({ mgr, name, type, other, use }) => ({
      body: `
        if (${mgr}.get(${name}, ${type})) {
          using held = ${mgr}.load(${other}, ${type});
          ${use("held")}
        }`,
    }),
    twin: ({ mgr, name, type, other, use }) => ({
      body: `
        if (${mgr}.has(${name})) {
          using held = ${mgr}.load(${other}, ${type});
          ${use("held")}
        }`,
    }),
  },
  {
    name: "variable assigned again",
    planted: ({ mgr, name, type, other, use }) => ({
      body: `
        let held = ${mgr}.load(${name}, ${type});
        ${use("held")}
        held = ${mgr}.load(${other}, ${type});
        ${use("held")}
        held[Symbol.dispose]();`,
    }),
    twin: ({ mgr, name, type, other, use }) => ({
      body: `
        let held = ${mgr}.load(${name}, ${type});
        ${use("held")}
        held[Symbol.dispose]();
        held = ${mgr}.load(${other}, ${type});
        ${use("held")}
        held[Symbol.dispose]();`,
    }),
  },
  {
    name: "clone forgotten",
    planted: ({ mgr, name, type, use }) => ({
      body: `
        using held = ${mgr}.load(${name}, ${type});
        const copy = held.clone();
        ${use("copy")}`,
    }),
    twin: ({ mgr, name, type, use }) => ({
      body: `
        using held = ${mgr}.load(${name}, ${type});
        using copy = held.clone();
        ${use("copy")}`,
    }),
  },
  {
    name: "array never disposed",
    planted: ({ mgr, name, type, other, use }) => ({
      body: `
        const all = [${name}, ${other}].map((each) => ${mgr}.load(each, ${type}));
        for (const held of all) {
          ${use("held")}
        }`,
    }),
    twin: ({ mgr, name, type, other, use }) => ({
      body: `
        using stack = new DisposableStack();
        const all = [${name}, ${other}].map((each) => stack.use(${mgr}.load(each, ${type})));
        for (const held of all) {
          ${use("held")}
        }`,
    }),
  },
  {
    name: "scope never disposed",
    planted: ({ mgr, name, type, use }) => ({
      body: `
        const closeUp = ${mgr}.scope("close-up");
        ${use(`closeUp.load(${name}, ${type})`)}`,
    }),
    twin: ({ mgr, name, type, use }) => ({
      body: `
        using closeUp = ${mgr}.scope("close-up");
        ${use(`closeUp.load(${name}, ${type})`)}`,
    }),
  },
  {
    name: "`keep` said, and never disposed",
    planted: ({ mgr, name, type, use }) => ({
      body: `
        const held = keep(${mgr}.load(${name}, ${type}));
        ${use("held")}`,
    }),
    twin: ({ mgr, name, type, use }) => ({
      body: `
        const held = keep(${mgr}.load(${name}, ${type}));
        try {
          ${use("held")}
        } finally {
          held[Symbol.dispose]();
        }`,
    }),
  },
];
