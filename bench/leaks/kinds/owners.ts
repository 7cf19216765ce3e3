import { type Kind, owned } from "../site.ts";

/** Leaks of handles that an object, a collection or a closure holds. */
export const OWNERS: readonly Kind[] = [
  {
    name: "field that no method disposes",
    planted: ({ mgr, name, type, value, number }) => ({
      body: `new Badge(${mgr}).size();`,
      module: `
class Badge {
  readonly #held: Handle<${value}>;
  constructor(mgr: ResourceManager) {
    this.#held = mgr.load(${name}, ${type});
  }
  size(): number {
    return this.#held.value.${number};
  }
}`,
    }),
    twin: ({ mgr, name, type, value, number }) => ({
      body: `
        using badge = new Badge(${mgr});
        badge.size();`,
      module: `
class Badge implements Disposable {
  readonly #held: Handle<${value}>;
  constructor(mgr: ResourceManager) {
    this.#held = keep(mgr.load(${name}, ${type}));
  }
  size(): number {
    return this.#held.value.${number};
  }
  [Symbol.dispose](): void {
    this.#held[Symbol.dispose]();
  }
}`,
    }),
  },
  {
    name: "field overwritten",
    planted: (site) => {
      const { mgr, name, type, other, value } = site;
      return {
        body: `
        using slot = new Slot();
        slot.fill(${mgr}, ${name});
        slot.fill(${mgr}, ${other});`,
        module: `
class Slot implements Disposable {
  #held: Handle<${value}> | undefined;
  fill(mgr: ResourceManager, name: string): void {
    this.#held = ${owned(site, `mgr.load(name, ${type})`)};
  }
  [Symbol.dispose](): void {
    this.#held?.[Symbol.dispose]();
  }
}`,
      };
    },
    twin: ({ mgr, name, type, other, value }) => ({
      body: `
        using slot = new Slot();
        slot.fill(${mgr}, ${name});
        slot.fill(${mgr}, ${other});`,
      module: `
class Slot implements Disposable {
  #held: Handle<${value}> | undefined;
  fill(mgr: ResourceManager, name: string): void {
    this.#held?.[Symbol.dispose]();
    this.#held = keep(mgr.load(name, ${type}));
  }
  [Symbol.dispose](): void {
    this.#held?.[Symbol.dispose]();
  }
}`,
    }),
  },
  {
    name: "map entry replaced",
    planted: (site) => {
      const { mgr, name, type, other, value } = site;
      return {
        body: `
        const shown = new Map<string, Handle<${value}>>();
        for (const each of [${name}, ${other}]) {
          shown.set("front", ${owned(site, `${mgr}.load(each, ${type})`)});
        }
        for (const held of shown.values()) held[Symbol.dispose]();`,
      };
    },
    twin: ({ mgr, name, type, other, value }) => ({
      body: `
        const shown = new Map<string, Handle<${value}>>();
        for (const each of [${name}, ${other}]) {
          shown.get("front")?.[Symbol.dispose]();
          shown.set("front", keep(${mgr}.load(each, ${type})));
        }
        for (const held of shown.values()) held[Symbol.dispose]();`,
    }),
  },
  {
    name: "removed from a list, not disposed",
    planted: (site) => {
      const { mgr, name, type, other, value } = site;
      return {
        body: `
        using bag = new Bag(${mgr});
        bag.drop();`,
        module: `
class Bag implements Disposable {
  readonly #items: Handle<${value}>[];
  constructor(mgr: ResourceManager) {
    this.#items = [${name}, ${other}].map((each) => ${owned(site, `mgr.load(each, ${type})`)});
  }
  drop(): void {
    this.#items.pop();
  }
  [Symbol.dispose](): void {
    for (const item of this.#items) item[Symbol.dispose]();
  }
}`,
      };
    },
    twin: ({ mgr, name, type, other, value }) => ({
      body: `
        using bag = new Bag(${mgr});
        bag.drop();`,
      module: `
class Bag implements Disposable {
  readonly #items: Handle<${value}>[];
  constructor(mgr: ResourceManager) {
    this.#items = [${name}, ${other}].map((each) => keep(mgr.load(each, ${type})));
  }
  drop(): void {
    this.#items.pop()?.[Symbol.dispose]();
  }
  [Symbol.dispose](): void {
    for (const item of this.#items) item[Symbol.dispose]();
  }
}`,
    }),
  },
  {
    name: "handed to a wrapper that does not dispose",
    planted: ({ mgr, name, type, value, use }) => ({
      body: `
        const frame = new Frame(${mgr}.load(${name}, ${type}));
        ${use("frame.held")}`,
      module: `
class Frame {
  constructor(readonly held: Handle<${value}>) {}
}`,
    }),
    twin: ({ mgr, name, type, value, use }) => ({
      body: `
        using frame = new Frame(keep(${mgr}.load(${name}, ${type})));
        ${use("frame.held")}`,
      module: `
class Frame implements Disposable {
  constructor(readonly held: Handle<${value}>) {}
  [Symbol.dispose](): void {
    this.held[Symbol.dispose]();
  }
}`,
    }),
  },
  {
    name: "getter that loads each time",
    planted: ({ mgr, name, type, value, use }) => ({
      body: `
        const view = new View(${mgr});
        ${use("view.held")}`,
      module: `
class View {
  readonly #mgr: ResourceManager;
  constructor(mgr: ResourceManager) {
    this.#mgr = mgr;
  }
  get held(): Handle<${value}> {
    return this.#mgr.load(${name}, ${type});
  }
}`,
    }),
    twin: ({ mgr, name, type, value, use }) => ({
      body: `
        using view = new View(${mgr});
        ${use("view.held")}`,
      module: `
class View implements Disposable {
  readonly #mgr: ResourceManager;
  #held: Handle<${value}> | undefined;
  constructor(mgr: ResourceManager) {
    this.#mgr = mgr;
  }
  get held(): Handle<${value}> {
    return this.#held ??= keep(this.#mgr.load(${name}, ${type}));
  }
  [Symbol.dispose](): void {
    this.#held?.[Symbol.dispose]();
  }
}`,
    }),
  },
  {
    name: "closure that keeps a handle",
    planted: ({ mgr, name, type, number }) => ({
      body: `
        const held = ${mgr}.load(${name}, ${type});
        const size = () => held.value.${number};
        size();`,
    }),
    twin: ({ mgr, name, type, number }) => ({
      body: `
        using held = ${mgr}.load(${name}, ${type});
        const size = () => held.value.${number};
        size();`,
    }),
  },
  {
    name: "event listener that stays",
    planted: ({ mgr, name, type, number }) => ({
      body: `
        const held = ${mgr}.load(${name}, ${type});
        frames.addEventListener("frame", () => sizes.push(held.value.${number}));`,
      module: `
const frames = new EventTarget();
const sizes: number[] = [];`,
    }),
    twin: ({ mgr, name, type, number }) => ({
      body: `
        using ends = new DisposableStack();
        const held = ends.use(${mgr}.load(${name}, ${type}));
        const listener = () => sizes.push(held.value.${number});
        frames.addEventListener("frame", listener);
        ends.defer(() => frames.removeEventListener("frame", listener));`,
      module: `
const frames = new EventTarget();
const sizes: number[] = [];`,
    }),
  },
  {
    name: "registry that only grows",
    planted: ({ mgr, name, type, value, use }) => ({
      body: `
        const held = ${mgr}.load(${name}, ${type});
        seen.push(held);
        ${use("held")}`,
      module: `
const seen: Handle<${value}>[] = [];`,
    }),
    twin: ({ mgr, name, type, value, use }) => ({
      body: `
        const held = ${mgr}.load(${name}, ${type});
        seen.push(held);
        ${use("held")}
        for (const each of seen.splice(0)) each[Symbol.dispose]();`,
      module: `
const seen: Handle<${value}>[] = [];`,
    }),
  },
];
