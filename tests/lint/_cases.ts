/** Ways to forget a handle, and ways to hold one. All of the code type-checks. */

/** Some code: the body of {@linkcode bodyOf}, or a whole module where it begins with a comment. */
export interface Case {
  readonly title: string;
  readonly code: string;
}

/** A way to forget a handle. */
export interface Forgotten extends Case {
  readonly rule: "no-dropped-handle" | "no-dropped-task" | "prefer-using";
  /** The code after the fix; `undefined` if there is no safe fix. */
  readonly fixed?: string;
}

const PRELUDE = `import {
  type AsyncLoadContext, type Handle, Json, keep, type LoadContext, type Loader, ResourceManager,
  ResourceManager as Resources, type ResourceScope, Text, type WeakHandle,
} from "@holdfast/resources";
class Sprite { constructor(readonly text: string) {} }
declare function draw(...values: unknown[]): void;
declare function assertThrows(run: () => unknown): void;
declare function assertEquals(actual: unknown, expected: unknown): void;
`;

/** The module that a case is about. */
export function moduleOf(code: string): string {
  if (code.startsWith("// A module")) return `${PRELUDE}${code}\nexport {};\n`;
  const parameters = "mgr: ResourceManager, hero: Handle<string>, names: string[]";
  return `${PRELUDE}export async function* play(${parameters}) {\n${code}\n}\n`;
}

