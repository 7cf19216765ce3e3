import { FileSource } from "../mod.ts";

/** A copy of the examples' assets that a test may change. Disposing it removes the copy. */
export class AssetsCopy implements Disposable {
  readonly url: URL = new URL(`file://${Deno.realPathSync(Deno.makeTempDirSync())}/`);

  constructor() {
    const original = new FileSource("examples/assets");
    for (const key of original.list("")) {
      Deno.mkdirSync(new URL("./", new URL(key, this.url)), { recursive: true });
      this.save(key, original.read(key));
    }
  }

  read(key: string): Uint8Array {
    return Deno.readFileSync(new URL(key, this.url));
  }

  save(key: string, bytes: Uint8Array): void {
    Deno.writeFileSync(new URL(key, this.url), bytes);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.url, { recursive: true });
  }
}
