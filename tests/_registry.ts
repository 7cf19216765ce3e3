/**
 * A registry on 127.0.0.1, to install the package by its name as a user does.
 *
 * `deno publish` sends the package to it, so it has exactly what JSR would get. It serves that to
 * Deno as JSR does, and to npm and Bun as JSR's registry for npm does.
 *
 * It has `@std` from JSR where that can be reached, and the stand-ins elsewhere. To use the real one
 * there too, set `STD_REPOSITORY` to a clone of its repository.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { filesBelow } from "./_files_below.ts";
import { npmFilesOf, npmName, type Published } from "./_registry_npm.ts";

const root = new URL("../", import.meta.url);
const JSR = "https://jsr.io";
const NPM_JSR = "https://npm.jsr.io";
/** The packages of `@std` that the package and its README need, and what those need. */
const STD = ["assert", "fmt", "internal", "path"];

/** What a registry serves. */
interface Content {
  readonly folder: URL;
  std: "a repository" | "JSR" | "the stand-ins";
}

let content: Promise<Content> | undefined;

/** A registry with the package and `@std`. */
export class Registry implements AsyncDisposable {
  readonly #content: Content;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(content: Content) {
    this.#content = content;
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /** Starts a registry. The first one of the process publishes the packages that all of them serve. */
  static async start(): Promise<Registry> {
    return new Registry(await (content ??= Registry.#fill()));
  }

  static async #fill(): Promise<Content> {
    const folder = pathToFileURL(`${Deno.realPathSync(Deno.makeTempDirSync())}/`);
    addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
    const repository = Deno.env.get("STD_REPOSITORY");
    const elsewhere = await isReachable() ? "JSR" : "the stand-ins";
    const content: Content = { folder, std: repository ? "a repository" : elsewhere };
    console.log(`@std comes from ${content.std}`);
    await using registry = new Registry(content);
    if (repository) await registry.#publishStd(repository);
    if (content.std === "the stand-ins") await registry.#addStandIns();
    await registry.#publish(root);
    return content;
  }

  /** The value for `JSR_URL`. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** The text for `.npmrc`. */
  get npmrc(): string {
    return `@jsr:registry=${this.url}npm/\n`;
  }

  /** Publishes the packages of a clone of `@std`, without checks: they are other people's code. */
  async #publishStd(repository: string): Promise<void> {
    const folder = new URL("std/", this.#content.folder);
    Deno.mkdirSync(folder);
    const archive = `${fileURLToPath(folder)}std.tar`;
    await run("git", ["-C", repository, "archive", "-o", archive, "HEAD", ...STD, "LICENSE"]);
    await run("tar", ["-xf", archive], { cwd: folder });
    const imports = STD.map((each) => {
      const { name, version } = readJson(new URL(`${each}/deno.json`, folder));
      return [name, `jsr:${name}@^${version}`];
    });
    const workspace = STD.map((each) => `./${each}`);
    write(new URL("deno.json", folder), { workspace, imports: Object.fromEntries(imports) });
    await this.#publish(folder, "--no-check", "--allow-slow-types");
  }

  async #addStandIns(): Promise<void> {
    const standIns = new URL("tests/stand_ins/@std/", root);
    for (const { name } of Deno.readDirSync(standIns)) {
      const from = new URL(`${name}/`, standIns);
      const { latest } = readJson(new URL("meta.json", from));
      const to = new URL(`@std/${name}/${latest}/`, this.#content.folder);
      for (const file of filesBelow(new URL(`${latest}/`, from))) {
        save(new URL(file, to), Deno.readTextFileSync(new URL(`${latest}/${file}`, from)));
      }
      const { exports } = readJson(new URL(`${latest}_meta.json`, from));
      await this.#list(`@std/${name}`, latest, exports);
    }
  }

  async #publish(folder: URL, ...flags: string[]): Promise<void> {
    const args = ["publish", "--token=none", "--no-provenance", "--allow-dirty", ...flags];
    const cache = fileURLToPath(new URL("cache", this.#content.folder));
    const env = { JSR_URL: this.url, DENO_DIR: cache, DENO_NO_UPDATE_CHECK: "1" };
    await run(Deno.execPath(), args, { cwd: folder, env });
  }

  async #answer(request: Request): Promise<Response> {
    const path = decodeURIComponent(new URL(request.url).pathname);
    const { folder, std } = this.#content;
    if (path.startsWith("/api/")) return await this.#receive(request, path);
    if (std === "JSR" && path.startsWith("/@std/")) return await fetch(JSR + path);
    if (std === "JSR" && path.startsWith("/npm/@jsr/std__")) {
      return Response.redirect(NPM_JSR + path.slice("/npm".length));
    }
    try {
      const file = new URL(`.${path}`, folder);
      if (!path.startsWith("/npm/@")) return new Response(Deno.readFileSync(file));
      return new Response(Deno.readTextFileSync(file).replaceAll("REGISTRY/", this.url));
    } catch {
      return new Response("", { status: 404 });
    }
  }

  /** Answers the requests of `deno publish`, and stores the package that it sends. */
  async #receive(request: Request, path: string): Promise<Response> {
    const [, scope, name, version] =
      path.match(/^\/api\/scopes\/([^/]+)\/packages\/([^/]+)\/versions\/([^/]+)$/) ?? [];
    if (request.method !== "POST") return Response.json({}, { status: version ? 404 : 200 });
    const folder = new URL(`@${scope}/${name}/${version}/`, this.#content.folder);
    const archive = fileURLToPath(new URL(`${scope}-${name}.tgz`, this.#content.folder));
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeFileSync(archive, await request.bytes());
    await run("tar", ["-xzf", archive], { cwd: folder });
    const { exports } = readJson(new URL("deno.json", folder));
    await this.#list(`@${scope}/${name}`, version!, exports);
    return Response.json({ id: "task", status: "success", error: null });
  }

  /** Writes the metadata that JSR serves beside the files of a version. */
  async #list(
    name: string,
    version: string,
    given: string | Readonly<Record<string, string>>,
  ): Promise<void> {
    const folder = new URL(`${name}/`, this.#content.folder);
    const files = new URL(`${version}/`, folder);
    const manifest: Record<string, { size: number; checksum: string }> = {};
    const modules: Record<string, string> = {};
    for (const file of filesBelow(files)) {
      const bytes = Deno.readFileSync(new URL(file, files));
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
      manifest[`/${file}`] = { size: bytes.length, checksum: `sha256-${hash}` };
      if (file.endsWith(".ts")) modules[file] = new TextDecoder().decode(bytes);
    }
    const exports = typeof given === "string" ? { ".": given } : given;
    const [scope, bare] = name.slice(1).split("/");
    write(new URL(`${version}_meta.json`, folder), { manifest, exports });
    const versions = { [version]: {} };
    write(new URL("meta.json", folder), { scope, name: bare, latest: version, versions });
    await this.#listForNpm({ name, version, exports, modules });
  }

  /** Writes what JSR's registry for npm serves: a list of versions, and an archive. */
  async #listForNpm(published: Published): Promise<void> {
    const { version } = published;
    const name = npmName(published.name);
    const archive = `archives/${name.replace("/", "-")}.tgz`;
    const unpacked = new URL(`unpacked/${name}/`, this.#content.folder);
    const files = npmFilesOf(published);
    for (const [path, text] of Object.entries(files)) {
      save(new URL(`package/${path}`, unpacked), text);
    }
    const to = new URL(archive, this.#content.folder);
    Deno.mkdirSync(new URL("./", to), { recursive: true });
    await run("tar", ["-czf", fileURLToPath(to), "package"], { cwd: unpacked });
    const dist = { tarball: `REGISTRY/${archive}` };
    const versions = { [version]: { ...JSON.parse(files["package.json"]!), dist } };
    write(new URL(`npm/${name}`, this.#content.folder), {
      name,
      "dist-tags": { latest: version },
      versions,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
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
async function run(program: string, args: string[], options: Deno.CommandOptions = {}) {
  const { success, stdout, stderr } = await new Deno.Command(program, { ...options, args })
    .output();
  if (success) return;
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  throw new Error(`${program} ${args.join(" ")} fails:\n${out}${err}`);
}

// deno-lint-ignore no-explicit-any -- a file can hold any JSON
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
