import type { Program } from "./_program.ts";

/** Programs, each about one way to hold a handle or to forget it. */
export const PROGRAMS: readonly Program[] = [
  // Early return
  {
    title: "an early return before the disposal",
    rule: "no-leaking-path",
    code: `export function width(mgr: ResourceManager, name: string): number {
  const tex = mgr.load(name, Texture); // leak
  if (tex.value.width === 0) return 0;
  const { width } = tex.value;
  tex[Symbol.dispose]();
  return width;
}`,
  },
  {
    title: "an early return that disposes first",
    code: `export function width(mgr: ResourceManager, name: string): number {
  const tex = mgr.load(name, Texture);
  if (tex.value.width === 0) {
    tex[Symbol.dispose]();
    return 0;
  }
  const { width } = tex.value;
  tex[Symbol.dispose]();
  return width;
}`,
  },
  {
    title: "an early return inside try and finally",
    code: `export function width(mgr: ResourceManager, name: string): number {
  const tex = mgr.load(name, Texture);
  try {
    if (tex.value.width === 0) return 0;
    return tex.value.width;
  } finally {
    tex[Symbol.dispose]();
  }
}`,
  },
  {
    title: "an early return before the load",
    code: `export function show(mgr: ResourceManager, name?: string): void {
  if (name === undefined) return;
  const tex = mgr.load(name, Texture);
  draw(tex.value);
  tex[Symbol.dispose]();
}`,
  },
  {
    title: "an early return when get() has found nothing",
    code: `export function show(mgr: ResourceManager): boolean {
  const tex = mgr.get("a.png", Texture);
  if (!tex) return false;
  draw(tex.value);
  tex[Symbol.dispose]();
  return true;
}`,
  },
  {
    title: "an early return when get() has found something of the wrong size",
    rule: "no-leaking-path",
    code: `export function show(mgr: ResourceManager): boolean {
  const tex = mgr.get("a.png", Texture); // leak
  if (!tex) return false;
  if (tex.value.width < 8) return false;
  draw(tex.value);
  tex[Symbol.dispose]();
  return true;
}`,
  },
  {
    title: "an early return after an await",
    rule: "no-leaking-path",
    code: `export async function show(mgr: ResourceManager, signal: AbortSignal): Promise<void> {
  const tex = await mgr.loadAsync("a.png", Texture); // leak
  if (signal.aborted) return;
  draw(tex.value);
  tex[Symbol.dispose]();
}`,
  },
  {
    title: "an early return in the callback of a task",
    rule: "no-leaking-path",
    code: `export class Hero {
  #tex?: Handle<Texture>;
  #gone = false;
  constructor(mgr: ResourceManager) {
    mgr.loadAsync("hero.png", Texture).then((tex) => { // leak
      if (this.#gone) return;
      this.#tex = tex;
    });
  }
  draw(): void { draw(this.#tex?.value); }
  dispose(): void { this.#gone = true; this.#tex?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a callback of a task that disposes a handle which comes too late",
    code: `export class Hero {
  #tex?: Handle<Texture>;
  #gone = false;
  constructor(mgr: ResourceManager) {
    mgr.loadAsync("hero.png", Texture).then((tex) => {
      if (this.#gone) {
        tex[Symbol.dispose]();
        return;
      }
      this.#tex = tex;
    });
  }
  draw(): void { draw(this.#tex?.value); }
  dispose(): void { this.#gone = true; this.#tex?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a throw before the disposal",
    rule: "no-leaking-path",
    code: `export function check(mgr: ResourceManager, name: string): number {
  const tex = mgr.load(name, Texture); // leak
  if (tex.value.width > 4096) throw new RangeError("too large");
  const { width } = tex.value;
  tex[Symbol.dispose]();
  return width;
}`,
  },
  {
    title: "a continue before the disposal",
    rule: "no-leaking-path",
    code: `export function widths(mgr: ResourceManager, names: string[]): number {
  let sum = 0;
  for (const name of names) {
    const tex = mgr.load(name, Texture); // leak
    if (tex.value.width === 0) continue;
    sum += tex.value.width;
    tex[Symbol.dispose]();
  }
  return sum;
}`,
  },
  {
    title: "a break before the disposal",
    rule: "no-leaking-path",
    code: `export function first(mgr: ResourceManager, names: string[]): string {
  let found = "";
  for (const name of names) {
    const tex = mgr.load(name, Texture); // leak
    if (tex.value.width > 0) {
      found = name;
      break;
    }
    tex[Symbol.dispose]();
  }
  return found;
}`,
  },
  {
    title: "a loop that disposes before it goes on",
    code: `export function first(mgr: ResourceManager, names: string[]): string {
  outer: for (const name of names) {
    const tex = mgr.load(name, Texture);
    const { width } = tex.value;
    tex[Symbol.dispose]();
    for (let x = 0; x < width; x++) {
      if (x === 3) continue outer;
    }
    return name;
  }
  return "";
}`,
  },
  {
    title: "a disposal under a condition",
    rule: "no-leaking-path",
    code: `export function flash(mgr: ResourceManager, isShort: boolean): void {
  const tex = mgr.load("flash.png", Texture); // leak
  draw(tex.value);
  if (isShort) tex[Symbol.dispose]();
}`,
  },
  {
    title: "a disposal under the condition of the load",
    code: `export function flash(mgr: ResourceManager, isShort: boolean): void {
  let tex: Handle<Texture> | undefined;
  if (isShort) tex = mgr.load("flash.png", Texture);
  draw(tex?.value);
  if (isShort) tex![Symbol.dispose]();
}`,
  },
  {
    title: "a disposal in both branches, or a handing on",
    code:
      `export function flash(mgr: ResourceManager, isShort: boolean): Handle<Texture> | undefined {
  const tex = mgr.load("flash.png", Texture);
  if (isShort) {
    tex[Symbol.dispose]();
    return undefined;
  } else {
    return tex;
  }
}`,
  },
  {
    title: "a case of a switch that forgets",
    rule: "no-leaking-path",
    code:
      `export function pick(mgr: ResourceManager, kind: "a" | "b" | "c"): Handle<Texture> | undefined {
  const tex = mgr.load("a.png", Texture); // leak
  switch (kind) {
    case "a":
      return tex;
    case "b":
      tex[Symbol.dispose]();
      return undefined;
    case "c":
      return undefined;
  }
}`,
  },
  {
    title: "a switch whose cases all dispose",
    code: `export function pick(mgr: ResourceManager, kind: "a" | "b"): number {
  const tex = mgr.load("a.png", Texture);
  let width = 0;
  switch (kind) {
    case "a":
      width = tex.value.width;
      tex[Symbol.dispose]();
      break;
    case "b":
      tex[Symbol.dispose]();
  }
  return width;
}`,
  },
  {
    title: "a scope that is not disposed when there is nothing to do",
    rule: "no-leaking-path",
    code: `export function play(mgr: ResourceManager, names: string[]): void {
  const scene = mgr.scope("level"); // leak
  if (names.length === 0) return;
  for (const name of names) draw(scene.load(name, Texture).value);
  scene.dispose();
}`,
  },
  {
    title: "a task that is withdrawn or awaited",
    code: `export async function turn(mgr: ResourceManager, signal: AbortSignal): Promise<number> {
  const task = mgr.loadAsync("a.png", Texture);
  await Promise.resolve();
  if (signal.aborted) {
    task[Symbol.dispose]();
    return 0;
  }
  using tex = await task;
  return tex.value.width;
}`,
  },
  {
    title: "a task that is forgotten when it comes too late",
    rule: "no-leaking-path",
    code: `export async function turn(mgr: ResourceManager, signal: AbortSignal): Promise<number> {
  const task = mgr.loadAsync("a.png", Texture); // leak
  await Promise.resolve();
  if (signal.aborted) return 0;
  using tex = await task;
  return tex.value.width;
}`,
  },
  {
    title: "a handle of a task that is forgotten on an early return",
    rule: "no-leaking-path",
    code: `export async function turn(mgr: ResourceManager, signal: AbortSignal): Promise<void> {
  const task = mgr.loadAsync("a.png", Texture); // leak
  const tex = await task;
  if (signal.aborted) return;
  draw(tex.value);
  tex[Symbol.dispose]();
}`,
  },
  // Reassignment
  {
    title: "a variable that is assigned again",
    rule: "no-overwritten-handle",
    code: `export function swap(mgr: ResourceManager): void {
  let tex = mgr.load("a.png", Texture); // leak
  draw(tex.value);
  tex = mgr.load("b.png", Texture);
  draw(tex.value);
  tex[Symbol.dispose]();
}`,
  },
  {
    title: "a variable that is disposed, then assigned again",
    code: `export function swap(mgr: ResourceManager): void {
  let tex = mgr.load("a.png", Texture);
  draw(tex.value);
  tex[Symbol.dispose]();
  tex = mgr.load("b.png", Texture);
  draw(tex.value);
  tex[Symbol.dispose]();
}`,
  },
  {
    title: "a variable that each round of a loop assigns again",
    rule: "no-overwritten-handle",
    code: `export function slides(mgr: ResourceManager, names: string[]): void {
  let tex: Handle<Texture> | undefined;
  for (const name of names) {
    tex = mgr.load(name, Texture); // leak
    draw(tex.value);
  }
  tex?.[Symbol.dispose]();
}`,
  },
  {
    title: "a variable that each round of a loop disposes before it assigns it again",
    code: `export function slides(mgr: ResourceManager, names: string[]): void {
  let tex: Handle<Texture> | undefined;
  for (const name of names) {
    tex?.[Symbol.dispose]();
    tex = mgr.load(name, Texture);
    draw(tex.value);
  }
  tex?.[Symbol.dispose]();
}`,
  },
  {
    title: "a variable whose last handle is forgotten after the loop",
    rule: "no-leaking-path",
    code: `export function slides(mgr: ResourceManager, names: string[]): void {
  let tex: Handle<Texture> | undefined;
  for (const name of names) {
    tex?.[Symbol.dispose]();
    tex = mgr.load(name, Texture); // leak
    draw(tex.value);
  }
}`,
  },
  {
    title: "a variable whose old handle is disposed under another name",
    code: `export function slides(mgr: ResourceManager, names: string[]): void {
  let tex = mgr.load("first.png", Texture);
  for (const name of names) {
    const old = tex;
    tex = mgr.load(name, Texture);
    old[Symbol.dispose]();
    draw(tex.value);
  }
  tex[Symbol.dispose]();
}`,
  },
  {
    title: "a variable that is set to undefined without disposing",
    rule: "no-overwritten-handle",
    code: `export function blink(mgr: ResourceManager, times: number): void {
  let tex: Handle<Texture> | undefined = mgr.load("eye.png", Texture); // leak
  for (let i = 0; i < times; i++) draw(tex?.value);
  tex = undefined;
  if (times < 0) tex![Symbol.dispose]();
}`,
  },
  {
    title: "a variable that starts and ends with events",
    code:
      `export function replay(mgr: ResourceManager, events: { start: boolean; name: string }[]): void {
  let tex: Handle<Texture> | undefined;
  for (const { start, name } of events) {
    if (start) {
      tex = mgr.load(name, Texture);
    } else {
      tex?.[Symbol.dispose]();
      tex = undefined;
    }
  }
}`,
  },
  {
    title: "a task that is retried and assigned again",
    rule: "no-overwritten-handle",
    code:
      `export async function retry(mgr: ResourceManager, good: (t: Texture) => boolean): Promise<Handle<Texture>> {
  let tex = await mgr.loadAsync("a.png", Texture); // leak
  if (!good(tex.value)) tex = await mgr.loadAsync("b.png", Texture);
  return tex;
}`,
  },
  {
    title: "the best of several",
    code:
      `export function best(mgr: ResourceManager, names: string[]): Handle<Texture> | undefined {
  let best: Handle<Texture> | undefined;
  for (const name of names) {
    const tex = mgr.load(name, Texture);
    if (best === undefined || tex.value.width > best.value.width) {
      best?.[Symbol.dispose]();
      best = tex;
    } else {
      tex[Symbol.dispose]();
    }
  }
  return best;
}`,
  },
  {
    title: "the best of several, with the losers forgotten",
    rule: "no-leaking-path",
    code:
      `export function best(mgr: ResourceManager, names: string[]): Handle<Texture> | undefined {
  let best: Handle<Texture> | undefined;
  for (const name of names) {
    const tex = mgr.load(name, Texture); // leak
    if (best === undefined || tex.value.width > best.value.width) {
      best?.[Symbol.dispose]();
      best = tex;
    }
  }
  return best;
}`,
  },
  // Destructured bundles
  {
    title: "a bundle that is taken apart and forgotten",
    rule: "prefer-using",
    code: `export async function enter(mgr: ResourceManager): Promise<void> {
  const { map, hero } = await mgr.loadAll({ map: ["map.json", Json], hero: ["hero.png", Texture] }); // leak
  draw(map.value, hero.value);
}`,
  },
  {
    title: "a bundle that is taken apart, of which one handle is forgotten",
    rule: "prefer-using",
    code: `export async function enter(mgr: ResourceManager): Promise<void> {
  const { map, hero } = await mgr.loadAll({ map: ["map.json", Json], hero: ["hero.png", Texture] }); // leak
  draw(map.value, hero.value);
  map[Symbol.dispose]();
}`,
  },
  {
    title: "a bundle that is taken apart, of which one handle is left out",
    rule: "no-dropped-handle",
    code: `export async function enter(mgr: ResourceManager): Promise<void> {
  const { map } = await mgr.loadAll({ map: ["map.json", Json], hero: ["hero.png", Texture] }); // leak
  draw(map.value);
  map[Symbol.dispose]();
}`,
  },
  {
    title: "a bundle that is taken apart down to the values",
    rule: "no-dropped-handle",
    code: `export async function enter(mgr: ResourceManager): Promise<void> {
  const { map: { value: map } } = await mgr.loadAll({ map: ["map.json", Json] }); // leak
  draw(map);
}`,
  },
  {
    title: "a bundle that is taken apart and disposed piece by piece",
    code: `export async function enter(mgr: ResourceManager): Promise<void> {
  const { map, hero } = await mgr.loadAll({ map: ["map.json", Json], hero: ["hero.png", Texture] });
  draw(map.value, hero.value);
  hero[Symbol.dispose]();
  map[Symbol.dispose]();
}`,
  },
  {
    title: "a bundle that is taken apart into a stack",
    code:
      `export async function enter(mgr: ResourceManager, stack: DisposableStack): Promise<void> {
  const { map, ...others } = await mgr.loadAll({ map: ["map.json", Json], hero: ["hero.png", Texture] });
  stack.use(map);
  stack.use(others.hero);
}`,
  },
  {
    title: "a bundle that is used, and taken apart afterwards",
    code: `export async function enter(mgr: ResourceManager): Promise<void> {
  using level = await mgr.loadAll({ map: ["map.json", Json], hero: ["hero.png", Texture] });
  const { map, hero } = level;
  draw(map.value, hero.value);
}`,
  },
  {
    title: "a bundle that is taken apart through a variable, and forgotten",
    rule: "prefer-using",
    code: `export async function enter(mgr: ResourceManager): Promise<void> {
  const level = await mgr.loadAll({ map: ["map.json", Json], hero: ["hero.png", Texture] }); // leak
  const { map, hero } = level;
  draw(map.value, hero.value);
}`,
  },
  {
    title: "a bundle of a scope that is taken apart",
    code: `export async function enter(scene: ResourceScope): Promise<void> {
  const { map, hero } = await scene.loadAll({ map: ["map.json", Json], hero: ["hero.png", Texture] });
  draw(map.value, hero.value);
}`,
  },
  {
    title: "a bundle that is not disposed on an early return",
    rule: "no-leaking-path",
    code: `export async function enter(mgr: ResourceManager, isOver: () => boolean): Promise<void> {
  const level = await mgr.loadAll({ map: ["map.json", Json] }); // leak
  if (isOver()) return;
  draw(level.map.value);
  level[Symbol.dispose]();
}`,
  },
  {
    title: "a bundle in the callback of its promise",
    rule: "no-dropped-handle",
    code: `export function enter(mgr: ResourceManager): Promise<void> {
  return mgr.loadAll({ map: ["map.json", Json] }).then(({ map: { value } }) => draw(value)); // leak
}`,
  },
  // Fields
  {
    title: "a private field that is never disposed",
    rule: "no-undisposed-field",
    code: `export class Player {
  readonly #tex: Handle<Texture>;
  constructor(mgr: ResourceManager) { this.#tex = mgr.load("player.png", Texture); } // leak
  draw(): void { draw(this.#tex.value); }
}`,
  },
  {
    title: "one of two private fields that is never disposed",
    rule: "no-undisposed-field",
    code: `export class Player implements Disposable {
  readonly #tex: Handle<Texture>;
  readonly #step: Handle<Sound>;
  constructor(mgr: ResourceManager) {
    this.#tex = mgr.load("player.png", Texture);
    this.#step = mgr.load("step.ogg", Sound); // leak
  }
  walk(): void { this.#step.value.play(); draw(this.#tex.value); }
  [Symbol.dispose](): void { this.#tex[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that TypeScript keeps private, and nobody disposes",
    rule: "no-undisposed-field",
    code: `export class Player {
  private tex?: Handle<Texture>;
  async enter(mgr: ResourceManager): Promise<void> {
    this.tex = await mgr.loadAsync("player.png", Texture); // leak
  }
  draw(): void { if (this.tex) draw(this.tex.value); }
}`,
  },
  {
    title: "a private field that begins with a handle",
    rule: "no-undisposed-field",
    code: `export class Player {
  readonly #mgr = new ResourceManager();
  readonly #tex = this.#mgr.load("player.png", Texture); // leak
  draw(): void { draw(this.#tex.value); }
}`,
  },
  {
    title: "a private field that a method gives to others",
    code: `export class Player {
  readonly #tex: Handle<Texture>;
  constructor(mgr: ResourceManager) { this.#tex = mgr.load("player.png", Texture); }
  get texture(): Handle<Texture> { return this.#tex; }
}`,
  },
  {
    title: "a public field of a class that disposes nothing",
    rule: "no-undisposed-field",
    code: `export class Player {
  readonly tex: Handle<Texture>;
  constructor(mgr: ResourceManager) { this.tex = mgr.load("player.png", Texture); } // leak
  draw(): void { draw(this.tex.value); }
}`,
  },
  {
    title: "private fields that are disposed together",
    code: `export class Player implements Disposable {
  readonly #tex: Handle<Texture>;
  readonly #step: Handle<Sound>;
  constructor(mgr: ResourceManager) {
    this.#tex = mgr.load("player.png", Texture);
    this.#step = mgr.load("step.ogg", Sound);
  }
  [Symbol.dispose](): void { for (const each of [this.#tex, this.#step]) each[Symbol.dispose](); }
}`,
  },
  {
    title: "private fields in a stack",
    code: `export class Player implements Disposable {
  readonly #stack = new DisposableStack();
  readonly #tex: Handle<Texture>;
  constructor(mgr: ResourceManager) {
    this.#tex = this.#stack.use(mgr.load("player.png", Texture));
  }
  draw(): void { draw(this.#tex.value); }
  [Symbol.dispose](): void { this.#stack.dispose(); }
}`,
  },
  {
    title: "a private field that leaves with using",
    code: `export class Player {
  #tex?: Handle<Texture>;
  enter(mgr: ResourceManager): void { this.#tex = mgr.load("player.png", Texture); }
  leave(): void {
    using _tex = this.#tex;
    this.#tex = undefined;
  }
}`,
  },
  {
    title: "a private field that is disposed on demand, and filled on demand",
    code: `export class Player {
  #tex?: Handle<Texture>;
  constructor(readonly mgr: ResourceManager) {}
  draw(): void { draw((this.#tex ??= this.mgr.load("player.png", Texture)).value); }
  free(): void { this.#tex?.[Symbol.dispose](); this.#tex = undefined; }
}`,
  },
  {
    title: "a private task that is withdrawn",
    code: `export class Player {
  readonly #task: LoadTask<Texture>;
  constructor(mgr: ResourceManager) { this.#task = mgr.loadAsync("player.png", Texture); }
  async draw(): Promise<void> { draw((await this.#task).value); }
  dispose(): void { this.#task[Symbol.dispose](); }
}`,
  },
  {
    title: "a private task that nobody withdraws",
    rule: "no-undisposed-field",
    code: `export class Player {
  readonly #task: LoadTask<Texture>;
  constructor(mgr: ResourceManager) { this.#task = mgr.loadAsync("player.png", Texture); } // leak
  async draw(): Promise<void> { draw((await this.#task).value); }
}`,
  },
  {
    title: "a private scope that is never disposed",
    rule: "no-undisposed-field",
    code: `export class Level {
  readonly #scene: ResourceScope;
  constructor(mgr: ResourceManager) { this.#scene = mgr.scope("level"); } // leak
  draw(name: string): void { draw(this.#scene.load(name, Texture).value); }
}`,
  },
  {
    title: "a private map of handles that is never disposed",
    rule: "no-undisposed-field",
    code: `export class Icons {
  readonly #icons = new Map<string, Handle<Texture>>();
  constructor(readonly mgr: ResourceManager) {}
  icon(name: string): Texture {
    let icon = this.#icons.get(name);
    if (!icon) this.#icons.set(name, icon = this.mgr.load(name, Texture)); // leak
    return icon.value;
  }
}`,
  },
  {
    title: "a private map of handles that is disposed",
    code: `export class Icons {
  readonly #icons = new Map<string, Handle<Texture>>();
  constructor(readonly mgr: ResourceManager) {}
  icon(name: string): Texture {
    let icon = this.#icons.get(name);
    if (!icon) {
      icon = this.mgr.load(name, Texture);
      this.#icons.set(name, icon);
    }
    return icon.value;
  }
  clear(): void {
    for (const icon of this.#icons.values()) icon[Symbol.dispose]();
    this.#icons.clear();
  }
}`,
  },
  {
    title: "a private array of handles that is disposed by forEach()",
    code: `export class Tiles {
  readonly #tiles: Handle<Texture>[] = [];
  constructor(mgr: ResourceManager, names: string[]) {
    for (const name of names) this.#tiles.push(mgr.load(name, Texture));
  }
  draw(): void { for (const tile of this.#tiles) draw(tile.value); }
  [Symbol.dispose](): void { this.#tiles.forEach((tile) => tile[Symbol.dispose]()); }
}`,
  },
  {
    title: "a private array of handles that is never disposed",
    rule: "no-undisposed-field",
    code: `export class Tiles {
  readonly #tiles: Handle<Texture>[] = [];
  constructor(mgr: ResourceManager, names: string[]) {
    for (const name of names) this.#tiles.push(mgr.load(name, Texture)); // leak
  }
  draw(): void { for (const tile of this.#tiles) draw(tile.value); }
}`,
  },
  {
    title: "a private array that a map() fills",
    rule: "no-undisposed-field",
    code: `export class Tiles {
  readonly #tiles: Handle<Texture>[];
  constructor(mgr: ResourceManager, names: string[]) {
    this.#tiles = names.map((name) => mgr.load(name, Texture)); // leak
  }
  draw(): void { draw(this.#tiles.map(({ value }) => value)); }
}`,
  },
  // Overwritten fields
  {
    title: "a field that a setter overwrites",
    rule: "no-overwritten-handle",
    code: `export class Hud {
  #icon?: Handle<Texture>;
  constructor(readonly mgr: ResourceManager) {}
  set icon(name: string) { this.#icon = this.mgr.load(name, Texture); } // leak
  draw(): void { draw(this.#icon?.value); }
  dispose(): void { this.#icon?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that a method overwrites by the name in its parameter",
    rule: "no-overwritten-handle",
    code: `export class Hud {
  #icon?: Handle<Texture>;
  setIcon(mgr: ResourceManager, name: string): void {
    this.#icon = mgr.load(\`icons/\${name}.png\`, Texture); // leak
  }
  dispose(): void { this.#icon?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that a method overwrites after an await",
    rule: "no-overwritten-handle",
    code: `export class Hud {
  #icon?: Handle<Texture>;
  async setIcon(mgr: ResourceManager, name: string): Promise<void> {
    const path = "icons/" + name;
    const icon = await mgr.loadAsync(path, Texture); // leak
    this.#icon = icon;
  }
  dispose(): void { this.#icon?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that the constructor fills and a method overwrites",
    rule: "no-overwritten-handle",
    code: `export class Player {
  #skin: Handle<Texture>;
  constructor(readonly mgr: ResourceManager) { this.#skin = mgr.load("plain.png", Texture); }
  unlock(): void {
    this.#skin = this.mgr.load("gold.png", Texture); // leak
    draw(this.#skin.value);
  }
  [Symbol.dispose](): void { this.#skin[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that is overwritten in each frame",
    rule: "no-overwritten-handle",
    code: `export class Player {
  #tex?: Handle<Texture>;
  constructor(readonly mgr: ResourceManager) {}
  update(): void {
    this.#tex = this.mgr.load("player.png", Texture); // leak
    draw(this.#tex.value);
  }
  dispose(): void { this.#tex?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a variable of an outer function that is overwritten",
    rule: "no-overwritten-handle",
    code: `export function createHud(mgr: ResourceManager) {
  let icon: Handle<Texture> | undefined;
  return {
    setIcon(name: string): void { icon = mgr.load(name, Texture); }, // leak
    draw(): void { draw(icon?.value); },
    [Symbol.dispose](): void { icon?.[Symbol.dispose](); },
  };
}`,
  },
  {
    title: "a variable of a module that is overwritten",
    rule: "no-overwritten-handle",
    code: `let theme: Handle<Sound> | undefined;
export function setTheme(mgr: ResourceManager, name: string): void {
  theme = mgr.load(name, Sound); // leak
  theme.value.play();
}`,
  },
  {
    title: "a field whose old handle is disposed first",
    code: `export class Hud {
  #icon?: Handle<Texture>;
  setIcon(mgr: ResourceManager, name: string): void {
    this.#icon?.[Symbol.dispose]();
    this.#icon = mgr.load(name, Texture);
  }
  dispose(): void { this.#icon?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a field whose old handle another method disposes first",
    code: `export class Hud {
  #icon?: Handle<Texture>;
  setIcon(mgr: ResourceManager, name: string): void {
    this.#clear();
    this.#icon = mgr.load(name, Texture);
  }
  #clear(): void { this.#icon?.[Symbol.dispose](); }
  dispose(): void { this.#clear(); }
}`,
  },
  {
    title: "a field whose old handle is disposed afterwards",
    code: `export class Hud {
  #icon?: Handle<Texture>;
  async setIcon(mgr: ResourceManager, name: string): Promise<void> {
    const old = this.#icon;
    this.#icon = await mgr.loadAsync(name, Texture);
    old?.[Symbol.dispose]();
  }
  dispose(): void { this.#icon?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that is filled once, by a method that begins things",
    code: `export class Level {
  #map?: Handle<Texture>;
  async init(mgr: ResourceManager, name: string): Promise<void> {
    this.#map = await mgr.loadAsync(name, Texture);
  }
  draw(): void { draw(this.#map?.value); }
  destroy(): void { this.#map?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a field that is filled by a name of its own",
    code: `export class Level {
  #map?: Handle<Texture>;
  constructor(readonly mgr: ResourceManager, readonly name: string) {}
  show(): void { this.#map = this.mgr.load(this.name, Texture); }
  hide(): void { this.#map?.[Symbol.dispose](); this.#map = undefined; }
}`,
  },
  {
    title: "a field that is filled if it is empty",
    code: `export class Level {
  #map?: Handle<Texture>;
  map(mgr: ResourceManager, name: string): Texture {
    if (!this.#map) this.#map = mgr.load(name, Texture);
    return this.#map.value;
  }
  destroy(): void { this.#map?.[Symbol.dispose](); }
}`,
  },
  // Promises
  {
    title: "a then() that only reads the value",
    rule: "no-dropped-handle",
    code: `export function show(mgr: ResourceManager): void {
  mgr.loadAsync("a.png", Texture).then((tex) => draw(tex.value)); // leak
}`,
  },
  {
    title: "a then() that takes the value out",
    rule: "no-dropped-handle",
    code: `export function show(mgr: ResourceManager): void {
  mgr.loadAsync("a.png", Texture).then(({ value }) => draw(value)).catch(() => {}); // leak
}`,
  },
  {
    title: "a then() that does not look at the handle",
    rule: "no-dropped-handle",
    code: `export function start(mgr: ResourceManager, play: () => void): void {
  void mgr.loadAsync("a.png", Texture).then(() => play()); // leak
}`,
  },
  {
    title: "a then() that returns the value only",
    rule: "no-dropped-handle",
    code: `export function open(mgr: ResourceManager): Promise<Texture> {
  return mgr.loadAsync("a.png", Texture).then((tex) => tex.value); // leak
}`,
  },
  {
    title: "a then() after a then()",
    rule: "no-dropped-handle",
    code: `export function show(mgr: ResourceManager): void {
  mgr.loadAsync("a.png", Texture).then((tex) => tex).then((tex) => draw(tex.value)); // leak
}`,
  },
  {
    title: "a catch() on a task that nobody holds",
    rule: "no-dropped-task",
    code: `export function preload(mgr: ResourceManager): void {
  mgr.loadAsync("a.png", Texture).catch(console.error); // leak
}`,
  },
  {
    title: "a then() in a variable",
    rule: "no-dropped-handle",
    code: `export async function width(mgr: ResourceManager): Promise<number> {
  const width = mgr.loadAsync("a.png", Texture).then((tex) => { // leak
    draw(tex.value);
    return tex.value.width;
  });
  return await width;
}`,
  },
  {
    title: "a then() that disposes",
    code: `export function show(mgr: ResourceManager): void {
  mgr.loadAsync("a.png", Texture).then((tex) => {
    draw(tex.value);
    tex[Symbol.dispose]();
  });
}`,
  },
  {
    title: "a then() with using",
    code: `export function show(mgr: ResourceManager): Promise<void> {
  return mgr.loadAsync("a.png", Texture).then((handle) => {
    using tex = handle;
    draw(tex.value);
  }, () => {});
}`,
  },
  {
    title: "a then() that passes the handle on",
    code: `export function open(mgr: ResourceManager): Promise<Handle<Texture>> {
  return mgr.loadAsync("a.png", Texture).then((tex) => tex).finally(() => draw("done"));
}`,
  },
  {
    title: "a then() that hands the handle to a function",
    code: `export function open(mgr: ResourceManager, show: (tex: Handle<Texture>) => void): void {
  mgr.loadAsync("a.png", Texture).then(show);
  mgr.loadAsync("b.png", Texture).then((tex) => show(tex));
}`,
  },
  {
    title: "a then() whose handle is put in a list",
    code: `export function open(mgr: ResourceManager, stack: DisposableStack): Promise<unknown> {
  return mgr.loadAsync("a.png", Texture).then((tex) => stack.use(tex));
}`,
  },
  {
    title: "a task that is awaited without its handle",
    rule: "prefer-using",
    code: `export async function preload(mgr: ResourceManager): Promise<void> {
  const task = mgr.loadAsync("a.png", Texture); // leak
  await task;
}`,
  },
  {
    title: "tasks that are awaited together and forgotten",
    rule: "prefer-using",
    code: `export async function preload(mgr: ResourceManager, names: string[]): Promise<void> {
  const handles = await Promise.all(names.map((name) => mgr.loadAsync(name, Texture))); // leak
  draw(handles.length, handles[0]?.value);
}`,
  },
  {
    title: "tasks that are awaited together and dropped",
    rule: "no-dropped-handle",
    code: `export async function preload(mgr: ResourceManager, names: string[]): Promise<void> {
  await Promise.all(names.map((name) => mgr.loadAsync(name, Texture))); // leak
}`,
  },
  {
    title: "tasks that are awaited together and taken apart",
    rule: "prefer-using",
    code: `export async function show(mgr: ResourceManager): Promise<void> {
  const [a, b] = await Promise.all([
    mgr.loadAsync("a.png", Texture), // leak
    mgr.loadAsync("b.png", Texture),
  ]);
  draw(a.value, b.value);
  b[Symbol.dispose]();
}`,
  },
  {
    title: "tasks that are awaited together and disposed",
    code: `export async function show(mgr: ResourceManager, names: string[]): Promise<void> {
  const handles = await Promise.all(names.map((name) => mgr.loadAsync(name, Texture)));
  try {
    for (const handle of handles) draw(handle.value);
  } finally {
    for (const handle of handles) handle[Symbol.dispose]();
  }
}`,
  },
  {
    title: "tasks that are awaited together and put in a stack",
    code: `export async function show(mgr: ResourceManager, names: string[]): Promise<void> {
  using stack = new DisposableStack();
  const tasks = names.map((name) => mgr.loadAsync(name, Texture));
  const handles = (await Promise.all(tasks)).map((handle) => stack.use(handle));
  draw(handles.map(({ value }) => value));
}`,
  },
  {
    title: "tasks that are withdrawn when one fails",
    code: `export async function show(mgr: ResourceManager): Promise<void> {
  using a = mgr.loadAsync("a.png", Texture);
  using b = mgr.loadAsync("b.png", Texture);
  const [first, second] = await Promise.all([a, b]);
  draw(first.value, second.value);
}`,
  },
  // Arrays and other collections
  {
    title: "an array of handles that is filled and forgotten",
    rule: "prefer-using",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  const handles: Handle<Texture>[] = [];
  for (const name of names) {
    handles.push(mgr.load(name, Texture)); // leak
  }
  for (const handle of handles) draw(handle.value);
}`,
  },
  {
    title: "an array of handles that is made and forgotten",
    rule: "prefer-using",
    code: `export function tiles(mgr: ResourceManager, names: string[]): number {
  const handles = names.map((name) => mgr.load(name, Texture)); // leak
  return handles.reduce((sum, handle) => sum + handle.value.width, 0);
}`,
  },
  {
    title: "an array of handles that is written out and forgotten",
    rule: "prefer-using",
    code: `export function tiles(mgr: ResourceManager): void {
  const [grass, stone] = [mgr.load("grass.png", Texture), mgr.load("stone.png", Texture)]; // leak
  draw(grass.value, stone.value);
  stone[Symbol.dispose]();
}`,
  },
  {
    title: "handles of a map() of which only the values are wanted",
    rule: "no-dropped-handle",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  draw(names.map((name) => mgr.load(name, Texture).value)); // leak
}`,
  },
  {
    title: "handles that a loop reads and forgets",
    rule: "prefer-using",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  for (const tile of names.map((name) => mgr.load(name, Texture))) draw(tile.value); // leak
}`,
  },
  {
    title: "a map of handles that is forgotten",
    rule: "prefer-using",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  const tiles = new Map<string, Handle<Texture>>();
  for (const name of names) tiles.set(name, mgr.load(name, Texture)); // leak
  for (const [name, tile] of tiles) draw(name, tile.value);
}`,
  },
  {
    title: "an object of handles that is forgotten",
    rule: "prefer-using",
    code: `export function tiles(mgr: ResourceManager): void {
  const tiles = { grass: mgr.load("grass.png", Texture), size: 8 }; // leak
  draw(tiles.grass.value, tiles.size);
}`,
  },
  {
    title: "handles that forEach() loads and forgets",
    rule: "prefer-using",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  names.forEach((name) => {
    const tile = mgr.load(name, Texture); // leak
    draw(tile.value);
  });
}`,
  },
  {
    title: "an array that is not disposed on an early return",
    rule: "no-leaking-path",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  const handles = names.map((name) => mgr.load(name, Texture)); // leak
  if (handles.some((handle) => handle.value.width === 0)) return;
  for (const handle of handles) handle[Symbol.dispose]();
}`,
  },
  {
    title: "an array of handles that is disposed by an index",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  const handles: Handle<Texture>[] = [];
  for (const name of names) handles.push(mgr.load(name, Texture));
  for (let i = 0; i < handles.length; i++) handles[i]![Symbol.dispose]();
}`,
  },
  {
    title: "an array of handles that is emptied",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  const handles = names.map((name) => mgr.load(name, Texture));
  while (handles.length > 0) handles.pop()?.[Symbol.dispose]();
}`,
  },
  {
    title: "an array of handles that a function of the file disposes",
    code: `function free(handles: readonly Disposable[]): void {
  for (const handle of handles) handle[Symbol.dispose]();
}
export function tiles(mgr: ResourceManager, names: string[]): void {
  const handles = names.map((name) => mgr.load(name, Texture));
  draw(handles.map((handle) => handle.value));
  free(handles);
}`,
  },
  {
    title: "an array of handles that is filtered, and disposed in two parts",
    code: `export function tiles(mgr: ResourceManager, names: string[]): Handle<Texture>[] {
  const handles = names.map((name) => mgr.load(name, Texture));
  for (const handle of handles.filter(({ value }) => value.width === 0)) handle[Symbol.dispose]();
  return handles.filter((handle) => !handle.disposed);
}`,
  },
  {
    title: "an array of handles that is returned",
    code: `export function tiles(mgr: ResourceManager, names: string[]): Handle<Texture>[] {
  const handles: Handle<Texture>[] = [];
  for (const name of names) handles.push(mgr.load(name, Texture));
  return handles;
}`,
  },
  {
    title: "an array of handles with another owner",
    code: `export function tiles(mgr: ResourceManager, handles: Handle<Texture>[]): void {
  handles.push(mgr.load("grass.png", Texture));
  handles[0] = mgr.load("stone.png", Texture);
}`,
  },
  {
    title: "a map of handles that is disposed by entries",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  const tiles = new Map<string, Handle<Texture>>();
  for (const name of names) tiles.set(name, mgr.load(name, Texture));
  for (const [, tile] of tiles) tile[Symbol.dispose]();
  for (const [name, tile] of tiles.entries()) draw(name, tile.key);
}`,
  },
  {
    title: "an object of handles that is disposed",
    code: `export function tiles(mgr: ResourceManager): void {
  const tiles = { grass: mgr.load("grass.png", Texture), stone: mgr.load("stone.png", Texture) };
  draw(tiles.grass.value);
  for (const tile of Object.values(tiles)) tile[Symbol.dispose]();
}`,
  },
  {
    title: "an object that disposes its handles itself",
    code: `export function level(mgr: ResourceManager) {
  const level = {
    map: mgr.load("map.png", Texture),
    draw(): void { draw(this.map.value); },
    [Symbol.dispose](): void { this.map[Symbol.dispose](); },
  };
  return level;
}`,
  },
  {
    title: "handles in a stack, one by one",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  using stack = new DisposableStack();
  const handles = names.map((name) => stack.use(mgr.load(name, Texture)));
  draw(handles.map((handle) => handle.value));
}`,
  },
  // Try and catch
  {
    title: "a disposal that an exception skips",
    rule: "no-leaking-path",
    code: `export function show(mgr: ResourceManager): void {
  try {
    const tex = mgr.load("a.png", Texture); // leak
    draw(tex.value);
    tex[Symbol.dispose]();
  } catch (error) {
    console.error(error);
  }
}`,
  },
  {
    title: "a disposal that an exception skips, of a variable outside",
    rule: "no-leaking-path",
    code: `export function show(mgr: ResourceManager): boolean {
  let tex: Handle<Texture> | undefined;
  try {
    tex = mgr.load("a.png", Texture); // leak
    draw(tex.value);
    tex[Symbol.dispose]();
  } catch {
    return false;
  }
  return true;
}`,
  },
  {
    title: "a return in a catch",
    rule: "no-leaking-path",
    code: `export function show(mgr: ResourceManager, parse: () => number): number {
  const tex = mgr.load("a.png", Texture); // leak
  let scale = 1;
  try {
    scale = parse();
  } catch {
    return 0;
  }
  draw(tex.value, scale);
  tex[Symbol.dispose]();
  return scale;
}`,
  },
  {
    title: "a handle in a try that nobody disposes",
    rule: "prefer-using",
    code: `export async function show(mgr: ResourceManager): Promise<void> {
  try {
    const tex = await mgr.loadAsync("a.png", Texture); // leak
    draw(tex.value);
  } catch {
    draw("missing");
  }
}`,
  },
  {
    title: "a disposal in finally",
    code: `export async function show(mgr: ResourceManager): Promise<boolean> {
  let tex: Handle<Texture> | undefined;
  try {
    tex = await mgr.loadAsync("a.png", Texture);
    draw(tex.value);
    return true;
  } catch {
    return false;
  } finally {
    tex?.[Symbol.dispose]();
  }
}`,
  },
  {
    title: "a disposal in finally, if there is a handle",
    code: `export async function show(mgr: ResourceManager): Promise<boolean> {
  let tex: Handle<Texture> | undefined;
  try {
    tex = await mgr.loadAsync("a.png", Texture);
    draw(tex.value);
    return true;
  } finally {
    if (tex !== undefined) tex[Symbol.dispose]();
  }
}`,
  },
  {
    title: "a disposal in catch, and a handing on",
    code: `export function open(mgr: ResourceManager): Handle<Texture> {
  const tex = mgr.load("a.png", Texture);
  try {
    draw(tex.value);
  } catch (error) {
    tex[Symbol.dispose]();
    throw error;
  }
  return tex;
}`,
  },
  {
    title: "a return in a catch, where nothing was loaded",
    code: `export async function open(mgr: ResourceManager): Promise<void> {
  let tex: Handle<Texture>;
  try {
    tex = await mgr.loadAsync("a.png", Texture);
  } catch {
    return;
  }
  draw(tex.value);
  tex[Symbol.dispose]();
}`,
  },
  {
    title: "a disposal after try and catch",
    code: `export function show(mgr: ResourceManager): void {
  const tex = mgr.load("a.png", Texture);
  try {
    draw(tex.value);
  } catch (error) {
    console.error(error);
  }
  tex[Symbol.dispose]();
}`,
  },
  {
    title: "using in a try",
    code: `export function width(mgr: ResourceManager): number {
  try {
    using tex = mgr.load("a.png", Texture);
    return tex.value.width;
  } catch {
    return 0;
  }
}`,
  },
  {
    title: "a handle that a try stores before anything can fail",
    code: `export class Hud {
  tex?: Handle<Texture>;
  async enter(mgr: ResourceManager): Promise<void> {
    try {
      const tex = await mgr.loadAsync("a.png", Texture);
      this.tex = tex;
    } catch (error) {
      console.error(error);
    }
  }
  leave(): void { this.tex?.[Symbol.dispose](); }
}`,
  },
  {
    title: "a second try after a failure",
    code: `export async function open(mgr: ResourceManager): Promise<Handle<Texture> | undefined> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const tex = await mgr.loadAsync("a.png", Texture);
      return tex;
    } catch {
      await Promise.resolve();
    }
  }
  return undefined;
}`,
  },
  // Helpers and wrappers
  {
    title: "a helper whose handle is read and dropped",
    rule: "no-dropped-handle",
    code: `function hero(mgr: ResourceManager): Handle<Texture> {
  const tex = mgr.load("hero.png", Texture);
  draw(tex.value.width);
  return tex;
}
export function width(mgr: ResourceManager): number {
  return hero(mgr).value.width; // leak
}`,
  },
  {
    title: "a helper that falls back to another picture",
    rule: "prefer-using",
    code: `const open = (mgr: ResourceManager, name: string) =>
  mgr.get(name, Texture) ?? mgr.load("missing.png", Texture);
export function show(mgr: ResourceManager, name: string): void {
  const tex = open(mgr, name); // leak
  draw(tex.value);
}`,
  },
  {
    title: "a helper that opens several",
    rule: "prefer-using",
    code: `function openAll(mgr: ResourceManager, names: string[]) {
  return names.map((name) => mgr.load(name, Texture));
}
export function show(mgr: ResourceManager, names: string[]): void {
  const handles = openAll(mgr, names); // leak
  draw(handles.map((handle) => handle.value));
}`,
  },
  {
    title: "an asynchronous helper whose promise is dropped",
    rule: "no-dropped-task",
    code: `async function open(mgr: ResourceManager, name: string): Promise<Handle<Texture>> {
  return await mgr.loadAsync(name, Texture);
}
export function preload(mgr: ResourceManager): void {
  open(mgr, "a.png"); // leak
}`,
  },
  {
    title: "a method of another class of the file, whose handle is dropped",
    rule: "no-dropped-handle",
    code: `export class Assets {
  constructor(readonly mgr: ResourceManager) {}
  texture(name: string): Handle<Texture> { return this.mgr.load(name, Texture); }
}
export function show(assets: Assets): void {
  draw(assets.texture("a.png").value); // leak
}`,
  },
  {
    title: "a wrapper in a field, whose handle is forgotten",
    rule: "prefer-using",
    code: `class Assets {
  readonly #mgr = new ResourceManager();
  async texture(name: string): Promise<Handle<Texture>> {
    return await this.#mgr.loadAsync(name, Texture);
  }
}
export class Game {
  readonly #assets = new Assets();
  async show(): Promise<void> {
    const tex = await this.#assets.texture("a.png"); // leak
    draw(tex.value);
  }
}`,
  },
  {
    title: "a factory of wrappers, whose handle is dropped",
    rule: "no-dropped-handle",
    code: `function createAssets(mgr: ResourceManager) {
  return { texture: (name: string) => mgr.load(name, Texture) };
}
export function show(mgr: ResourceManager): void {
  const assets = createAssets(mgr);
  draw(assets.texture("a.png").value); // leak
}`,
  },
  {
    title: "a manager of a class that extends it",
    rule: "no-dropped-handle",
    code: `export class Assets extends ResourceManager {
  hero(): Handle<Texture> { return this.load("hero.png", Texture); }
  width(): number { return this.hero().value.width; } // leak
}`,
  },
  {
    title: "a handle that a function of the file only reads",
    rule: "prefer-using",
    code: `function show(tex: Handle<Texture>): void {
  draw(tex.value);
}
export function play(mgr: ResourceManager): void {
  const tex = mgr.load("a.png", Texture); // leak
  show(tex);
}`,
  },
  {
    title: "a handle that is passed to a function of the file that only reads it",
    rule: "no-dropped-handle",
    code: `function show({ tex }: { tex: number }, hero: Handle<Texture>): void {
  draw(tex, hero.value);
}
export function play(mgr: ResourceManager): void {
  show({ tex: 1 }, mgr.load("a.png", Texture)); // leak
}`,
  },
  {
    title: "a handle that a function of the file keeps",
    code: `const held = new Set<Handle<Texture>>();
function hold(tex: Handle<Texture>): void {
  held.add(tex);
}
export function play(mgr: ResourceManager): void {
  const tex = mgr.load("a.png", Texture);
  hold(tex);
}`,
  },
  {
    title: "a handle that a function of the file disposes later",
    code: `function play(sound: Handle<Sound>): void {
  sound.value.play();
  setTimeout(() => sound[Symbol.dispose](), 1000);
}
export function click(mgr: ResourceManager): void {
  play(mgr.load("click.ogg", Sound));
}`,
  },
  {
    title: "a handle that a function of the file returns, with using",
    code: `function open(mgr: ResourceManager, name: string): Handle<Texture> | undefined {
  if (name === "") return undefined;
  return mgr.load(name, Texture);
}
export function show(mgr: ResourceManager): void {
  using tex = open(mgr, "a.png");
  draw(tex?.value);
}`,
  },
  {
    title: "a cache whose handles belong to it",
    code: `export class Cache {
  readonly #held = new Map<string, Handle<Texture>>();
  constructor(readonly mgr: ResourceManager) {}
  get(name: string): Handle<Texture> {
    const known = this.#held.get(name);
    if (known) return known;
    const tex = this.mgr.load(name, Texture);
    this.#held.set(name, tex);
    return tex;
  }
  clear(): void { for (const tex of this.#held.values()) tex[Symbol.dispose](); }
}
export function show(cache: Cache): void {
  draw(cache.get("a.png").value);
}`,
  },
  {
    title: "a parameter that is called, and has the name of nothing",
    code:
      `export function retry(mgr: ResourceManager, good: (t: unknown) => boolean): Handle<Texture> {
  const tex = mgr.load("a.png", Texture);
  draw(good(tex.value));
  return tex;
}`,
  },
  // React
  {
    title: "an effect without a cleanup",
    rule: "prefer-using",
    code: `export function useTexture(mgr: ResourceManager, name: string): Texture | null {
  const [texture, setTexture] = useState<Texture | null>(null);
  useEffect(() => {
    const handle = mgr.load(name, Texture); // leak
    setTexture(handle.value);
  }, [name]);
  return texture;
}`,
  },
  {
    title: "an asynchronous effect without a cleanup",
    rule: "no-dropped-handle",
    code: `export function useTexture(mgr: ResourceManager, name: string): Texture | null {
  const [texture, setTexture] = useState<Texture | null>(null);
  useEffect(() => {
    mgr.loadAsync(name, Texture).then((handle) => setTexture(handle.value)); // leak
  }, [name]);
  return texture;
}`,
  },
  {
    title: "an effect whose cleanup forgets a handle that comes too late",
    rule: "no-leaking-path",
    code: `export function useTexture(mgr: ResourceManager, name: string): Texture | null {
  const [texture, setTexture] = useState<Texture | null>(null);
  useEffect(() => {
    let isGone = false;
    let held: Handle<Texture> | undefined;
    mgr.loadAsync(name, Texture).then((handle) => { // leak
      if (isGone) return;
      held = handle;
      setTexture(handle.value);
    });
    return () => {
      isGone = true;
      held?.[Symbol.dispose]();
    };
  }, [name]);
  return texture;
}`,
  },
  {
    title: "a memo that nobody disposes",
    rule: "prefer-using",
    code: `export function useWidth(mgr: ResourceManager, name: string): number {
  const handle = useMemo(() => mgr.load(name, Texture), [name]); // leak
  return handle.value.width;
}`,
  },
  {
    title: "an effect with a cleanup",
    code: `export function useTexture(mgr: ResourceManager, name: string): Texture | null {
  const [texture, setTexture] = useState<Texture | null>(null);
  useEffect(() => {
    const handle = mgr.load(name, Texture);
    setTexture(handle.value);
    return () => handle[Symbol.dispose]();
  }, [name]);
  return texture;
}`,
  },
  {
    title: "a memo that an effect disposes",
    code: `export function useWidth(mgr: ResourceManager, name: string): number {
  const handle = useMemo(() => mgr.load(name, Texture), [name]);
  useEffect(() => () => handle[Symbol.dispose](), [handle]);
  return handle.value.width;
}`,
  },
  {
    title: "a ref that an effect fills and empties",
    code: `export function useTexture(mgr: ResourceManager, name: string): void {
  const ref = useRef<Handle<Texture> | undefined>(undefined);
  useEffect(() => {
    ref.current = mgr.load(name, Texture);
    return () => {
      ref.current?.[Symbol.dispose]();
      ref.current = undefined;
    };
  }, [name]);
}`,
  },
  // Tests, and missing values
  {
    title: "an assertion that there is no value",
    code: `export function check(mgr: ResourceManager): void {
  assert(mgr.get("a.png", Texture) === undefined);
  assert(mgr.get("b.png", Texture) == null && true);
  assert(!mgr.get("c.png", Texture));
  assert(!(mgr.get("d.png", Texture) !== undefined));
  if (mgr.get("e.png", Texture) !== undefined) throw new Error("it is still there");
  const isGone = mgr.get("f.png", Texture) === undefined;
  draw(isGone, mgr.get("g.png", Texture) === undefined);
}`,
  },
  {
    title: "an assertion that there is a value",
    rule: "no-dropped-handle",
    code: `export function check(mgr: ResourceManager): void {
  assert(mgr.get("a.png", Texture) !== undefined); // leak
}`,
  },
  {
    title: "a test whether there is a value",
    rule: "no-dropped-handle",
    code: `export function check(mgr: ResourceManager): void {
  if (mgr.get("a.png", Texture) === undefined) draw("nothing"); // leak
}`,
  },
  {
    title: "a load that is expected to fail",
    code: `export async function check(mgr: ResourceManager): Promise<void> {
  try {
    await mgr.loadAsync("missing.png", Texture);
    throw new Error("it was found");
  } catch {
    draw("missing");
  }
}`,
  },
  // Others
  {
    title: "a clone of a parameter that is not kept",
    rule: "prefer-using",
    code: `export function twice(hero: Handle<Texture>): void {
  const copy = hero.clone(); // leak
  draw(hero.value, copy.value);
}`,
  },
  {
    title: "a clone for a field that is disposed",
    code: `export class Shadow implements Disposable {
  readonly #tex: Handle<Texture>;
  constructor(tex: Handle<Texture>) { this.#tex = tex.clone(); }
  draw(): void { draw(this.#tex.value); }
  [Symbol.dispose](): void { this.#tex[Symbol.dispose](); }
}`,
  },
  {
    title: "a weak handle that is upgraded and dropped",
    rule: "no-dropped-handle",
    code: `export class Minimap {
  readonly #map: WeakHandle<Texture>;
  constructor(map: Handle<Texture>) { this.#map = map.weak(); }
  draw(): void { draw(this.#map.upgrade()?.value); } // leak
}`,
  },
  {
    title: "a value that is added, and whose handle is forgotten",
    rule: "prefer-using",
    code: `export function noise(mgr: ResourceManager): number {
  const handle = mgr.add("noise", new Texture(1, 1)); // leak
  return handle.value.width;
}`,
  },
  {
    title: "a value that a scope keeps",
    code: `export function noise(mgr: ResourceManager, scene: ResourceScope): Texture {
  const handle = scene.use(mgr.add("noise", new Texture(1, 1)));
  return handle.value;
}`,
  },
  {
    title: "a move() whose new scope has no owner",
    rule: "prefer-using",
    code: `export function play(mgr: ResourceManager): void {
  using scene = mgr.scope("level 1");
  const next = scene.move(); // leak
  draw(next.label);
}`,
  },
  {
    title: "a scope in a variable that is assigned later",
    rule: "no-overwritten-handle",
    code: `export async function play(mgr: ResourceManager, levels: string[]): Promise<void> {
  let scene: ResourceScope | undefined;
  for (const level of levels) {
    scene = mgr.scope(level); // leak
    draw(scene.load(level, Texture).value);
    await Promise.resolve();
  }
  scene?.dispose();
}`,
  },
  {
    title: "a generator that forgets its handle",
    rule: "prefer-using",
    code: `export function* frames(mgr: ResourceManager, names: string[]): Generator<Texture> {
  for (const name of names) {
    const tex = mgr.load(name, Texture); // leak
    yield tex.value;
  }
}`,
  },
  {
    title: "a generator that yields its handles",
    code:
      `export function* frames(mgr: ResourceManager, names: string[]): Generator<Handle<Texture>> {
  for (const name of names) yield mgr.load(name, Texture);
}
export function show(mgr: ResourceManager): void {
  for (using tex of frames(mgr, ["a.png"])) draw(tex.value);
}`,
  },
  {
    title: "a game whose manager has no type",
    rule: "prefer-using",
    code: `interface Engine { readonly resources: ResourceManager }
export function show(engine: Engine): void {
  const tex = engine.resources.load("a.png", Texture); // leak
  draw(tex.value);
}`,
  },
  {
    title: "a loop that hands each on",
    code:
      `export function stream(mgr: ResourceManager, names: string[], take: (t: Handle<Texture>) => void): void {
  for (const name of names) {
    const tex = mgr.load(name, Texture);
    take(tex);
  }
}`,
  },
  {
    title: "a handle that resolves a promise",
    code: `export function open(mgr: ResourceManager): Promise<Handle<Texture>> {
  const { promise, resolve } = Promise.withResolvers<Handle<Texture>>();
  setTimeout(() => {
    const tex = mgr.load("a.png", Texture);
    resolve(tex);
  }, 10);
  return promise;
}`,
  },
  {
    title: "a listener that uses a handle, and a function that ends both",
    code: `export function button(mgr: ResourceManager, target: EventTarget): () => void {
  const click = mgr.load("click.ogg", Sound);
  const play = () => click.value.play();
  target.addEventListener("click", play);
  return () => {
    target.removeEventListener("click", play);
    click[Symbol.dispose]();
  };
}`,
  },
  {
    title: "a player of frames that stops at the last",
    code:
      `export async function play(mgr: ResourceManager, names: string[], isOver: () => boolean): Promise<void> {
  let frame = mgr.load("first.png", Texture);
  let i = 0;
  while (true) {
    draw(frame.value);
    await Promise.resolve();
    const name = names[i++];
    if (name === undefined || isOver()) {
      frame[Symbol.dispose]();
      return;
    }
    const next = mgr.load(name, Texture);
    frame[Symbol.dispose]();
    frame = next;
  }
}`,
  },
  {
    title: "references that are counted by hand",
    code: `export function count(mgr: ResourceManager): void {
  using _first = mgr.load("a.png", Texture);
  mgr.acquire("a.png");
  draw(mgr.peek("a.png"), mgr.has("a.png"));
  mgr.release("a.png");
}`,
  },
  {
    title: "an async stack that moves into a field",
    code: `export class Level implements AsyncDisposable {
  #stack = new AsyncDisposableStack();
  static async open(mgr: ResourceManager, names: string[]): Promise<Level> {
    await using stack = new AsyncDisposableStack();
    for (const name of names) stack.use(await mgr.loadAsync(name, Texture));
    const level = new Level();
    level.#stack = stack.move();
    return level;
  }
  async [Symbol.asyncDispose](): Promise<void> { await this.#stack.disposeAsync(); }
}`,
  },
  {
    title: "a static field, which lasts",
    code: `const mgr = new ResourceManager();
export class Fonts { static readonly #main = mgr.load("main.txt", Text);
  static text(): string { return Fonts.#main.value; } }`,
  },
  {
    title: "a public field that a disposing class leaves out",
    rule: "no-undisposed-field",
    code: `export class Level {
  readonly map: Handle<Texture>;
  readonly song: Handle<Sound>;
  constructor(mgr: ResourceManager) {
    this.map = mgr.load("map.png", Texture);
    const song = mgr.load("song.ogg", Sound); // leak
    this.song = song;
  }
  [Symbol.dispose](): void { this.map[Symbol.dispose](); }
}`,
  },
  {
    title: "a public field that a function of the file disposes",
    code: `export class Level {
  readonly map: Handle<Texture>;
  readonly song: Handle<Sound>;
  constructor(mgr: ResourceManager) {
    this.map = mgr.load("map.png", Texture);
    this.song = mgr.load("song.ogg", Sound);
  }
  dispose(): void { this.map[Symbol.dispose](); }
}
export function leave(level: Level): void {
  level.song[Symbol.dispose]();
  level.dispose();
}`,
  },
  // Objects that receive their handles
  {
    title: "a handle that an object receives, and never disposes",
    rule: "no-undisposed-field",
    code: `class Player {
  constructor(private readonly tex: Handle<Texture>) {}
  draw(): void { draw(this.tex.value); }
}
export function spawn(mgr: ResourceManager): Player {
  return new Player(mgr.load("player.png", Texture)); // leak
}`,
  },
  {
    title: "a handle that an object receives, keeps, and never disposes",
    rule: "no-undisposed-field",
    code: `class Player {
  readonly #tex: Handle<Texture>;
  constructor(tex: Handle<Texture>) { this.#tex = tex; }
  draw(): void { draw(this.#tex.value); }
}
export function spawn(mgr: ResourceManager): Player {
  const tex = mgr.load("player.png", Texture); // leak
  return new Player(tex);
}`,
  },
  {
    title: "a handle that an object only reads while it is made",
    rule: "no-dropped-handle",
    code: `class Player {
  readonly width: number;
  constructor(tex: Handle<Texture>) { this.width = tex.value.width; }
}
export function spawn(mgr: ResourceManager): Player {
  return new Player(mgr.load("player.png", Texture)); // leak
}`,
  },
  {
    title: "a handle that an object receives, and disposes",
    code: `class Player implements Disposable {
  constructor(private readonly tex: Handle<Texture>) {}
  draw(): void { draw(this.tex.value); }
  [Symbol.dispose](): void { this.tex[Symbol.dispose](); }
}
export function spawn(mgr: ResourceManager): Player {
  return new Player(mgr.load("player.png", Texture));
}`,
  },
  {
    title: "a handle that an object borrows",
    code: `class Player {
  constructor(private readonly tex: Handle<Texture>) {}
  draw(): void { draw(this.tex.value); }
}
export function play(mgr: ResourceManager): void {
  using tex = mgr.load("player.png", Texture);
  new Player(tex).draw();
}`,
  },
  {
    title: "a handle that a class of another file receives",
    code: `declare class Player { constructor(tex: Handle<Texture>); }
export function spawn(mgr: ResourceManager): Player {
  return new Player(mgr.load("player.png", Texture));
}`,
  },
  // More collections
  {
    title: "a Map that is made of handles and forgotten",
    rule: "prefer-using",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  const tiles = new Map(names.map((name) => [name, mgr.load(name, Texture)] as const)); // leak
  draw(tiles.get("grass.png")?.value);
}`,
  },
  {
    title: "a Set that is made of handles and forgotten",
    rule: "prefer-using",
    code: `export function tiles(mgr: ResourceManager): void {
  const tiles = new Set([mgr.load("grass.png", Texture)]); // leak
  for (const tile of tiles) draw(tile.value);
}`,
  },
  {
    title: "a table of handles by name that is forgotten",
    rule: "prefer-using",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  const tiles: Record<string, Handle<Texture>> = {};
  for (const name of names) tiles[name] = mgr.load(name, Texture); // leak
  draw(Object.keys(tiles), tiles["grass.png"]?.value);
}`,
  },
  {
    title: "a table of handles by name that is disposed",
    code: `export function tiles(mgr: ResourceManager, names: string[]): void {
  const tiles: Record<string, Handle<Texture>> = {};
  for (const name of names) tiles[name] = mgr.load(name, Texture);
  for (const tile of Object.values(tiles)) tile[Symbol.dispose]();
}`,
  },
  {
    title: "a grid of handles that is disposed",
    code: `export function grid(mgr: ResourceManager, rows: string[][]): void {
  const grid = rows.map((row) => row.map((name) => mgr.load(name, Texture)));
  draw(grid[0]![0]!.value);
  for (const row of grid) for (const tile of row) tile[Symbol.dispose]();
}`,
  },
  {
    title: "a Map that is made of handles and disposed",
    code: `export function tiles(mgr: ResourceManager, names: string[]): Disposable {
  const tiles = new Map(names.map((name) => [name, mgr.load(name, Texture)] as const));
  return { [Symbol.dispose](): void { for (const tile of tiles.values()) tile[Symbol.dispose](); } };
}`,
  },
  // More helpers
  {
    title: "a helper that returns an object of handles",
    rule: "prefer-using",
    code: `function open(mgr: ResourceManager) {
  return { map: mgr.load("map.json", Json), hero: mgr.load("hero.png", Texture) };
}
export function play(mgr: ResourceManager): void {
  const { map, hero } = open(mgr); // leak
  draw(map.value, hero.value);
  map[Symbol.dispose]();
}`,
  },
  {
    title: "a helper that collects handles",
    rule: "prefer-using",
    code: `function openAll(mgr: ResourceManager, names: string[]): Handle<Texture>[] {
  const handles: Handle<Texture>[] = [];
  for (const name of names) handles.push(mgr.load(name, Texture));
  return handles;
}
export function play(mgr: ResourceManager): void {
  for (const tex of openAll(mgr, ["a.png"])) draw(tex.value); // leak
}`,
  },
  {
    title: "a helper that returns the handle that it has, or loads one",
    rule: "no-dropped-handle",
    code: `function ensure(mgr: ResourceManager, name: string): Handle<Texture> {
  let tex = mgr.get(name, Texture);
  if (!tex) tex = mgr.load(name, Texture);
  return tex;
}
export function width(mgr: ResourceManager): number {
  return ensure(mgr, "a.png").value.width; // leak
}`,
  },
  {
    title: "a helper that returns a handle or nothing",
    rule: "no-leaking-path",
    code: `export function tall(mgr: ResourceManager, name: string): Handle<Texture> | undefined {
  const tex = mgr.load(name, Texture); // leak
  return tex.value.height > 100 ? tex : undefined;
}`,
  },
  {
    title: "a disposal behind a condition",
    rule: "no-leaking-path",
    code: `export function flash(mgr: ResourceManager, isShort: boolean): void {
  const tex = mgr.load("flash.png", Texture); // leak
  draw(tex.value);
  isShort && tex[Symbol.dispose]();
}`,
  },
];
