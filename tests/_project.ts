/** An empty folder in which the package is installed by its name, as a user does it. */
import { fileURLToPath, pathToFileURL } from "node:url";
import { filesBelow } from "./_files_below.ts";
import { withPatience } from "./_patience.ts";
import { Registry } from "./_registry.ts";

const root = new URL("../", import.meta.url);
const COIN = new URL("examples/assets/common/coin.png", root);
/** The name of the package. */
export const NAME: string = JSON.parse(read("deno.json")).name;

/** The text of a file of the project. */
export function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

/** The blocks of a page in a language. */
export function blocksOf(page: string, language: string): string[] {
  const block = new RegExp(`^\`\`\`${language}( ignore)?\n(.*?)^\`\`\``, "gms");
  return [...read(page).matchAll(block)].map(([, , code]) => code!);
}

function temporaryFolder(): URL {
  return pathToFileURL(`${Deno.realPathSync(Deno.makeTempDirSync())}/`);
}

/** How a program ended. */
export interface Outcome {
  readonly success: boolean;
  /** The standard output and the standard error. */
  readonly text: string;
}

/** An empty folder with empty caches, and a registry that has the package. */
export class Project implements AsyncDisposable {
  readonly #root: URL = temporaryFolder();
  readonly #home: URL = temporaryFolder();
  readonly #registry: Registry;

  /** Where programs run, and what paths are relative to. */
  folder: URL = this.#root;

  private constructor(registry: Registry) {
    this.#registry = registry;
  }

  static async make(): Promise<Project> {
    return new Project(await Registry.start());
  }

  /** The paths of the files that Deno has downloaded. */
  get downloads(): string[] {
    return filesBelow(new URL("deno/", this.#home));
  }

  /** The host of the registry. Without `--allow-import`, only jsr.io may be imported. */
  get host(): string {
    return new URL(this.#registry.url).host;
  }

  save(path: string, text: string): void {
    const file = new URL(encodeURI(path), this.folder);
    Deno.mkdirSync(new URL("./", file), { recursive: true });
    Deno.writeTextFileSync(file, text);
  }

  read(path: string): string {
    return Deno.readTextFileSync(new URL(path, this.folder));
  }

  /** Saves the pictures of the README's first example. */
  savePictures(): void {
    for (const picture of ["forest", "player"]) this.copyCoin(`assets/${picture}.png`);
  }

  copyCoin(to: string): void {
    this.save(to, "");
    Deno.copyFileSync(COIN, new URL(encodeURI(to), this.folder));
  }

  /** Lets npm and Bun find the package here. */
  saveNpmrc(): void {
    this.save(".npmrc", this.#registry.npmrc);
  }

  /** Goes into a folder of this one. */
  enter(name: string): void {
    this.folder = new URL(`${name}/`, this.folder);
  }

  /**
   * Adds the declarations of the types to the package in `node_modules`, as `deno pack` makes them.
   * JSR's registry for npm serves such declarations; the one of the tests does not.
   */
  async addTypes(): Promise<void> {
    const pack = fileURLToPath(new URL("types.tgz", this.#home));
    await this.run(
      "env",
      "-C",
      fileURLToPath(root),
      Deno.execPath(),
      "pack",
      "--allow-dirty",
      "-o",
      pack,
    );
    const to = fileURLToPath(new URL(`node_modules/${NAME}`, this.folder));
    await this.run("tar", "-xzf", pack, "-C", to, "--strip-components=1", "--wildcards", "*.d.ts");
  }

  command(program: string, args: readonly string[]): Deno.Command {
    return new Deno.Command(program, {
      args: [...args],
      stdout: "piped",
      stderr: "piped",
      cwd: this.folder,
      env: {
        NO_COLOR: "1",
        DENO_NO_UPDATE_CHECK: "1",
        JSR_URL: this.#registry.url,
        DENO_DIR: fileURLToPath(new URL("deno", this.#home)),
        BUN_INSTALL_CACHE_DIR: fileURLToPath(new URL("bun", this.#home)),
        npm_config_yes: "true",
      },
    });
  }

  /** Adds to `deno.json`. */
  configure(options: object): void {
    this.save("deno.json", JSON.stringify({ ...JSON.parse(this.read("deno.json")), ...options }));
  }

  /** Starts a program that runs until it is killed. */
  start(program: string, args: readonly string[]): Deno.ChildProcess {
    return this.command(program, args).spawn();
  }

  async outcome(program: string, ...args: string[]): Promise<Outcome> {
    const late = () => new Error(`${program} ${args.join(" ")} does not end`);
    const { success, stdout, stderr } = await withPatience(
      this.command(program, args).output(),
      late,
    );
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { success, text: `${out}${err}` };
  }

  /** Runs a program, and returns what it wrote. Throws that if it fails. */
  async run(program: string, ...args: string[]): Promise<string> {
    const { success, text } = await this.outcome(program, ...args);
    if (success) return text;
    throw new Error(`${program} ${args.join(" ")} fails:\n${text}`);
  }

  deno(...args: string[]): Promise<string> {
    return this.run(Deno.execPath(), ...args);
  }

  /** Adds the package, and what the README's examples need. */
  async addWithDeno(): Promise<void> {
    await this.deno("add", "--quiet", `jsr:${NAME}`);
    await this.deno("add", "--quiet", "jsr:@std/assert");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry[Symbol.asyncDispose]();
    for (const each of [this.#root, this.#home]) Deno.removeSync(each, { recursive: true });
  }
}
