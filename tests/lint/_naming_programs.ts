import type { Program } from "./_program.ts";

/** Programs whose fields are called like members of other objects, and that name their managers. */
export const NAMING_PROGRAMS: readonly Program[] = [
  // Fields that are called like members of other objects
  {
    title: "fields that are called like methods of managers and handles",
    rule: "no-undisposed-field",
    code: `export class Scene {
  private scope;
  load;
  private get?: Handle<Sound>;
  private clone;
  readonly add: Handle<number>;
  constructor(mgr: ResourceManager, hero: Handle<Texture>) {
    this.scope = mgr.scope("scene"); // leak
    this.load = mgr.load("hero.png", Texture); // leak
    this.get = mgr.get("theme.ogg", Sound); // leak
    this.clone = hero.clone(); // leak
    this.add = mgr.add("speed", 1); // leak
  }
  show(): void { draw(this.scope.label, this.load.key, this.get?.key, this.clone.key, this.add.key); }
}`,
  },
  {
    title: "fields that are called like what managers and handles tell of themselves",
    rule: "no-undisposed-field",
    code: `export class Sign {
  private value;
  private key: Handle<Texture>;
  bytes: Handle<Texture>;
  constructor(mgr: ResourceManager) {
    this.value = mgr.load("sign.png", Texture); // leak
    this.key = mgr.load("key.png", Texture); // leak
    this.bytes = mgr.load("bytes.png", Texture); // leak
    draw(mgr.bytes);
  }
  show(other: Handle<Texture>): void {
    const { key } = other;
    const { value } = this.value;
    draw(value, key, other.value, other.key, this.bytes.value, this.key.value);
  }
}`,
  },
  {
    title: "fields that are called like members of other objects of the file",
    rule: "no-undisposed-field",
    code: `class Sprite { texture?: Texture; icon = new Texture(1, 1); }
const theme = { logo: "logo.png" };
export class Hud {
  readonly #sprite = new Sprite();
  texture: Handle<Texture>;
  private icon: Handle<Texture>;
  private logo: Handle<Texture>;
  private mark: Handle<Texture>;
  constructor(mgr: ResourceManager, { mark }: { mark: string }) {
    this.texture = mgr.load("hud.png", Texture); // leak
    this.#sprite.texture = new Texture(1, 1);
    this.icon = mgr.load("icon.png", Texture); // leak
    this.logo = mgr.load(theme.logo, Texture); // leak
    this.mark = mgr.load(mark, Texture); // leak
  }
  show(sprite: Sprite): void {
    draw(sprite.icon, theme.logo, this.texture.key, this.icon.key, this.logo.key, this.mark.key);
  }
}`,
  },
  {
    title: "fields that are disposed by other instances of their class, and by functions",
    code: `export class Scene {
  private scope: ResourceScope;
  private value: Handle<Texture>;
  load: Handle<Texture>;
  logo?: Handle<Texture>;
  icon?: Handle<Texture>;
  constructor(mgr: ResourceManager, readonly scenes: Scene[]) {
    this.scope = mgr.scope("scene");
    this.value = mgr.load("hero.png", Texture);
    this.load = mgr.load("load.png", Texture);
  }
  show(mgr: ResourceManager): void {
    this.logo = mgr.load("logo.png", Texture);
    this.icon = mgr.load("icon.png", Texture);
  }
  leave(): void { this.scenes.forEach((scene) => scene.scope[Symbol.dispose]()); }
  static end(scene: Scene): void {
    const { value } = scene;
    value[Symbol.dispose]();
    scene.load[Symbol.dispose]();
  }
}
export function hide({ logo }: { logo?: Handle<Texture> }): void { logo?.[Symbol.dispose](); }
interface Iconic { icon?: Handle<Texture> }
export function drop(it: Iconic): void { it.icon?.[Symbol.dispose](); }`,
  },

  // Layouts of projects
  {
    title: "managers whose type is a typeof, an alias or the result of a function",
    rule: "prefer-using",
    code: `const loaders = [] as const;
export function makeMgr() { return new ResourceManager({ loaders }); }
const mgr = makeMgr();
type Mgr = typeof mgr;
const game = { assets: mgr };
export function one(it: Mgr) { const a = it.load("a.txt", Text); draw(a.value); } // leak
export function two(it: typeof mgr) { const b = it.load("b.txt", Text); draw(b.value); } // leak
export const three = (it: ReturnType<typeof makeMgr>) => {
  const c = it.load("c.txt", Text); // leak
  draw(c.value);
};
export class Player {
  constructor(readonly assets: Mgr, readonly it: typeof game) {}
  show() { const d = this.assets.load("d.txt", Text); draw(d.value); } // leak
  hide() { const e = this.it.assets.load("e.txt", Text); draw(e.value); } // leak
}
export function four<M extends ResourceManager<typeof loaders>>(it: M) {
  const f = it.load("f.txt", Text); // leak
  draw(f.value);
}
export function five(it: Pick<Mgr, "load">) { const g = it.load("g.txt", Text); draw(g.value); } // leak
interface Game { assets: Mgr }
export function six(it: Game["assets"]) { const h = it.load("h.txt", Text); draw(h.value); } // leak
interface Assets extends Mgr { readonly root: string }
export function seven(it: Assets) { const i = it.load("i.txt", Text); draw(i.value); } // leak
async function open() { return await Promise.resolve(makeMgr()); }
export async function eight() {
  const it: Awaited<ReturnType<typeof makeMgr>> = await open();
  const j = it.load("j.txt", Text); // leak
  draw(j.value);
}`,
  },
  {
    title: "things of other types that have the methods and the name of a manager",
    code: `const cache = new Map<string, Texture>();
type Cache = typeof cache;
interface Loading { load(name: string): Texture }
class SceneManager { load(name: string): void { draw(name); } }
function makeScenes() { return new SceneManager(); }
export function run(manager: ReturnType<typeof makeScenes>, resources: Cache, mgr: Loading) {
  manager.load("forest");
  draw(resources.get("hero.png"), mgr.load("hero.png"));
}`,
  },
];
