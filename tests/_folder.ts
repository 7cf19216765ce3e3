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

  [Symbol.dispose](): void {
    Deno.removeSync(this.url, { recursive: true });
  }
}
