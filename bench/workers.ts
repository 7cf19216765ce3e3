/**
 * Measures how long the main thread is blocked while the pictures of a level are decoded: by one
 * thread, by `createImageBitmap`, and in workers. Exits with 1 if a limit is passed three times in
 * a row.
 */
import { FileSource, ResourceManager } from "../mod.ts";
import { decodePng } from "../src/webgpu/png.ts";
import { imageWorkers, textureLoader } from "../src/webgpu.ts";
import { workerLoader } from "../src/worker.ts";
import { picture } from "./_picture.ts";

const PICTURES = 24;
const SIDE = 1024;
/** The longest time that the main thread may be blocked, in ms. */
const MAX_STALL = 15;
/** The limit for the total time, as a multiple of the time of one thread. */
const MAX_RATIO = 1.2;
const ATTEMPTS = 3;

/** The total time of some work, and the longest time that it blocked the main thread, in ms. */
interface Cost {
  readonly total: number;
  readonly stall: number;
  /** The longest block without the time in which other programs used all cores. */
  readonly own: number;
}

/** Runs `work`, and measures how long the main thread is blocked. */
async function measure(work: () => unknown): Promise<Cost> {
  let [last, lastWaited] = [performance.now(), waited()];
  let [stall, own] = [0, 0];
  const look = () => {
    const [now, nowWaited] = [performance.now(), waited()];
    stall = Math.max(stall, now - last);
    own = Math.max(own, now - last - (nowWaited - lastWaited));
    [last, lastWaited] = [now, nowWaited];
  };
  const timer = setInterval(look, 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  look();
  [stall, own] = [0, 0];
  const start = performance.now();
  await work();
  const total = performance.now() - start;
  look();
  clearInterval(timer);
  return { total, stall, own };
}

/** How long this thread has waited for a core so far, in ms; 0 on systems other than Linux. */
function waited(): number {
  try {
    return Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[1]) / 1e6;
  } catch {
    return 0;
  }
}

const files = new Map(
  Array.from({ length: PICTURES }, (_, i) => [`${i}.png`, picture(i, SIDE)] as const),
);
const names = [...files.keys()];
const folder = Deno.makeTempDirSync();
for (const [name, bytes] of files) Deno.writeFileSync(`${folder}/${name}`, bytes);
const source = new FileSource(folder);

/** Decodes all pictures with the library's own decoder, on the main thread. */
function inOneThread(): void {
  for (const bytes of files.values()) prove(decodePng(bytes).data.length);
}

async function byBitmaps(): Promise<void> {
  const bitmaps = await Promise.all(
    [...files.values()].map((bytes) => createImageBitmap(new Blob([bytes]))),
  );
  for (const bitmap of bitmaps) {
    prove(bitmap.width * bitmap.height * 4);
    bitmap.close();
  }
}

/** Loads all pictures in workers that have decoded before, as the main thread has. */
async function inWorkers(workers?: number): Promise<Cost> {
  using pixels = workerLoader<{ data: Uint8Array }, ".png">(
    new URL("../src/webgpu/image_worker.ts", import.meta.url),
    { name: "pixels", extensions: [".png"], ...(workers && { workers }) },
  );
  using mgr = new ResourceManager({ source, loaders: [pixels] });
  (await mgr.loadAll(names))[Symbol.dispose]();
  return await measure(async () => {
    using level = await mgr.loadAll(names);
    for (const { value } of Object.values(level)) {
      prove((value as { data: Uint8Array }).data.length);
    }
  });
}

/** The same, with the upload to the GPU. */
async function intoTextures(device: GPUDevice): Promise<Cost> {
  using images = imageWorkers();
  await using mgr = new ResourceManager({
    source,
    loaders: [textureLoader(device, { decoder: images })],
  });
  (await mgr.loadAll(names))[Symbol.dispose]();
  return await measure(async () => {
    using level = await mgr.loadAll(names);
    for (const { value } of Object.values(level)) {
      prove((value as { byteLength: number }).byteLength);
    }
  });
}

function prove(bytes: number): void {
  if (bytes !== SIDE * SIDE * 4) throw new Error(`A picture has ${bytes} bytes`);
}

function print(what: string, { total, stall, own }: Cost, verdict = ""): void {
  const [all, still, mine] = [total, stall, own].map((each) => each.toFixed(1).padStart(8));
  console.log(
    `${what.padEnd(32)}${all} ms in all${still} ms at once${mine} ms of it own  ${verdict}`,
  );
}

/** Whether workers keep the limits in at least one attempt. */
async function keeps(): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const single = await measure(inOneThread);
    print("one thread", single);
    const cost = await inWorkers();
    const ratio = cost.total / single.total;
    const isKept = cost.own <= MAX_STALL && ratio <= MAX_RATIO;
    const limits = `limits ${MAX_STALL} ms at once, ${MAX_RATIO} × one thread`;
    print("workers", cost, `${ratio.toFixed(2)} × ${isKept ? "" : "OVER the "}${limits}`);
    if (isKept) return true;
  }
  return false;
}

/** Measures the machine itself: a worker is busy, and the main thread has nothing to do. */
async function idle(): Promise<Cost> {
  const spin = "onmessage = ({ data }) => { const end = performance.now() + data;" +
    "while (performance.now() < end); postMessage(0); }";
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(spin)}`, { type: "module" });
  const cost = await measure(() =>
    new Promise((resolve) => {
      worker.onmessage = resolve;
      worker.postMessage(500);
    })
  );
  worker.terminate();
  return cost;
}

inOneThread(); // warms up
const megabytes = [...files.values()].reduce((sum, { length }) => sum + length, 0) / 1e6;
console.log(`${PICTURES} PNG of ${SIDE} × ${SIDE}, ${megabytes.toFixed(1)} MB`);
print("nothing, beside a busy worker", await idle());
if (!await keeps()) Deno.exitCode = 1;
print("two workers", await inWorkers(2));
print("createImageBitmap", await measure(byBitmaps));
const device = await (await navigator.gpu?.requestAdapter())?.requestDevice();
if (device !== undefined) {
  print("workers, and upload to the GPU", await intoTextures(device));
  device.destroy();
  await device.lost;
}
Deno.removeSync(folder, { recursive: true });
