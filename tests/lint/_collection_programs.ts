import type { Program } from "./_program.ts";

/** Programs with collections and stacks of handles, and with functions that run later. */
export const COLLECTION_PROGRAMS: readonly Program[] = [
  {
    title: "a list that is emptied without its handles, of which one is disposed now and then",
    rule: "no-overwritten-handle",
    code: `export class Ghosts {
  #trail: Handle<Texture>[] = [];
  haunt(hero: Handle<Texture>): void {
    this.#trail.push(hero.clone()); // leak
    if (this.#trail.length > 9) this.#trail.shift()?.[Symbol.dispose]();
  }
  [Symbol.dispose](): void { this.#trail.length = 0; }
}`,
  },
  {
    title: "a map that is cleared without its handles, of which one can be dropped",
    rule: "no-overwritten-handle",
    code: `export class Units {
  readonly #skins = new Map<string, Handle<Texture>>();
  constructor(readonly mgr: ResourceManager) {}
  spawn(id: string, kind: string): void {
    this.#skins.set(id, this.mgr.load(kind, Texture)); // leak
  }
  drop(id: string): void { this.#skins.get(id)?.[Symbol.dispose](); this.#skins.delete(id); }
  [Symbol.dispose](): void { this.#skins.clear(); }
}`,
  },
  {
    title: "lists that are emptied after their handles were disposed or handed on",
    code: `export class Tiles {
  #list: Handle<Texture>[] = [];
  constructor(readonly mgr: ResourceManager) {}
  add(name: string): void { this.#list.push(this.mgr.load(name, Texture)); }
  flush(to: Handle<Texture>[]): void { to.push(...this.#list); this.#list = []; }
  take(): Handle<Texture>[] { const all = this.#list; this.#list = []; return all; }
  end(): void { for (const each of this.#list) each[Symbol.dispose](); this.#list.length = 0; }
  wipe(): void { this.#each((each) => each[Symbol.dispose]()); this.#list = []; }
  reset(): void { for (const each of this.#list) each[Symbol.dispose](); this.#forget(); }
  #forget(): void { this.#list.length = 0; }
  #each(run: (each: Handle<Texture>) => void): void { this.#list.forEach(run); }
}`,
  },
  {
    title: "a list of handles that are in a stack as well",
    code: `export class Tiles {
  #stack = new DisposableStack();
  #list: Handle<Texture>[] = [];
  constructor(readonly mgr: ResourceManager) {}
  add(name: string): void {
    const tile = this.mgr.load(name, Texture);
    this.#stack.use(tile);
    this.#list.push(tile);
  }
  show(): void { draw(this.#list); }
  end(): void { this.#stack.dispose(); this.#list.length = 0; }
}`,
  },
  {
    title: "a map whose handle a method replaces",
    rule: "no-overwritten-handle",
    code: `export class Skins {
  readonly #skins = new Map<string, Handle<Texture>>();
  constructor(readonly mgr: ResourceManager) {}
  setTeam(kind: string, team: number): void {
    this.#skins.set(kind, this.mgr.load(kind + team, Texture)); // leak
  }
  [Symbol.dispose](): void { for (const each of this.#skins.values()) each[Symbol.dispose](); }
}`,
  },
  {
    title: "maps and records that get handles under new keys, or under keys that are tested",
    code: `export class Skins {
  readonly #skins = new Map<string, Handle<Texture>>();
  readonly #all: Record<string, Handle<Texture>> = {};
  constructor(readonly mgr: ResourceManager) {}
  spawn(id: string, kind: string): void {
    this.#skins.set(id, this.mgr.load(kind, Texture));
    this.#all[id] = this.mgr.load(kind, Texture);
  }
  setOnce(id: string, kind: string): void {
    if (!this.#skins.has(id)) this.#skins.set(id, this.mgr.load(kind, Texture));
  }
  setAgain(id: string, kind: string): void {
    this.#drop(id);
    this.#skins.set(id, this.mgr.load(kind, Texture));
  }
  #drop(id: string): void { this.#skins.get(id)?.[Symbol.dispose](); this.#skins.delete(id); }
  [Symbol.dispose](): void {
    for (const each of this.#skins.values()) each[Symbol.dispose]();
    for (const each of Object.values(this.#all)) each[Symbol.dispose]();
  }
}`,
  },
  {
    title: "a field that a method fills with the next of several",
    rule: "no-overwritten-handle",
    code: `export class Dungeon {
  #floor = 0;
  #map?: Handle<string>;
  constructor(readonly mgr: ResourceManager) {}
  descend(): void {
    this.#floor++;
    this.#map = this.mgr.load(\`\${this.#floor}.txt\`, Text); // leak
  }
  [Symbol.dispose](): void { this.#map?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that a method fills by a name that it has put in another field",
    rule: "no-overwritten-handle",
    code: `export class Album {
  #name = "";
  #page?: Handle<string>;
  constructor(readonly mgr: ResourceManager) {}
  show(name: string): void {
    this.#name = name;
    this.#page = this.mgr.load(this.#name, Text); // leak
  }
  [Symbol.dispose](): void { this.#page?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a list of handles that is forgotten on an early return",
    rule: "no-leaking-path",
    code: `export function total(mgr: ResourceManager, names: string[], isShort: boolean): number {
  const pages: Handle<string>[] = [];
  for (const name of names) pages.push(mgr.load(name, Text)); // leak
  if (isShort) return 0;
  const sum = pages.reduce((sum, page) => sum + page.value.length, 0);
  pages.forEach((page) => page[Symbol.dispose]());
  return sum;
}`,
  },
  {
    title: "a list of handles that is forgotten when a later load fails",
    rule: "no-leaking-path",
    code:
      `export async function all(mgr: ResourceManager, names: string[]): Promise<Handle<string>[]> {
  const pages: Handle<string>[] = [];
  try {
    for (const name of names) pages.push(await mgr.loadAsync(name, Text)); // leak
    return pages;
  } catch {
    return [];
  }
}`,
  },
  {
    title: "a list of handles that is emptied too early",
    rule: "no-overwritten-handle",
    code: `export function tour(mgr: ResourceManager): void {
  let rooms: Handle<string>[] = [];
  rooms.push(mgr.load("a.txt", Text)); // leak
  rooms = [];
  rooms.push(mgr.load("b.txt", Text));
  for (const room of rooms) room[Symbol.dispose]();
}`,
  },
  {
    title: "lists that are read before they are disposed",
    code: `export function tour(mgr: ResourceManager, names: string[]): number {
  const pages = names.map((name) => mgr.load(name, Text));
  if (pages.length === 0) return 0;
  for (const page of pages) page[Symbol.dispose]();
  const list: Handle<string>[] = [];
  for (const name of names) list.push(mgr.load(name, Text));
  if (!list.length) return 1;
  while (list.length > 0) list.pop()?.[Symbol.dispose]();
  const set = new Set<Handle<string>>();
  for (const name of names) set.add(mgr.load(name, Text));
  if (set.size > 0) { for (const each of set) each[Symbol.dispose](); }
  const maybe: Handle<string>[] = [];
  if (names[0]) maybe.push(mgr.load(names[0], Text));
  if (names[0]) for (const each of maybe) each[Symbol.dispose]();
  return 2;
}`,
  },
  {
    title: "lists that a function which runs later disposes",
    code:
      `export function open(mgr: ResourceManager, names: string[], on: (end: () => void) => void) {
  const early: Handle<string>[] = [];
  on(() => { for (const each of early) each[Symbol.dispose](); });
  for (const name of names) early.push(mgr.load(name, Text));
  if (names.length > 3) return 1;
  const tasks: LoadTask<string>[] = [];
  for (const name of names) tasks.push(mgr.loadAsync(name, Text));
  on(() => tasks.forEach((task) => task[Symbol.dispose]()));
  return 0;
}`,
  },
  {
    title: "an upgrade of a weak handle in a map",
    rule: "prefer-using",
    code: `export class Decals {
  readonly #seen = new Map<string, WeakHandle<string>>();
  remember(decal: Handle<string>): void { this.#seen.set(decal.key, decal.weak()); }
  text(key: string): string | undefined {
    const decal = this.#seen.get(key)?.upgrade(); // leak
    return decal?.value;
  }
}`,
  },
  {
    title: "clones of the handles in a list",
    rule: "no-dropped-handle",
    code: `export function show(all: readonly Handle<string>[]): void {
  for (const each of all) draw(each.clone().value); // leak
}`,
  },
  {
    title: "clones of the handles in a list, for another list",
    code: `export function copy(all: readonly Handle<string>[], to: Handle<string>[]): void {
  for (const each of all) to.push(each.clone());
  using first = all[0]?.clone();
  draw(first?.value);
}`,
  },
  {
    title: "a stack that is never disposed",
    rule: "prefer-using",
    code: `export function show(mgr: ResourceManager): void {
  const stack = new DisposableStack(); // leak
  draw(stack.use(mgr.load("a.txt", Text)).value);
}`,
  },
  {
    title: "a stack that is forgotten on an early return",
    rule: "no-leaking-path",
    code: `export async function show(mgr: ResourceManager): Promise<void> {
  const stack = new AsyncDisposableStack(); // leak
  const text = stack.use(mgr.load("a.txt", Text));
  if (text.value === "") return;
  await stack.disposeAsync();
}`,
  },
  {
    title: "a stack that is moved and dropped",
    rule: "no-dropped-handle",
    code: `export function show(mgr: ResourceManager): string[] {
  using setup = new DisposableStack();
  const lines = setup.use(mgr.load("a.txt", Text)).value.split(",");
  setup.move(); // leak
  return lines;
}`,
  },
  {
    title: "a stack of a function of the file that is dropped",
    rule: "prefer-using",
    code: `function open(mgr: ResourceManager): DisposableStack {
  using stack = new DisposableStack();
  stack.use(mgr.load("a.txt", Text));
  return stack.move();
}
export function show(mgr: ResourceManager): void {
  const stack = open(mgr); // leak
  draw(stack.disposed);
}`,
  },
  {
    title: "a stack in a field that is never disposed",
    rule: "no-undisposed-field",
    code: `export class Title {
  readonly #stack = new DisposableStack(); // leak
  readonly #logo: Handle<Texture>;
  constructor(mgr: ResourceManager) { this.#logo = this.#stack.use(mgr.load("a.png", Texture)); }
  show(): void { draw(this.#logo.value); }
}`,
  },
  {
    title: "a stack in a field that is replaced",
    rule: "no-overwritten-handle",
    code: `export class Title {
  #stack = new DisposableStack();
  constructor(readonly mgr: ResourceManager) {}
  show(): void { draw(this.#stack.use(this.mgr.load("a.png", Texture)).value); }
  reset(): void {
    this.#stack = new DisposableStack(); // leak
  }
  [Symbol.dispose](): void { this.#stack.dispose(); }
}`,
  },
  {
    title: "stacks that somebody disposes, that are only a safety net, or that hold other things",
    code: `export function first(mgr: ResourceManager, after: (end: () => void) => void): string {
  const stack = new DisposableStack();
  after(() => stack.dispose());
  return stack.use(mgr.load("a.txt", Text)).value;
}
export function inner(mgr: ResourceManager, outer: DisposableStack): string {
  const stack = outer.use(new DisposableStack());
  return stack.use(mgr.load("a.txt", Text)).value;
}
export function open(mgr: ResourceManager): Handle<string> {
  using net = new DisposableStack();
  const hero = net.use(mgr.load("hero.txt", Text));
  if (hero.value === "") throw new RangeError("an empty hero");
  net.move();
  return hero;
}
export function other(): void {
  const stack = new DisposableStack();
  stack.defer(() => draw(1));
}`,
  },
  {
    title: "a handle that is forgotten before a function that disposes it is made",
    rule: "no-leaking-path",
    code: `export function bind(mgr: ResourceManager, button: EventTarget, isOn: boolean): void {
  const click = mgr.load("click.txt", Text); // leak
  if (!isOn) return;
  button.addEventListener("click", () => click[Symbol.dispose]());
}`,
  },
  {
    title: "an effect that cleans up in one of two cases",
    rule: "no-leaking-path",
    code: `export function Face(mgr: ResourceManager, isOnline: boolean): void {
  useEffect(() => {
    const face = mgr.load("face.txt", Text); // leak
    draw(face.value);
    if (isOnline) return () => face[Symbol.dispose]();
    return undefined;
  }, [isOnline]);
}`,
  },
  {
    title: "functions that dispose a handle wherever they are made",
    code: `export function before(mgr: ResourceManager, isOn: boolean): (() => void) | undefined {
  let hero: Handle<string> | undefined;
  const off = () => hero?.[Symbol.dispose]();
  hero = mgr.load("a.txt", Text);
  if (isOn) return off;
  setTimeout(off, 10);
  return undefined;
}
export function hoisted(mgr: ResourceManager, isOn: boolean): number {
  const hero = mgr.load("a.txt", Text);
  if (isOn) { off(); return 1; }
  setTimeout(off, 10);
  return hero.value.length;
  function off() { hero[Symbol.dispose](); }
}
export function called(mgr: ResourceManager, isOn: boolean): number {
  const hero = mgr.load("a.txt", Text);
  const off = () => { hero[Symbol.dispose](); };
  if (isOn) { off(); return 1; }
  off();
  return 2;
}`,
  },
  {
    title: "a bundle of which one handle is disposed, and the other forgotten",
    rule: "no-dropped-handle",
    code: `export async function fight(mgr: ResourceManager, names: string[]): Promise<number> {
  const level = await mgr.loadAll({ hero: "hero.txt", enemies: [names, Text] }); // leak
  for (const enemy of level.enemies) enemy[Symbol.dispose]();
  return level.hero.key.length;
}`,
  },
  {
    title: "bundles whose handles are taken one by one, or all together",
    code: `export async function fight(mgr: ResourceManager, to: Handle<unknown>[]): Promise<void> {
  const one = await mgr.loadAll({ a: "a.txt", b: "b.txt" });
  to.push(one.a);
  one.b[Symbol.dispose]();
  const two = await mgr.loadAll({ a: "a.txt", b: "b.txt" });
  for (const each of Object.values(two)) to.push(each);
  const three = await mgr.loadAll({ a: "a.txt", b: "b.txt" });
  setTimeout(() => { three.a[Symbol.dispose](); three.b[Symbol.dispose](); }, 10);
}`,
  },
  {
    title: "a handle of which only the key is wanted, as JSON",
    rule: "no-dropped-handle",
    code: `export function name(mgr: ResourceManager): string | undefined {
  return mgr.get("a.txt", Text)?.toJSON(); // leak
}`,
  },
];
