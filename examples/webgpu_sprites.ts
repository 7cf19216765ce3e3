/**
 * Draws a game without a window: hundreds of sprites a frame, on any GPU, into PNG files. Between
 * two frames it repaints a texture on disk. Then it changes scenes a thousand times, and prints the
 * memory in use:
 *
 * ```sh
 * deno task sprites
 * ```
 *
 * @module
 */
import { FileSource, formatStats, ResourceManager } from "@holdfast/resources";
import { textureLoader } from "@holdfast/resources/webgpu";
import { bold, cyan, dim } from "@std/fmt/colors";
import { encode } from "fast-png";
import { paintGlow, repaintForAutumn } from "./webgpu_sprites/brushes.ts";
import { Memory } from "./webgpu_sprites/memory.ts";
import { Renderer } from "./webgpu_sprites/renderer.ts";
import { GLOW, HEIGHT, type Scene, SCENES, WIDTH } from "./webgpu_sprites/scenes.ts";
import { Show } from "./webgpu_sprites/show.ts";

const ASSETS = new URL("./assets/", import.meta.url);
const FRAMES = new URL("./frames/", import.meta.url);
/** The game's own copy of its textures, because it repaints one of them. */
const TEXTURES = new URL("./textures/", FRAMES);
const TREE = "forest/tree.png";
/** The budget in GPU bytes: any two scenes fit, but not all of them. */
const BUDGET = 2_900_000;
/** The scenes in order, over and over. */
const ROUTE = ["title", "forest", "caves", "forest", "lair"];
/** The numbers of scene changes after which the memory is noted, always in the same scene. */
const NOTED = [10, 100, 1000];

async function main(): Promise<void> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) {
    console.log("No GPU adapter here. On Debian, mesa-vulkan-drivers brings one in software.");
    Deno.exitCode = 1;
    return;
  }
  console.log(dim(`Drawing on ${adapter.info.description || adapter.info.vendor}`));
  const device = await adapter.requestDevice();
  device.addEventListener("uncapturederror", (event) => {
    throw (event as GPUUncapturedErrorEvent).error;
  });
  copyTextures();
  await play(device);
  device.destroy();
}

async function play(device: GPUDevice): Promise<void> {
  using mgr = new ResourceManager({
    source: new FileSource(TEXTURES),
    loaders: [textureLoader(device, { mipmaps: true, premultiplyAlpha: true })],
    maxBytes: BUDGET, // so idle resources stay until their bytes are needed
  });
  const memory = new Memory(mgr);
  await memory.note("before the first scene");
  await showScenes(mgr, device);
  console.log(`\n${formatStats(mgr.cacheStats())}\n`);
  await changeScenes(mgr, device, memory);
  mgr.unloadUnused();
  await memory.note("after the last scene");
  console.log(memory.table());
}

/** Draws one frame of each scene to a file, and a second frame of the forest in autumn. */
async function showScenes(mgr: ResourceManager, device: GPUDevice): Promise<void> {
  await using _watcher = mgr.watch(); // reloads files that change on disk
  using renderer = new Renderer(device, WIDTH, HEIGHT);
  using show = new Show(mgr);
  for (const scene of SCENES) {
    show.change(scene);
    await shoot(renderer, show, scene, scene.name);
    if (scene.name !== "forest") continue;
    await repaint(mgr);
    await shoot(renderer, show, scene, "forest-in-autumn");
  }
}

/** Repaints a texture on disk, as an artist does while the game runs. Handles get the new one. */
async function repaint(mgr: ResourceManager): Promise<void> {
  const { promise: reloaded, resolve } = Promise.withResolvers<void>();
  using _reloads = mgr.on("reload", ({ key }) => void (key === TREE && resolve()));
  const file = new URL(TREE, TEXTURES);
  Deno.writeFileSync(file, repaintForAutumn(Deno.readFileSync(file)));
  const written = performance.now();
  await reloaded;
  const ms = Math.round(performance.now() - written);
  console.log(dim(`${TREE} was painted over on disk, and reloaded ${ms} ms later`));
}

/** Changes scenes. Draws every seventh scene in a small size, and notes the memory at times. */
async function changeScenes(
  mgr: ResourceManager,
  device: GPUDevice,
  memory: Memory,
): Promise<void> {
  using renderer = new Renderer(device, WIDTH, HEIGHT, 0.1);
  using show = new Show(mgr);
  for (let change = 1; change <= Math.max(...NOTED); change++) {
    const scene = SCENES.find(({ name }) => name === ROUTE[change % ROUTE.length])!;
    show.change(scene);
    if (change % 7 === 0) {
      renderer.draw(scene.paint(change), (key) => show.textureOf(key));
      await renderer.read();
    }
    if (NOTED.includes(change)) await memory.note(`after ${change} changes of scene`);
  }
}

async function shoot(
  ...[renderer, show, scene, name]: [Renderer, Show, Scene, string]
): Promise<void> {
  const sprites = scene.paint(1);
  renderer.draw(sprites, (key) => show.textureOf(key));
  const { width, height } = renderer;
  const png = encode({ width, height, channels: 4, data: await renderer.read() });
  Deno.writeFileSync(new URL(`${name}.png`, FRAMES), png);
  console.log(`${bold(cyan(`examples/frames/${name}.png`))}  ${sprites.length} sprites`);
}

/** Copies the game's textures to a folder where they can be repainted, and adds another one. */
function copyTextures(): void {
  for (const folder of Deno.readDirSync(ASSETS)) {
    const [from, to] = [ASSETS, TEXTURES].map((root) => new URL(`${folder.name}/`, root));
    Deno.mkdirSync(to!, { recursive: true });
    for (const { name } of Deno.readDirSync(from!)) {
      if (!name.endsWith(".png")) continue;
      Deno.writeFileSync(new URL(name, to), Deno.readFileSync(new URL(name, from)));
    }
  }
  Deno.writeFileSync(new URL(GLOW, TEXTURES), paintGlow());
}

if (import.meta.main) await main();
