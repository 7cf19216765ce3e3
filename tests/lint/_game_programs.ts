import type { Program } from "./_program.ts";

/** Programs with the structures of games: states, families of classes, caches, effects. */
export const GAME_PROGRAMS: readonly Program[] = [
  // State machines and scenes
  {
    title: "a state machine whose states each load their music",
    rule: "no-overwritten-handle",
    code: `type State = "menu" | "play" | "over";
export class Machine {
  #state: State = "menu";
  #music: Handle<Sound> | undefined;
  constructor(readonly mgr: ResourceManager) {}
  go(next: State): void {
    switch (next) {
      case "menu":
        this.#music = this.mgr.load("menu.ogg", Sound); // leak
        break;
      case "play":
        this.#music = this.mgr.load("play.ogg", Sound); // leak
        break;
      case "over":
        this.#music?.[Symbol.dispose]();
        this.#music = undefined;
        break;
    }
    this.#state = next;
  }
  get state(): State { return this.#state; }
}`,
  },
  {
    title: "a state machine that disposes the music of the last state",
    code: `type State = "menu" | "play" | "over";
export class Machine {
  #state: State = "menu";
  #music: Handle<Sound> | undefined;
  constructor(readonly mgr: ResourceManager) {}
  go(next: State): void {
    this.#music?.[Symbol.dispose]();
    this.#music = undefined;
    switch (next) {
      case "menu":
        this.#music = this.mgr.load("menu.ogg", Sound);
        break;
      case "play":
        this.#music = this.mgr.load("play.ogg", Sound);
        break;
    }
    this.#state = next;
  }
  get state(): State { return this.#state; }
  end(): void { this.#music?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that one method fills and another empties",
    code: `export class Tooltip {
  #tex?: Handle<Texture> | undefined;
  constructor(readonly mgr: ResourceManager) {}
  show(name: string): void {
    this.#tex = this.mgr.load(name, Texture);
  }
  hide(): void {
    this.#tex?.[Symbol.dispose]();
    this.#tex = undefined;
  }
}`,
  },
  {
    title: "a state that is left without disposing",
    rule: "no-undisposed-field",
    code: `interface GameState { enter(mgr: ResourceManager): void; exit(): void }
export class Battle implements GameState {
  #music?: Handle<Sound> | undefined;
  enter(mgr: ResourceManager): void { this.#music = mgr.load("battle.ogg", Sound); this.#music.value.play(); } // leak
  exit(): void { draw(this.#music?.value); this.#music = undefined; }
}`,
  },
  {
    title: "a scope in a field that the next level replaces",
    rule: "no-overwritten-handle",
    code: `export class Game {
  #scope?: ResourceScope;
  constructor(readonly mgr: ResourceManager) {}
  changeLevel(name: string): void {
    this.#scope = this.mgr.scope(name); // leak
    this.#scope.load(\`\${name}.json\`, Json);
  }
  quit(): void { this.#scope?.dispose(); }
}`,
  },
  {
    title: "a field that a promise overwrites",
    rule: "no-overwritten-handle",
    code: `export class Avatar {
  private picture?: Handle<Texture>;
  constructor(private readonly mgr: ResourceManager) {}
  async changeTo(name: string): Promise<void> {
    const next = await this.mgr.loadAsync(name, Texture); // leak
    this.picture = next;
  }
  destroy(): void { this.picture?.[Symbol.dispose](); }
}`,
  },
  // Classes
  {
    title: "a protected field that no class of its family disposes",
    rule: "no-undisposed-field",
    code: `abstract class Actor {
  protected sprite?: Handle<Texture>;
  abstract spawn(mgr: ResourceManager): void;
  render(): void { if (this.sprite) draw(this.sprite.value); }
}
export class Orc extends Actor {
  override spawn(mgr: ResourceManager): void {
    this.sprite = mgr.load("orc.png", Texture); // leak
  }
}`,
  },
  {
    title: "a protected field that the base class disposes",
    code: `abstract class Actor implements Disposable {
  protected sprite?: Handle<Texture>;
  abstract spawn(mgr: ResourceManager): void;
  render(): void { if (this.sprite) draw(this.sprite.value); }
  [Symbol.dispose](): void { this.sprite?.[Symbol.dispose](); }
}
export class Orc extends Actor {
  override spawn(mgr: ResourceManager): void {
    this.sprite = mgr.load("orc.png", Texture);
  }
}`,
  },
  {
    title: "a stack of the base class",
    code: `class Node2D implements Disposable {
  protected readonly stack = new DisposableStack();
  [Symbol.dispose](): void { this.stack.dispose(); }
}
export class Sprite2D extends Node2D {
  readonly #tex: Handle<Texture>;
  constructor(mgr: ResourceManager, name: string) {
    super();
    this.#tex = this.stack.use(mgr.load(name, Texture));
  }
  draw(): void { draw(this.#tex.value); }
}`,
  },
  {
    title: "a field that is not disposed although one of the base class is",
    rule: "no-undisposed-field",
    code: `class Node2D implements Disposable {
  #icon: Handle<Texture>;
  constructor(mgr: ResourceManager) { this.#icon = mgr.load("node.png", Texture); }
  draw(): void { draw(this.#icon.value); }
  [Symbol.dispose](): void { this.#icon[Symbol.dispose](); }
}
export class Sprite2D extends Node2D {
  #tex: Handle<Texture>;
  constructor(mgr: ResourceManager, name: string) {
    super(mgr);
    this.#tex = mgr.load(name, Texture); // leak
  }
  override draw(): void { super.draw(); draw(this.#tex.value); }
}`,
  },
  {
    title: "a public field of a class that is not exported",
    rule: "no-undisposed-field",
    code: `class Tree {
  readonly bark: Handle<Texture>;
  constructor(mgr: ResourceManager) { this.bark = mgr.load("bark.png", Texture); } // leak
}
export function forest(mgr: ResourceManager): void {
  for (let i = 0; i < 10; i++) draw(new Tree(mgr).bark.value);
}`,
  },
  {
    title: "a public field that another class disposes",
    code: `class Tree {
  readonly bark: Handle<Texture>;
  constructor(mgr: ResourceManager) { this.bark = mgr.load("bark.png", Texture); }
}
export class World implements Disposable {
  readonly trees: Tree[] = [];
  plant(mgr: ResourceManager): void { this.trees.push(new Tree(mgr)); }
  [Symbol.dispose](): void { for (const tree of this.trees) tree.bark[Symbol.dispose](); }
}`,
  },
  {
    title: "a private field of a class that is an expression",
    rule: "no-undisposed-field",
    code: `export const Sprite = class {
  #tex: Handle<Texture>;
  constructor(mgr: ResourceManager) { this.#tex = mgr.load("a.png", Texture); } // leak
  draw(): void { draw(this.#tex.value); }
};`,
  },
  {
    title: "one of two fields that are assigned as an array",
    rule: "no-undisposed-field",
    code: `export class Hud {
  #a: Handle<Texture>;
  #b: Handle<Texture>;
  constructor(mgr: ResourceManager) {
    [this.#a, this.#b] = [mgr.load("a.png", Texture), mgr.load("b.png", Texture)]; // leak
  }
  draw(): void { draw(this.#a.value, this.#b.value); }
  dispose(): void { this.#a[Symbol.dispose](); }
}`,
  },
  {
    title: "a bundle in a field that nobody disposes",
    rule: "no-undisposed-field",
    code: `export class Level {
  #assets?: { map: Handle<unknown>; tiles: Handle<Texture> } & Disposable;
  async load(mgr: ResourceManager): Promise<void> {
    this.#assets = await mgr.loadAll({ map: ["map.json", Json], tiles: ["tiles.png", Texture] }); // leak
  }
  render(): void { draw(this.#assets?.map.value); }
}`,
  },
  {
    title: "fields that are disposed in a list",
    code: `export class Entity implements Disposable {
  #head: Handle<Texture>;
  #body: Handle<Texture>;
  constructor(mgr: ResourceManager) {
    this.#head = mgr.load("head.png", Texture);
    this.#body = mgr.load("body.png", Texture);
  }
  [Symbol.dispose](): void {
    for (const part of [this.#head, this.#body]) part[Symbol.dispose]();
  }
}`,
  },
  {
    title: "fields that a function of the file disposes",
    code: `function free(...handles: (Disposable | undefined)[]): void {
  for (const handle of handles) handle?.[Symbol.dispose]();
}
export class Entity {
  private head: Handle<Texture>;
  private body?: Handle<Texture>;
  constructor(mgr: ResourceManager) {
    this.head = mgr.load("head.png", Texture);
    this.body = mgr.load("body.png", Texture);
  }
  destroy(): void { free(this.head, this.body); }
}`,
  },
  {
    title: "a builder whose stack is moved into its result",
    code: `export class Builder {
  readonly #stack = new DisposableStack();
  readonly textures: Texture[] = [];
  constructor(readonly mgr: ResourceManager) {}
  with(name: string): this {
    this.textures.push(this.#stack.use(this.mgr.load(name, Texture)).value);
    return this;
  }
  build(): Disposable { return this.#stack.move(); }
}`,
  },
  // Getters
  {
    title: "a getter that loads each time, read for its value",
    rule: "no-dropped-handle",
    code: `export class Theme {
  constructor(private readonly mgr: ResourceManager) {}
  get logo(): Handle<Texture> { return this.mgr.load("logo.png", Texture); }
  width(): number { return this.logo.value.width; } // leak
}`,
  },
  {
    title: "a getter that loads each time, with using",
    code: `export class Theme {
  constructor(private readonly mgr: ResourceManager) {}
  get logo(): Handle<Texture> { return this.mgr.load("logo.png", Texture); }
  width(): number {
    using logo = this.logo;
    return logo.value.width;
  }
}`,
  },
  // Fields that keep a value
  {
    title: "a field that keeps the value of another field",
    rule: "no-stale-value",
    code: `export class Player implements Disposable {
  readonly #handle: Handle<Texture>;
  #tex: Texture;
  constructor(mgr: ResourceManager) {
    this.#handle = mgr.load("hero.png", Texture);
    this.#tex = this.#handle.value; // leak
  }
  render(): void { draw(this.#tex); }
  [Symbol.dispose](): void { this.#handle[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that keeps the value of a parameter",
    rule: "no-stale-value",
    code: `export class Sprite {
  private texture: Texture;
  constructor(handle: Handle<Texture>) {
    this.texture = handle.value; // leak
  }
  render(): void { draw(this.texture); }
}`,
  },
  {
    title: "a field that keeps what is taken out of a handle",
    rule: "no-stale-value",
    code: `export class Hud {
  private font: string;
  private readonly handle: Handle<string>;
  constructor(mgr: ResourceManager) {
    this.handle = mgr.load("font.txt", Text);
    const { value } = this.handle;
    this.font = value; // leak
  }
  draw(): void { draw(this.font); }
  dispose(): void { this.handle[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that gets its value in each frame",
    code: `export class Player implements Disposable {
  readonly #handle: Handle<Texture>;
  #width = 0;
  constructor(mgr: ResourceManager) {
    this.#handle = mgr.load("hero.png", Texture);
  }
  update(): void { this.#width = this.#handle.value.width; }
  render(): void { draw(this.#handle.value, this.#width); }
  [Symbol.dispose](): void { this.#handle[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that keeps what was made of a value",
    code: `export class Hud {
  readonly #width: number;
  readonly #lines: string[];
  constructor(font: Handle<string>, tex: Handle<Texture>) {
    this.#width = tex.value.width;
    this.#lines = font.value.split("\\n");
  }
  draw(): void { draw(this.#lines, this.#width); }
}`,
  },
  {
    title: "a field that gets a new value after each load",
    code: `export class Hud implements Disposable {
  #tex: Texture;
  readonly #handle: Handle<Texture>;
  readonly #off: Disposable;
  constructor(mgr: ResourceManager) {
    this.#handle = mgr.load("a.png", Texture);
    this.#tex = this.#handle.value;
    this.#off = mgr.on("load", () => { this.#tex = this.#handle.value; });
  }
  draw(): void { draw(this.#tex); }
  [Symbol.dispose](): void { this.#off[Symbol.dispose](); this.#handle[Symbol.dispose](); }
}`,
  },
  // Caches and pools
  {
    title: "a map that is emptied without disposing",
    rule: "no-undisposed-field",
    code: `export class Cache {
  readonly #icons = new Map<string, Handle<Texture>>();
  constructor(readonly mgr: ResourceManager) {}
  icon(name: string): Texture {
    if (!this.#icons.has(name)) this.#icons.set(name, this.mgr.load(name, Texture)); // leak
    return this.#icons.get(name)!.value;
  }
  clear(): void { this.#icons.clear(); }
}`,
  },
  {
    title: "a map that is disposed when it is emptied",
    code: `export class Cache {
  readonly #mgr: ResourceManager;
  readonly #icons = new Map<string, Handle<Texture>>();
  constructor(mgr: ResourceManager) { this.#mgr = mgr; }
  icon(name: string): Texture {
    let handle = this.#icons.get(name);
    if (!handle) {
      handle = this.#mgr.load(name, Texture);
      this.#icons.set(name, handle);
    }
    return handle.value;
  }
  clear(): void {
    for (const [, handle] of this.#icons) handle[Symbol.dispose]();
    this.#icons.clear();
  }
}`,
  },
  {
    title: "a cache that drops the oldest without disposing",
    rule: "no-undisposed-field",
    code: `export class Lru {
  readonly #entries = new Map<string, Handle<Texture>>();
  constructor(readonly mgr: ResourceManager, readonly max: number) {}
  get(name: string): Texture {
    const known = this.#entries.get(name);
    if (known) return known.value;
    const handle = this.mgr.load(name, Texture); // leak
    this.#entries.set(name, handle);
    if (this.#entries.size > this.max) {
      const oldest = this.#entries.keys().next().value!;
      this.#entries.delete(oldest);
    }
    return handle.value;
  }
}`,
  },
  {
    title: "a cache that disposes the oldest",
    code: `export class Lru {
  readonly #entries = new Map<string, Handle<Texture>>();
  constructor(readonly mgr: ResourceManager, readonly max: number) {}
  get(name: string): Texture {
    const known = this.#entries.get(name);
    if (known) return known.value;
    const handle = this.mgr.load(name, Texture);
    this.#entries.set(name, handle);
    if (this.#entries.size > this.max) {
      const oldest = this.#entries.keys().next().value!;
      this.#entries.get(oldest)?.[Symbol.dispose]();
      this.#entries.delete(oldest);
    }
    return handle.value;
  }
  dispose(): void { this.#entries.forEach((handle) => handle[Symbol.dispose]()); }
}`,
  },
  {
    title: "a list that is replaced by an empty one",
    rule: "no-undisposed-field",
    code: `export class Inventory {
  #slots: Handle<Texture>[] = [];
  put(mgr: ResourceManager, name: string): void { this.#slots.push(mgr.load(name, Texture)); } // leak
  clear(): void { this.#slots = []; }
  draw(): void { for (const slot of this.#slots) draw(slot.value); }
}`,
  },
  {
    title: "a cache of weak handles",
    code: `export class Cache {
  readonly #weak = new Map<string, WeakHandle<Texture>>();
  constructor(readonly mgr: ResourceManager) {}
  get(name: string): Handle<Texture> {
    const known = this.#weak.get(name)?.upgrade();
    if (known) return known;
    const handle = this.mgr.load(name, Texture);
    this.#weak.set(name, handle.weak());
    return handle;
  }
}`,
  },
  // Several at once
  {
    title: "the results of Promise.allSettled() that are only counted",
    rule: "prefer-using",
    code: `export async function preload(mgr: ResourceManager, names: string[]): Promise<number> {
  const results = await Promise.allSettled(names.map((name) => mgr.loadAsync(name, Texture))); // leak
  return results.filter((r) => r.status === "fulfilled").length;
}`,
  },
  {
    title: "the results of Promise.allSettled() that are disposed",
    code: `export async function preload(mgr: ResourceManager, names: string[]): Promise<number> {
  const results = await Promise.allSettled(names.map((name) => mgr.loadAsync(name, Texture)));
  let n = 0;
  for (const result of results) {
    if (result.status !== "fulfilled") continue;
    n += result.value.value.width;
    result.value[Symbol.dispose]();
  }
  return n;
}`,
  },
  {
    title: "the first of several tasks",
    rule: "prefer-using",
    code: `export async function quick(mgr: ResourceManager): Promise<number> {
  const first = await Promise.race([mgr.loadAsync("a.png", Texture), mgr.loadAsync("b.png", Texture)]); // leak
  return first.value.width;
}`,
  },
  {
    title: "a list of tasks that are awaited one by one",
    rule: "prefer-using",
    code: `export async function open(mgr: ResourceManager, names: string[]): Promise<void> {
  const tasks: LoadTask<Texture>[] = [];
  for (const name of names) tasks.push(mgr.loadAsync(name, Texture)); // leak
  for (const task of tasks) draw((await task).value);
}`,
  },
  {
    title: "an object of handles that is disposed key by key",
    code: `export function icons(mgr: ResourceManager, names: string[]): number {
  const icons = Object.fromEntries(names.map((name) => [name, mgr.load(name, Texture)]));
  const sum = Object.values(icons).reduce((sum, { value }) => sum + value.width, 0);
  for (const key in icons) icons[key]![Symbol.dispose]();
  return sum;
}`,
  },
  {
    title: "handles that reduce() adds up",
    rule: "no-dropped-handle",
    code: `export function total(mgr: ResourceManager, names: string[]): number {
  return names.reduce((sum, name) => sum + mgr.load(name, Texture).value.width, 0); // leak
}`,
  },
  // Ways out
  {
    title: "a load that fails after another, which is caught",
    rule: "no-leaking-path",
    code: `export async function load(mgr: ResourceManager): Promise<void> {
  try {
    const map = await mgr.loadAsync("map.json", Json); // leak
    const tiles = await mgr.loadAsync("tiles.png", Texture); // leak
    draw(map.value, tiles.value);
    map[Symbol.dispose]();
    tiles[Symbol.dispose]();
  } catch (error) {
    console.error(error);
  }
}`,
  },
  {
    title: "a second load that fails, and the handle of the first is not disposed",
    rule: "no-leaking-path",
    code:
      `export async function two(mgr: ResourceManager): Promise<{ a: Handle<Texture>; b: Handle<Texture> } | null> {
  const a = await mgr.loadAsync("a.png", Texture); // leak
  try {
    const b = await mgr.loadAsync("b.png", Texture);
    return { a, b };
  } catch {
    return null;
  }
}`,
  },
  {
    title: "a second load that fails, and the handle of the first is disposed",
    code:
      `export async function two(mgr: ResourceManager): Promise<{ a: Handle<Texture>; b: Handle<Texture> } | null> {
  const a = await mgr.loadAsync("a.png", Texture);
  try {
    const b = await mgr.loadAsync("b.png", Texture);
    return { a, b };
  } catch {
    a[Symbol.dispose]();
    return null;
  }
}`,
  },
  {
    title: "a generator that is left early",
    rule: "no-leaking-path",
    code: `export function* cutscene(mgr: ResourceManager, skip: () => boolean): Generator<number> {
  const film = mgr.load("film.png", Texture); // leak
  for (let i = 0; i < 10; i++) {
    if (skip()) return;
    yield film.value.width * i;
  }
  film[Symbol.dispose]();
}`,
  },
  {
    title: "a callback that receives an error",
    rule: "no-leaking-path",
    code:
      `export function open(mgr: ResourceManager, done: (error: Error | null, tex?: Handle<Texture>) => void): void {
  const tex = mgr.load("a.png", Texture); // leak
  if (tex.value.width > 4096) {
    done(new Error("too large"));
    return;
  }
  done(null, tex);
}`,
  },
  {
    title: "a factory that refuses what it has loaded",
    rule: "no-leaking-path",
    code: `export class Level {
  private constructor(readonly tiles: Handle<Texture>) {}
  static open(mgr: ResourceManager, name: string): Level | null {
    const tiles = mgr.load(\`\${name}.png\`, Texture); // leak
    if (tiles.value.width % 16 !== 0) return null;
    return new Level(tiles);
  }
  dispose(): void { this.tiles[Symbol.dispose](); }
}`,
  },
  {
    title: "a disposal before an error is thrown again",
    code: `export async function open(mgr: ResourceManager, stack: DisposableStack): Promise<void> {
  const tex = await mgr.loadAsync("a.png", Texture);
  try {
    if (tex.value.width === 0) throw new Error("empty");
  } catch (error) {
    tex[Symbol.dispose]();
    throw error;
  }
  stack.use(tex);
}`,
  },
  {
    title: "a slide show that forgets its last slide",
    rule: "no-leaking-path",
    code: `export async function slideshow(mgr: ResourceManager, names: string[]): Promise<void> {
  let current: Handle<Texture> | null = null;
  for (const name of names) {
    const next = await mgr.loadAsync(name, Texture); // leak
    current?.[Symbol.dispose]();
    current = next;
    draw(current.value);
  }
}`,
  },
  {
    title: "a slide show that disposes its last slide",
    code: `export async function slideshow(mgr: ResourceManager, names: string[]): Promise<void> {
  let current: Handle<Texture> | null = null;
  for (const name of names) {
    const next = await mgr.loadAsync(name, Texture);
    current?.[Symbol.dispose]();
    current = next;
    draw(current.value);
  }
  current?.[Symbol.dispose]();
}`,
  },
  {
    title: "a loop that disposes all but the best",
    code: `export function biggest(mgr: ResourceManager, names: string[]): number {
  let best: Handle<Texture> | undefined;
  for (const name of names) {
    const tex = mgr.load(name, Texture);
    if (!best || tex.value.width > best.value.width) {
      best?.[Symbol.dispose]();
      best = tex;
    } else {
      tex[Symbol.dispose]();
    }
  }
  const width = best?.value.width ?? 0;
  best?.[Symbol.dispose]();
  return width;
}`,
  },
  {
    title: "a handle that is disposed unless it was given",
    code: `export function paint(mgr: ResourceManager, given?: Handle<Texture>): void {
  const tex = given ?? mgr.load("a.png", Texture);
  draw(tex.value);
  if (tex !== given) tex[Symbol.dispose]();
}`,
  },
  // Functions that are returned
  {
    title: "handles of a function whose result only reads them",
    rule: "prefer-using",
    code: `export function counter(mgr: ResourceManager): () => number {
  let n = 0;
  const tex = mgr.load("digits.png", Texture); // leak
  const strip = mgr.load("strip.png", Texture); // leak
  n = strip.value.width;
  return () => n++ + tex.value.width;
}`,
  },
  {
    title: "an object without a method that disposes",
    rule: "prefer-using",
    code: `export function makeSprite(mgr: ResourceManager, name: string) {
  const tex = mgr.load(name, Texture); // leak
  const texture = tex.value;
  return { draw: () => draw(texture) };
}`,
  },
  {
    title: "an asynchronous callback of a task",
    rule: "no-dropped-handle",
    code: `export function show(mgr: ResourceManager): void {
  mgr.loadAsync("a.png", Texture).then(async (handle) => { // leak
    await Promise.resolve();
    draw(handle.value);
  });
}`,
  },
  {
    title: "a callback of a task that fills a field",
    code: `export class Icon {
  handle?: Handle<Texture>;
  load(mgr: ResourceManager): void {
    mgr.loadAsync("a.png", Texture).then((handle) => {
      this.handle = handle;
    });
  }
  destroy(): void { this.handle?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a handle that is the default of a parameter",
    rule: "no-dropped-handle",
    code:
      `export function show(mgr: ResourceManager, tex = mgr.load("a.png", Texture)): void { // leak
  draw(tex.value);
}`,
  },
  {
    title: "a generator that receives a value to go on",
    code:
      `export function* tiles(mgr: ResourceManager, names: Iterable<string>): Generator<number, void, boolean> {
  for (const name of names) {
    using tex = mgr.load(name, Texture);
    const go = yield tex.value.width;
    if (!go) return;
  }
}`,
  },
  {
    title: "a helper that catches its own failure",
    rule: "prefer-using",
    code:
      `async function maybe(mgr: ResourceManager, name: string): Promise<Handle<Texture> | null> {
  try {
    return await mgr.loadAsync(name, Texture);
  } catch {
    return null;
  }
}
export async function show(mgr: ResourceManager): Promise<void> {
  const tex = await maybe(mgr, "a.png"); // leak
  if (tex) draw(tex.value);
}`,
  },
  {
    title: "an effect that is cleaned up before or after its load",
    code: `export function useHandle(mgr: ResourceManager, name: string): Texture | null {
  const [tex, setTex] = useState<Texture | null>(null);
  useEffect(() => {
    let handle: Handle<Texture> | undefined;
    let cancelled = false;
    (async () => {
      const loaded = await mgr.loadAsync(name, Texture);
      if (cancelled) {
        loaded[Symbol.dispose]();
        return;
      }
      handle = loaded;
      setTex(loaded.value);
    })();
    return () => {
      cancelled = true;
      handle?.[Symbol.dispose]();
    };
  }, [name]);
  return tex;
}`,
  },
];
