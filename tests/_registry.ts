/**
 * A registry on 127.0.0.1, to install the package by its name as a stranger does.
 *
 * `deno publish` sends the package to it, so it has exactly what JSR would get. It serves that to
 * Deno as JSR does, and to npm and Bun as JSR's registry for npm does.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { npmFilesOf, npmName, type Published } from "./_registry_npm.ts";

const root = new URL("../", import.meta.url);
const JSR = "https://jsr.io";
const NPM_JSR = "https://npm.jsr.io";
/** The packages of `@std` that the package and its README need, and what those need. */
const STD = ["assert", "fmt", "internal", "path"];

/** Where a registry has `@std` from. */
export type StdFrom = "a repository" | "JSR" | "the stand-ins";

/** A registry with the package and `@std`. */
export class Registry implements AsyncDisposable {
  readonly #folder: URL;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** What it was asked for, in order. */
  readonly requests: string[] = [];
  std: StdFrom = "the stand-ins";

  private constructor() {
    this.#folder = pathToFileURL(`${Deno.realPathSync(Deno.makeTempDirSync())}/`);
    const options = {
      hostname: "127.0.0.1",
      port: Number(Deno.env.get("NC_PORT") ?? 0),
      onListen() {},
    };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /** Starts a registry, and publishes the package and `@std` there. */
  static async start(): Promise<Registry> {
    await using stack = new AsyncDisposableStack();
    const registry = stack.use(new Registry());
    await registry.#addStd();
    await registry.#publish(root);
    stack.move();
    return registry;
  }

  /** What to give as `JSR_URL`. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** What to write into `.npmrc`. */
  get npmrc(): string {
    return `@jsr:registry=${this.url}npm/\n`;
  }

  async #addStd(): Promise<void> {
    const repository = Deno.env.get("STD_REPOSITORY");
    if (repository) {
      this.std = "a repository";
      await this.#publishStd(repository);
    } else if (await isReachable()) {
      this.std = "JSR";
    } else {
      for (const name of Deno.readDirSync(new URL("tests/stand_ins/@std", root))) {
        await this.#addStandIn(`@std/${name.name}`);
      }
    }
    console.log(`@std comes from ${this.std}`);
  }

  /** Publishes the sources of a repository: denoland/std or a clone of it. */
  async #publishStd(repository: string): Promise<void> {
    const folder = new URL("std/", this.#folder);
    Deno.mkdirSync(folder);
    const archive = `${fileURLToPath(folder)}std.tar`;
    await command("git", ["-C", repository, "archive", "-o", archive, "HEAD", ...STD, "LICENSE"]);
    await command("tar", ["-xf", archive], { cwd: folder });
    const imports = STD.map((each) => {
      const { name, version } = readJson(new URL(`${each}/deno.json`, folder));
      return [name, `jsr:${name}@^${version}`];
    });
    const workspace = STD.map((each) => `./${each}`);
    write(new URL("deno.json", folder), { workspace, imports: Object.fromEntries(imports) });
    await this.#publish(folder, "--no-check", "--allow-slow-types");
  }

  async #addStandIn(name: string): Promise<void> {
    const from = new URL(`tests/stand_ins/${name}/`, root);
    const { latest } = readJson(new URL("meta.json", from));
    const { exports } = readJson(new URL(`${latest}_meta.json`, from));
    for (const file of filesBelow(new URL(`${latest}/`, from))) {
      const to = new URL(`${name}/${latest}/${file}`, this.#folder);
      Deno.mkdirSync(new URL("./", to), { recursive: true });
      Deno.copyFileSync(new URL(`${latest}/${file}`, from), to);
    }
    await this.#list(name, latest, exports);
  }

