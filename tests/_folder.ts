import { pathToFileURL } from "node:url";

/** A temporary folder, for tests that run `deno` as another process. */
export class Folder implements Disposable {
  readonly url: URL = pathToFileURL(`${Deno.makeTempDirSync()}/`);

  /** Writes `files`: their texts by their paths in the folder. */
  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) {
      const file = new URL(path, this.url);
      Deno.mkdirSync(new URL("./", file), { recursive: true });
      Deno.writeTextFileSync(file, text);
    }
  }

  read(path: string): string {
    return Deno.readTextFileSync(new URL(path, this.url));
  }

  /** Runs deno in the folder. */
  async run(
    args: string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number; output: string }> {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: this.url,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    }).output();
    const decoder = new TextDecoder();
    return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.url, { recursive: true });
  }
}
