import { pathToFileURL } from "node:url";
import { runDenoWith } from "./_run_deno.ts";

/** A temporary folder, for tests that run `deno` as another process. */
export class Folder implements Disposable {
  readonly url: URL = pathToFileURL(`${Deno.makeTempDirSync()}/`);

  /** Writes `files`: their texts by their paths in the folder. */
  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    const file = new URL(path, this.url);
    Deno.mkdirSync(new URL("./", file), { recursive: true });
    Deno.writeTextFileSync(file, text);
  }

  read(path: string): string {
    return Deno.readTextFileSync(new URL(path, this.url));
  }

  /** Runs deno in the folder. */
  async run(
    args: string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number; output: string }> {
    const { code, output } = await runDenoWith(args, { cwd: this.url, env });
    return { code, output };
  }

  /** Starts a program that does not end, and waits for the first URL that it prints. */
  async start(args: string[]): Promise<{ readonly url: string } & AsyncDisposable> {
    const options = { args, cwd: this.url, stdout: "piped", stderr: "piped" } as const;
    const child = new Deno.Command(Deno.execPath(), options).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    reader.releaseLock();
    const [url] = new TextDecoder().decode(value).match(/http:\S+/) ?? [];
    const end = async () => {
      if (url !== undefined) child.kill();
      return new TextDecoder().decode((await child.output()).stderr);
    };
    if (url === undefined) throw new Error(`deno ${args.join(" ")} fails:\n${await end()}`);
    return { url, [Symbol.asyncDispose]: async () => void await end() };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.url, { recursive: true });
  }
}