  async #publish(folder: URL, ...flags: string[]): Promise<void> {
    const args = ["publish", "--token=none", "--no-provenance", "--allow-dirty", ...flags];
    const cache = fileURLToPath(new URL("cache", this.#folder));
    await command(Deno.execPath(), args, {
      cwd: folder,
      env: { JSR_URL: this.url, DENO_DIR: cache, DENO_NO_UPDATE_CHECK: "1" },
    });
  }

  async #answer(request: Request): Promise<Response> {
    const pathname = decodeURIComponent(new URL(request.url).pathname);
    this.requests.push(`${request.method} ${pathname}`);
    if (pathname.startsWith("/api/")) return await this.#receive(request, pathname);
    if (pathname.startsWith("/npm/@jsr/std__") && this.std === "JSR") {
      return Response.redirect(NPM_JSR + pathname.slice("/npm".length));
    }
    if (pathname.startsWith("/@std/") && this.std === "JSR") return await fetch(JSR + pathname);
    try {
      return new Response(Deno.readFileSync(new URL(`.${pathname}`, this.#folder)));
    } catch {
      return new Response("", { status: 404 });
    }
  }

  /** Answers what `deno publish` asks, and takes what it sends. */
  async #receive(request: Request, path: string): Promise<Response> {
    const version = path.match(/^\/api\/scopes\/([^/]+)\/packages\/([^/]+)\/versions\/([^/]+)$/);
    if (request.method !== "POST") return new Response("{}", { status: version ? 404 : 200 });
    const [, scope, name, number] = version!;
    const folder = new URL(`@${scope}/${name}/${number}/`, this.#folder);
    Deno.mkdirSync(folder, { recursive: true });
    const archive = Deno.makeTempFileSync();
    Deno.writeFileSync(archive, await request.bytes());
    await command("tar", ["-xzf", archive], { cwd: folder });
    Deno.removeSync(archive);
    const { exports } = readJson(new URL("deno.json", folder));
    await this.#list(`@${scope}/${name}`, number!, exports);
    return Response.json({ id: "task", status: "success", error: null });
  }

  /** Writes what JSR serves beside the files of a version. */
  async #list(name: string, version: string, exports: unknown): Promise<void> {
    const folder = new URL(`${name}/`, this.#folder);
    const files = new URL(`${version}/`, folder);
    const manifest: Record<string, { size: number; checksum: string }> = {};
    for (const file of filesBelow(files)) {
      const bytes = Deno.readFileSync(new URL(file, files));
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
      manifest[`/${file}`] = { size: bytes.length, checksum: `sha256-${hash}` };
    }
    const [scope, bare] = name.slice(1).split("/");
    const versions = { [version]: { createdAt: "2026-01-01T00:00:00Z" } };
    write(new URL("meta.json", folder), { scope, name: bare, latest: version, versions });
    const all = typeof exports === "string" ? { ".": exports } : exports;
    write(new URL(`${version}_meta.json`, folder), { manifest, exports: all });
    await this.#listForNpm({ name, version, exports: all, modules: modulesBelow(files) });
  }

  /** Writes what JSR's registry for npm serves: a list of versions, and an archive. */
  async #listForNpm(published: Published): Promise<void> {
    const { version } = published;
    const name = npmName(published.name);
    const folder = new URL(`packages/${name}/`, this.#folder);
    const archive = new URL(`npm-${name.replace("/", "-")}.tgz`, this.#folder);
    const files = npmFilesOf(published);
    for (const [path, text] of Object.entries(files)) {
      save(new URL(`package/${path}`, folder), text);
    }
    await command("tar", ["-czf", fileURLToPath(archive), "package"], { cwd: folder });
    const dist = { tarball: new URL(`npm-${name.replace("/", "-")}.tgz`, this.url).href };
    const versions = { [version]: { ...JSON.parse(files["package.json"]!), dist } };
    const list = { name, "dist-tags": { latest: version }, versions };
    save(new URL(`npm/${name}`, this.#folder), JSON.stringify(list));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

async function isReachable(): Promise<boolean> {
  try {
    const { latest } = await (await fetch(`${JSR}/@std/path/meta.json`)).json();
    return typeof latest === "string";
  } catch {
    return false;
  }
}

/** Runs a program, and throws what it printed if it fails. */
async function command(program: string, args: string[], options: Deno.CommandOptions = {}) {
  const { success, stdout, stderr } = await new Deno.Command(program, { ...options, args })
    .output();
  if (success) return;
  const decoder = new TextDecoder();
  throw new Error(
    `${program} ${args[0]} fails:\n${decoder.decode(stdout)}${decoder.decode(stderr)}`,
  );
}

function filesBelow(directory: URL, prefix = ""): string[] {
  return [...Deno.readDirSync(new URL(prefix, directory))].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(directory, `${prefix}${name}/`) : [prefix + name]
  );
}

function modulesBelow(directory: URL): Record<string, string> {
  const paths = filesBelow(directory).filter((path) => path.endsWith(".ts"));
  return Object.fromEntries(
    paths.map((path) => [path, Deno.readTextFileSync(new URL(path, directory))]),
  );
}

// deno-lint-ignore no-explicit-any -- whatever is in the file
function readJson(file: URL): any {
  return JSON.parse(Deno.readTextFileSync(file));
}

function write(file: URL, value: unknown): void {
  save(file, JSON.stringify(value));
}

function save(file: URL, text: string): void {
  Deno.mkdirSync(new URL("./", file), { recursive: true });
  Deno.writeTextFileSync(file, text);
}
