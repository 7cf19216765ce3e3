import { outputOf, WITH_STD } from "./_run_deno.ts";

/** A file of the project, bundled for browsers. Disposing it removes the folder of the bundle. */
export class Bundle implements Disposable {
  readonly folder: string = Deno.makeTempDirSync();
  readonly file: string = `${this.folder}/bundle.mjs`;

  /** Bundles `entry`, a path from the root of the project. */
  static async make(entry: string): Promise<Bundle> {
    const bundle = new Bundle();
    const options = ["-q", "--platform", "browser", "-o", bundle.file];
    try {
      await outputOf([...WITH_STD, "bundle", ...options, entry]);
      return bundle;
    } catch (error) {
      bundle[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}