export const FORGOTTEN: readonly Forgotten[] = [
  {
    title: "a load() that is a statement",
    rule: "no-dropped-handle",
    code: `mgr.load("a.txt", Text);`,
  },
  {
    title: "a get() that is a statement",
    rule: "no-dropped-handle",
    code: `mgr.get("a.txt", Text);`,
  },
  {
    title: "a clone() that is a statement",
    rule: "no-dropped-handle",
    code: `hero.clone();`,
  },
  {
    title: "an upgrade() that is a statement",
    rule: "no-dropped-handle",
    code: `const weak = hero.weak(); weak.upgrade();`,
  },
  {
    title: "an add() that is a statement",
    rule: "no-dropped-handle",
    code: `mgr.add("noise", new Float32Array(4));`,
  },
  {
    title: "an awaited loadAsync() that is a statement",
    rule: "no-dropped-handle",
    code: `await mgr.loadAsync("a.txt", Text);`,
  },
  {
    title: "an awaited loadAll() that is a statement",
    rule: "no-dropped-handle",
    code: `await mgr.loadAll({ a: ["a.txt", Text] });`,
  },
  {
    title: "a load() under an if without braces",
    rule: "no-dropped-handle",
    code: `if (names.length > 0) mgr.load("a.txt", Text);`,
  },
  {
    title: "a load() in a case",
    rule: "no-dropped-handle",
    code: `switch (names.length) { case 1: mgr.load("a.txt", Text); }`,
  },
  {
    title: "a load() of which only the value is taken",
    rule: "no-dropped-handle",
    code: `const text = mgr.load("a.txt", Text).value; draw(text);`,
  },
  {
    title: "a loadAsync() of which only the value is taken",
    rule: "no-dropped-handle",
    code: `draw((await mgr.loadAsync("a.txt", Text)).value);`,
  },
  {
    title: "a loadAll() of which only a value is taken",
    rule: "no-dropped-handle",
    code: `draw((await mgr.loadAll({ a: ["a.txt", Text] })).a.value);`,
  },
  {
    title: "a load() of which the members are destructured",
    rule: "no-dropped-handle",
    code: `const { value, key } = mgr.load("a.txt", Text); draw(value, key);`,
  },
  {
    title: "a load() of which only a weak handle is kept",
    rule: "no-dropped-handle",
    code: `const weak = mgr.load("a.txt", Text).weak(); draw(weak.key);`,
  },
  {
    title: "a load() of which only a clone is kept",
    rule: "no-dropped-handle",
    code: `using hand = mgr.load("a.txt", Text).clone(); draw(hand.value);`,
  },
  {
    title: "a get() that is a condition",
    rule: "no-dropped-handle",
    code: `if (mgr.get("a.txt", Text)) draw(1);`,
  },
  {
    title: "a get() that is negated",
    rule: "no-dropped-handle",
    code: `while (!mgr.get("a.txt", Text)) yield 1;`,
  },
  {
    title: "a get() before an &&",
    rule: "no-dropped-handle",
    code: `mgr.get("a.txt", Text) && draw(1);`,
  },
  {
    title: "a load() that is compared",
    rule: "no-dropped-handle",
    code: `draw(mgr.load("a.txt", Text) === hero);`,
  },
  {
    title: "a load() in a template",
    rule: "no-dropped-handle",
    code: "draw(`It says ${mgr.load(`${names[0]}.txt`, Text).value}`);",
  },
  {
    title: "a load() that is only printed",
    rule: "no-dropped-handle",
    code: `console.log(mgr.load("a.txt", Text));`,
  },
  {
    title: "a load() that void throws away",
    rule: "no-dropped-handle",
    code: `void mgr.load("a.txt", Text);`,
  },
  {
    title: "a load() before a comma",
    rule: "no-dropped-handle",
    code: `mgr.load("a.txt", Text), draw(1);`,
  },
  {
    title: "a load() that forEach() throws away",
    rule: "no-dropped-handle",
    code: `names.forEach((name) => mgr.load(name, Text));`,
  },
  {
    title: "a load() that a timer throws away",
    rule: "no-dropped-handle",
    code: `setTimeout(() => mgr.load("a.txt", Text), 100);`,
  },
  {
    title: "a preload by Promise.all() that nobody holds",
    rule: "no-dropped-handle",
    code: `await Promise.all([mgr.loadAsync("a.txt", Text)]);`,
  },
  {
    title: "a scope that is not even named",
    rule: "no-dropped-handle",
    code: `mgr.scope("level 1").load("a.txt", Text);`,
  },
  {
    title: "a move() whose new scope nobody takes",
    rule: "no-dropped-handle",
    code: `using scene = mgr.scope(); scene.move();`,
  },
  {
    title: "a loadAsync() that is a statement",
    rule: "no-dropped-task",
    code: `mgr.loadAsync("a.txt", Text);`,
  },
  {
    title: "a loadAll() that is a statement",
    rule: "no-dropped-task",
    code: `mgr.loadAll({ a: ["a.txt", Text] });`,
  },
  {
    title: "a loadAsync() that void throws away",
    rule: "no-dropped-task",
    code: `void mgr.loadAsync("a.txt", Text, { priority: "low" });`,
  },
  {
    title: "a const that is only read",
    rule: "prefer-using",
    code:
      `const tex = mgr.load("a.txt", Text); draw(tex.value, tex.key); if (tex.disposed) return;`,
    fixed:
      `using tex = mgr.load("a.txt", Text); draw(tex.value, tex.key); if (tex.disposed) return;`,
  },
  {
    title: "a let that is only read",
    rule: "prefer-using",
    code: `let tex = mgr.load("a.txt", Text); draw(tex.value);`,
    fixed: `using tex = mgr.load("a.txt", Text); draw(tex.value);`,
  },
  {
    title: "a var, which has no block for a using",
    rule: "prefer-using",
    code: `var tex = mgr.load("a.txt", Text); draw(tex.value);`,
  },
  {
    title: "a const with a type and a cast",
    rule: "prefer-using",
    code: `const tex: Handle<string> = mgr.load("a.txt", Text) as Handle<string>; draw(tex.value);`,
    fixed:
      `using tex: Handle<string> = mgr.load("a.txt", Text) as Handle<string>; draw(tex.value);`,
  },
  {
    title: "a get() that is read if it found something",
    rule: "prefer-using",
    code: `const tex = mgr.get("a.txt", Text); if (tex) draw(tex.value);`,
    fixed: `using tex = mgr.get("a.txt", Text); if (tex) draw(tex.value);`,
  },
  {
    title: "an add() in a const, whose value should stay for others",
    rule: "prefer-using",
    code: `const noise = mgr.add("noise", new Float32Array(4)); draw(noise.value[0]);`,
  },
  {
    title: "an awaited loadAsync() in a const",
    rule: "prefer-using",
    code: `const tex = await mgr.loadAsync("a.txt", Text); draw(tex.value);`,
    fixed: `using tex = await mgr.loadAsync("a.txt", Text); draw(tex.value);`,
  },
  {
    title: "a task in a const of which only the failure is handled",
    rule: "prefer-using",
    code: `const task = mgr.loadAsync("a.txt", Text); task.catch(() => {}); draw(1);`,
  },
  {
    title: "a task in a const that is awaited later",
    rule: "prefer-using",
    code: `const task = mgr.loadAsync("a.txt", Text); draw((await task).value);`,
    fixed: `using task = mgr.loadAsync("a.txt", Text); draw((await task).value);`,
  },
  {
    title: "a task in a const that is never awaited, and must not be withdrawn",
    rule: "prefer-using",
    code: `const task = mgr.loadAsync("a.txt", Text); draw(1);`,
  },
  {
    title: "a bundle in a const",
    rule: "prefer-using",
    code: `const level = await mgr.loadAll({ a: ["a.txt", Text] }); draw(level.a.value);`,
    fixed: `using level = await mgr.loadAll({ a: ["a.txt", Text] }); draw(level.a.value);`,
  },
  {
    title: "a bundle of names in a const",
    rule: "prefer-using",
    code: `const level = await mgr.loadAll(["a.txt", "b.txt"]); draw(level["a.txt"].value);`,
    fixed: `using level = await mgr.loadAll(["a.txt", "b.txt"]); draw(level["a.txt"].value);`,
  },
  {
    title: "a handle that is left out of a bundle of names",
    rule: "no-dropped-handle",
    code: `const { "a.txt": a } = await mgr.loadAll(["a.txt", "b.txt"]); a[Symbol.dispose]();`,
  },
  {
    title: "a loadAsync() without a type, and with options",
    rule: "no-dropped-task",
    code: `mgr.loadAsync("a.txt", { priority: "low" });`,
  },
  {
    title: "a load() without a type of a part, by the name of its manager",
    rule: "no-dropped-handle",
    code: `// A module
interface Game { resources: ResourceManager } declare const game: Game; game.resources.load("a.sheet#run");`,
  },
  {
    title: "a scope in a const",
    rule: "prefer-using",
    code:
      `const scene = mgr.scope("level 1"); const map = scene.load("a.txt", Text); draw(map.value);`,
    fixed:
      `using scene = mgr.scope("level 1"); const map = scene.load("a.txt", Text); draw(map.value);`,
  },
  {
    title: "a scope whose handle outlives the block, and must not be disposed there",
    rule: "prefer-using",
    code: `const scene = mgr.scope("level 1"); return scene.load("a.txt", Text);`,
  },
  {
    title: "a handle whose value is returned, and must not be unloaded before",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text); return tex.value;`,
  },
  {
    title: "a handle whose value is stored in an object",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text); const { value } = tex; yield new Sprite(value);`,
  },
  {
    title: "a handle whose value is put in a collection",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text); const text = tex.value; names.push(text);`,
  },
  {
    title: "a handle whose value becomes a part of the result",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text); return fetch(tex.value);`,
  },
  {
    title: "a handle, and not another that an asynchronous callback uses",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text); draw(tex.value);
  const other = mgr.load("b.txt", Text);
  await Promise.all(names.map(async (name) => { await fetch(name); draw(other.value); }));`,
    fixed: `using tex = mgr.load("a.txt", Text); draw(tex.value);
  const other = mgr.load("b.txt", Text);
  await Promise.all(names.map(async (name) => { await fetch(name); draw(other.value); }));`,
  },
  {
    title: "a promise of a bundle in a const",
    rule: "prefer-using",
    code:
      `const p = mgr.loadAll({ a: ["a.txt", Text] }); const level = await p; draw(level.a.value);`,
  },
  {
    title: "a handle whose value a closure keeps",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text); const text = tex.value; return () => text;`,
  },
  {
    title: "a handle whose value is used in many ways",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text);
  const text = tex.value; const { length } = text; draw(text.trim());
  for (const letter of tex.value) draw(letter, length);
  return text.length > 1;`,
    fixed: `using tex = mgr.load("a.txt", Text);
  const text = tex.value; const { length } = text; draw(text.trim());
  for (const letter of tex.value) draw(letter, length);
  return text.length > 1;`,
  },
  {
    title: "a handle under two names",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text); const same = tex; draw(same.value);`,
    fixed: `using tex = mgr.load("a.txt", Text); const same = tex; draw(same.value);`,
  },
  {
    title: "a handle that is used in a callback which runs at once",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text); names.forEach((name) => draw(name, tex.value));`,
    fixed: `using tex = mgr.load("a.txt", Text); names.forEach((name) => draw(name, tex.value));`,
  },
  {
    title: "a handle of which only a clone is handed on",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text); yield tex.clone();`,
    fixed: `using tex = mgr.load("a.txt", Text); yield tex.clone();`,
  },
  {
    title: "a handle in the body of a loop",
    rule: "prefer-using",
    code: `for (const name of names) { const tex = mgr.load(name, Text); draw(tex.value); }`,
    fixed: `for (const name of names) { using tex = mgr.load(name, Text); draw(tex.value); }`,
  },
  {
    title: "two handles in one declaration",
    rule: "prefer-using",
    code: `const tex = mgr.load("a.txt", Text), count = 1; draw(tex.value, count);`,
  },
  {
    title: "a handle by one of two branches",
    rule: "prefer-using",
    code:
      `const tex = names[0] ? mgr.load(names[0], Text) : mgr.load("a.txt", Text); draw(tex.value);`,
  },
  {
    title: "a handle by a fallback",
    rule: "prefer-using",
    code: `const tex = mgr.get("a.txt", Text) ?? mgr.load("b.txt", Text); draw(tex.value);`,
  },
  {
    title: "a handle that is assigned later",
    rule: "prefer-using",
    code: `let tex: Handle<string> | undefined; tex = mgr.load("a.txt", Text); draw(tex.value);`,
  },
  {
    title: "a handle that is assigned in a condition",
    rule: "prefer-using",
    code: `let tex; if ((tex = mgr.get("a.txt", Text))) draw(tex.value);`,
  },
  {
    title: "the results of Promise.all()",
    rule: "prefer-using",
    code:
      `const [tex, n] = await Promise.all([mgr.loadAsync("a.txt", Text), 1]); draw(tex.value, n);`,
  },
  {
    title: "a handle in a static block",
    rule: "prefer-using",
    code: `// A module
const mgr = new ResourceManager();
class Level { static { const tex = mgr.load("a.txt", Text); draw(tex.value, Level); } }`,
    fixed: `// A module
const mgr = new ResourceManager();
class Level { static { using tex = mgr.load("a.txt", Text); draw(tex.value, Level); } }`,
  },
  {
    title: "a handle in a block of a module",
    rule: "prefer-using",
    code: `// A module
const mgr = new ResourceManager(); { const tex = mgr.load("a.txt", Text); draw(tex.value); }`,
    fixed: `// A module
const mgr = new ResourceManager(); { using tex = mgr.load("a.txt", Text); draw(tex.value); }`,
  },
  {
    title: "a load() that is a statement of a module, and may be meant to last",
    rule: "no-dropped-handle",
    code: `// A module
const mgr = new ResourceManager(); mgr.load("a.txt", Text);`,
  },
  {
    title: "a manager in a private field",
    rule: "no-dropped-handle",
    code: `// A module
class Game { #mgr = new ResourceManager(); play() { this.#mgr.load("a.txt", Text); } }`,
  },
  {
    title: "a manager in a field with a type",
    rule: "no-dropped-handle",
    code: `// A module
abstract class Game { abstract n: 1; held!: ResourceManager; play() { this.held.get("a.txt", Text); } }`,
  },
  {
    title: "a manager in a parameter property",
    rule: "no-dropped-handle",
    code: `// A module
class Game { constructor(readonly held: ResourceManager) {} play() { this.held.load("a.txt", Text); } }`,
  },
  {
    title: "a manager by a getter",
    rule: "no-dropped-handle",
    code: `// A module
class Game { get #held(): ResourceManager { return new ResourceManager(); } play() { this.#held.get("a.txt", Text); } }`,
  },
  {
    title: "a manager by another name of its class",
    rule: "no-dropped-handle",
    code: `const held = new Resources(); if (names[0]) { held?.load("a.txt", Text); }`,
  },
  {
    title: "a manager of a subclass",
    rule: "no-dropped-handle",
    code: `// A module
class Assets extends ResourceManager {} const held = new Assets(); { held.load("a.txt", Text); }`,
  },
  {
    title: "a manager that a function of the file returns",
    rule: "no-dropped-handle",
    code: `// A module
function make(): ResourceManager { return new ResourceManager(); } make().load("a.txt", Text);`,
  },
  {
    title: "a manager that is a default of a parameter",
    rule: "no-dropped-handle",
    code: `// A module
function play(held = new ResourceManager()) { held.load("a.txt", Text); } play();`,
  },
  {
    title: "a manager by its name, without a type",
    rule: "no-dropped-handle",
    code: `// A module
interface Game { resources: ResourceManager } declare const game: Game; game.resources.load("a.txt", Text);`,
  },
  {
    title: "a handle that a function of the file opens and returns",
    rule: "no-dropped-handle",
    code: `// A module
function open(mgr: ResourceManager) { return mgr.load("a.txt", Text); }
export function play(mgr: ResourceManager) { open(mgr); }`,
  },
  {
    title: "a handle that an asynchronous method opens and returns",
    rule: "prefer-using",
    code: `// A module
export class Game { mgr = new ResourceManager();
  async open() { return await this.mgr.loadAsync("a.txt", Text); }
  async play() { const tex = await this.open(); draw(tex.value); } }`,
    fixed: `// A module
export class Game { mgr = new ResourceManager();
  async open() { return await this.mgr.loadAsync("a.txt", Text); }
  async play() { using tex = await this.open(); draw(tex.value); } }`,
  },
  {
    title: "a promise of a handle that a function opens",
    rule: "no-dropped-task",
    code: `const open = async () => await mgr.loadAsync("a.txt", Text); open();`,
  },
  {
    title: "a promise in a const, which can't be disposed before it is awaited",
    rule: "prefer-using",
    code: `const open = async () => await mgr.loadAsync("a.txt", Text);
  const tex = open(); draw((await tex).value);`,
  },
  {
    title: "a load() by a listener whose result is ignored",
    rule: "no-dropped-handle",
    code: `mgr.on("unload", ({ key }) => mgr.load(key, Text));`,
  },
  {
    title: "a clone of a handle that a scope holds",
    rule: "no-dropped-handle",
    code: `using scene = mgr.scope(); const map = scene.load("a.txt", Text); map.clone();`,
  },
  {
    title: "a clone of a handle that a bundle holds",
    rule: "no-dropped-handle",
    code: `using level = await mgr.loadAll({ a: ["a.txt", Text] }); level.a.clone();`,
  },
];

