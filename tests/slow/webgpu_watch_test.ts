/** Textures that are edited on disk between two frames. */
import { assertEquals, assertThrows } from "@std/assert";
import { ResourceManager } from "@holdfast/resources";
import { Texture, textureLoader } from "@holdfast/resources/webgpu";
import { gpuTest, readPixels } from "./webgpu/_gpu.ts";
import { makeRgba } from "../webgpu/_png_files.ts";

const RED = Array(4).fill([255, 0, 0, 255]).flat();
const BLUE = Array(4).fill([0, 0, 255, 255]).flat();

gpuTest(
  "a texture that is edited on disk is reloaded, and the old one is destroyed",
  async ({ device }) => {
    const root = Deno.makeTempDirSync();
    Deno.writeFileSync(`${root}/hero.png`, makeRgba(2, 2, RED));
    {
      const loaders = [textureLoader(device, { usage: GPUTextureUsage.COPY_SRC })];
      await using mgr = new ResourceManager({ source: root, loaders });
      const errors: (string | undefined)[] = [];
      const event = (name: "reload" | "error") =>
        new Promise((resolve) => mgr.on(name, ({ key }) => resolve(key)));
      mgr.on("error", ({ key }) => errors.push(key));
      await using _watcher = mgr.watch();
      using hero = mgr.load("hero.png", Texture);
      const before = hero.value;
      const bytes = makeRgba(2, 2, BLUE);
      const [failed, reloaded] = [event("error"), event("reload")];
      using file = Deno.openSync(`${root}/hero.png`, { write: true, truncate: true });
      file.writeSync(bytes.subarray(0, 40));
      await failed;
      assertEquals(await readPixels(device, hero.value), RED);
      file.writeSync(bytes.subarray(40));
      await reloaded;
      assertEquals(await readPixels(device, hero.value), BLUE);
      assertThrows(() => before.view, ReferenceError, "it is unloaded");
      assertEquals([hero.version, errors, mgr.bytes], [2, ["hero.png"], 16]);
    }
    Deno.removeSync(root, { recursive: true });
  },
);
