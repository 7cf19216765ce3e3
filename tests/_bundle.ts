import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);

/** A file of the project, bundled for browsers. Disposing it removes the folder of the bundle. */
export class Bundle implements Disposable {
  readonly folder: string = Deno.makeTempDirSync();
  readonly file: string = `${this.folder}/bundle.mjs`;

  /** Bundles `entry`, a path from the root of the project. */
  static async make(entry: string): Promise<Bundle> {
    const bundle = new Bundle();
    const std = fileURLToPath(new URL("tests/stand_ins/std.ts", root));
    const command = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "-A", std],
        ...["bundle", "-q", "--platform", "browser", "-o", bundle.file, entry],
      ],
      cwd: root,
    });
    const { success, stderr } = await command.output();
    if (success) return bundle;
    bundle[Symbol.dispose]();
    throw new Error(new TextDecoder().decode(stderr));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}