export const HELD: readonly Case[] = [
  { title: "using", code: `using tex = mgr.load("a.txt", Text); draw(tex.value);` },
  {
    title: "using, with a value that may be undefined",
    code: `using tex = mgr.get("a.txt", Text); draw(tex);`,
  },
  {
    title: "using an awaited task",
    code: `using tex = await mgr.loadAsync("a.txt", Text); draw(tex);`,
  },
  { title: "using a task", code: `using _preload = mgr.loadAsync("a.txt", Text);` },
  {
    title: "await using a task, whose handle is then read",
    code:
      `await using task = mgr.loadAsync("a.txt", Text); const tex = await task; draw(tex.value);`,
  },
  {
    title: "using a bundle",
    code: `using a = await mgr.loadAll({ a: ["a.txt", Text] }); draw(a.a);`,
  },
  {
    title: "using one of two",
    code: `using tex = mgr.get("a.txt", Text) ?? mgr.load("b.txt", Text);`,
  },
  {
    title: "using a fallback",
    code: `using tex = names[0] ? mgr.load(names[0], Text) : hero.clone();`,
  },
  { title: "using a clone", code: `using mine = hero.clone(); draw(mine.value);` },
  { title: "using an upgrade", code: `using tex = hero.weak().upgrade(); draw(tex?.value);` },
  { title: "using a second name", code: `const tex = mgr.load("a.txt", Text); using same = tex;` },
  { title: "returning it", code: `return mgr.load("a.txt", Text);` },
  { title: "returning a variable", code: `const tex = mgr.load("a.txt", Text); return tex;` },
  { title: "returning a task", code: `const tex = mgr.loadAsync("a.txt", Text); return tex;` },
  {
    title: "returning it from an arrow function",
    code: `const open = () => mgr.load("a.txt", Text); draw(open);`,
  },
  {
    title: "returning it on one of two ways",
    code: `const t = mgr.get("a.txt", Text); return t ? t : hero;`,
  },
  { title: "yielding it", code: `yield mgr.load("a.txt", Text);` },
  {
    title: "yielding an object with it",
    code: `const tex = mgr.load("a.txt", Text); yield { tex };`,
  },
  { title: "an array", code: `const all = names.map((name) => mgr.load(name, Text)); draw(all);` },
  {
    title: "a collection",
    code: `const all = new Map(); all.set("a", mgr.load("a.txt", Text)); draw(all);`,
  },
  { title: "an argument of a function", code: `const tex = mgr.load("a.txt", Text); draw(tex);` },
  {
    title: "an argument of a constructor",
    code: `const tex = mgr.load("a.txt", Text); return new Set([tex]);`,
  },
  {
    title: "DisposableStack.use()",
    code:
      `using stack = new DisposableStack(); const tex = stack.use(mgr.load("a.txt", Text)); draw(tex.value);`,
  },
  {
    title: "DisposableStack.use() of a variable",
    code:
      `using stack = new DisposableStack(); const tex = mgr.load("a.txt", Text); stack.use(tex);`,
  },
  {
    title: "DisposableStack.adopt()",
    code: `using stack = new DisposableStack();
  stack.adopt(mgr.load("a.txt", Text), (tex) => tex[Symbol.dispose]());`,
  },
  {
    title: "DisposableStack.defer()",
    code: `using stack = new DisposableStack(); const tex = mgr.load("a.txt", Text);
  stack.defer(() => tex[Symbol.dispose]()); draw(tex.value);`,
  },
  { title: "keep()", code: `const tex = keep(mgr.load("a.txt", Text)); draw(tex.value);` },
  {
    title: "disposing it",
    code: `const tex = mgr.load("a.txt", Text); draw(tex.value); tex[Symbol.dispose]();`,
  },
  { title: "disposing it at once", code: `mgr.load("a.txt", Text)[Symbol.dispose]();` },
  {
    title: "try and finally",
    code:
      `const tex = mgr.load("a.txt", Text); try { draw(tex.value); } finally { tex[Symbol.dispose](); }`,
  },
  {
    title: "try and finally around an assignment",
    code: `let tex: Handle<string> | undefined;
  try { tex = mgr.load("a.txt", Text); draw(tex.value); } finally { tex?.[Symbol.dispose](); }`,
  },
  {
    title: "a variable whose last handle is disposed before the next",
    code: `let tex = mgr.load("a.txt", Text);
  for (const name of names) { tex[Symbol.dispose](); tex = mgr.load(name, Text); }
  tex[Symbol.dispose]();`,
  },
  {
    title: "a closure that disposes it later",
    code: `const tex = mgr.load("a.txt", Text); return () => tex[Symbol.dispose]();`,
  },
  {
    title: "a listener that uses it",
    code: `const tex = mgr.load("a.txt", Text); addEventListener("draw", () => draw(tex.value));`,
  },
  {
    title: "the callback of a task",
    code: `mgr.loadAsync("a.txt", Text).then((tex) => tex[Symbol.dispose]());`,
  },
  {
    title: "a task whose handle is stored",
    code: `const task = mgr.loadAsync("a.txt", Text); return { tex: await task };`,
  },
  {
    title: "Promise.all() whose results are passed on",
    code: `const [a] = await Promise.all([mgr.loadAsync("a.txt", Text)]); draw(a);`,
  },
  {
    title: "Promise.all(), where Deno leaves out the pattern after a hole",
    code: `const [, a] = await Promise.all([1, mgr.loadAsync("a.txt", Text)]); draw(a);`,
  },
  {
    title: "Promise.all() that is passed on",
    code: `draw(await Promise.all([mgr.loadAsync("a.txt", Text), ...[1]]));`,
  },
  {
    title: "the handles of a bundle, each on its own",
    code: `const { a } = await mgr.loadAll({ a: ["a.txt", Text] }); a[Symbol.dispose]();`,
  },
  {
    title: "a handle of a bundle that is handed on",
    code: `const level = await mgr.loadAll({ a: ["a.txt", Text] }); return level.a;`,
  },
  {
    title: "a scope, whose loads it owns",
    code: `using scene = mgr.scope("level 1"); scene.load("a.txt", Text);
  const map = scene.load("b.txt", Text); draw(map.value); await scene.loadAsync("c.txt", Text);`,
  },
  { title: "a scope that is moved on", code: `using scene = mgr.scope(); return scene.move();` },
  { title: "a scope that is disposed", code: `const scene = mgr.scope(); scene.dispose();` },
  {
    title: "a scope in another scope",
    code: `using all = mgr.scope(); const a = all.use(mgr.scope()); draw(a);`,
  },
  {
    title: "a scope by its type",
    code: `// A module
export function enter(scene: ResourceScope) { scene.load("a.txt", Text); }`,
  },
  {
    title: "the context of a loader, by its type",
    code: `// A module
export function load(_bytes: Uint8Array, mgr: LoadContext) { return mgr.load("a.txt", Text).value; }`,
  },
  {
    title: "the context of an asynchronous loader, by its type",
    code: `// A module
export async function load(mgr: AsyncLoadContext) { await mgr.loadAsync("a.txt", Text); }`,
  },
  {
    title: "a bundle of the context of an asynchronous loader",
    code: `// A module
export async function load(mgr: AsyncLoadContext) { const { a } = await mgr.loadAll({ a: "a.txt" }); return a; }`,
  },
  {
    title: "the context of a loader, by its place",
    code: `// A module
export const loader: Loader<string> = {
  name: "copy", extensions: [".copy"],
  load: (_bytes, context) => context.load("a.txt", Text).value,
};`,
  },
  {
    title: "the context of a loader of parts, by its place",
    code: `// A module
export const loader: Loader<unknown> = {
  name: "part", extensions: [".copy#"], make: (context) => context.load(context.path).value,
};`,
  },
  {
    title: "with(), which lends a value",
    code:
      `mgr.with("a.txt", (text) => draw(text)); draw(mgr.with("b.txt", Text, (text) => text.length));`,
  },
  {
    title: "the handles of a bundle of names, each on its own",
    code: `const { "a.txt": a } = await mgr.loadAll(["a.txt"]); a[Symbol.dispose]();`,
  },
  {
    title: "load() and get() with only a name, of an object without the name of a manager",
    code: `// A module
declare const storage: { load(name: string): unknown; get(name: string): unknown };
storage.load("a.txt"); storage.get("a.txt");`,
  },
  {
    title: "get() with a key, of a map with the name of a manager",
    code: `// A module
declare const game: { resources: Map<string, number> }; game.resources.get("gold");`,
  },
  {
    title: "a field",
    code: `// A module
export class Player { tex?: Handle<string>;
  enter(mgr: ResourceManager) { this.tex = mgr.load("a.txt", Text); } }
export function leave(player: Player) { player.tex?.[Symbol.dispose](); }`,
  },
  {
    title: "a private field that is filled on demand",
    code: `// A module
export class Player { #tex?: Handle<string>;
  enter(mgr: ResourceManager) { return (this.#tex ??= mgr.load("a.txt", Text)).value; }
  leave() { this.#tex?.[Symbol.dispose](); this.#tex = undefined; } }`,
  },
  {
    title: "a field with a value",
    code: `// A module
const mgr = new ResourceManager();
export class Player { readonly tex = mgr.load("a.txt", Text); }
export function leave(player: Player) { player.tex[Symbol.dispose](); }`,
  },
  {
    title: "a const of a module",
    code: `// A module
const mgr = new ResourceManager(); const tex = mgr.load("a.txt", Text); draw(tex.value);`,
  },
  {
    title: "an exported const of a module",
    code: `// A module
const mgr = new ResourceManager(); export const tex = mgr.load("a.txt", Text);`,
  },
  {
    title: "a let of a module that functions fill",
    code: `// A module
let tex: Handle<string>; export function enter(mgr: ResourceManager) {
  tex = mgr.load("a.txt", Text); draw(tex.value); }`,
  },
  {
    title: "a variable of an outer function that another function disposes",
    code: `let tex: Handle<string> | undefined;
  yield { enter: () => { tex = mgr.load("a.txt", Text); }, leave: () => tex?.[Symbol.dispose]() };`,
  },
  {
    title: "a load that is meant to throw",
    code: `assertThrows(() => mgr.load("../a", Text));`,
  },
  {
    title: "a load in a block that is meant to throw",
    code: `assertThrows(() => { mgr.load("../a", Text); });`,
  },
  {
    title: "a handle that is held and printed",
    code: `using a = mgr.load("a.txt", Text); console.log(a);`,
  },
  {
    title: "a get() or an upgrade() that is asserted to find nothing",
    code:
      `assertEquals(mgr.get("a.txt", Text), undefined); assertEquals(hero.weak().upgrade(), undefined);`,
  },
  {
    title: "a handle that a function may have from another owner",
    code: `const open = () => mgr.get("a.txt", Text) ?? hero; draw(open().value);`,
  },
  {
    title: "a scope whose escaped handles are listed",
    code: `using scene = mgr.scope(); scene.load("a.txt", Text); draw(scene.escaped());`,
  },
  { title: "has() and peek()", code: `if (mgr.has("a.txt")) draw(mgr.peek("a.txt"));` },
  { title: "acquire() and release()", code: `mgr.acquire("a.txt"); mgr.release("a.txt");` },
  { title: "a subscription, which ends with its manager", code: `mgr.on("load", () => {});` },
  {
    title: "a Map called resources",
    code: `const resources = new Map([["a", 1]]); resources.get("a");`,
  },
  {
    title: "a manager of another library",
    code: `// A module
class LoadingManager { load(_url: string, _as: unknown) {} }
const manager = new LoadingManager(); manager.load("a.txt", Text);`,
  },
  {
    title: "a manager of another library, by its type",
    code: `// A module
interface SceneManager { load(url: string, as: unknown): void; add(name: string, of: unknown): void }
export function play(manager: SceneManager) { manager.load("a.txt", Text); manager.add("a", Text); }`,
  },
  {
    title: "an object with the name of a manager that is not used like one",
    code: `// A module
declare namespace game { const manager: { load(url: string, then: () => void): void; get(n: number): void } }
game.manager.load("a.txt", () => {}); game.manager.get(1);`,
  },
  {
    title: "a type with the name of a type of the library",
    code: `// A module
namespace other { export interface Handle { clone(): Handle }
  export function copy(handle: Handle) { handle.clone(); } } draw(other);`,
  },
  {
    title: "load() of an object that is not a manager",
    code: `const loader = { load(_name: string, _type: unknown) {} }; loader.load("a.txt", Text);`,
  },
];
