/** A real GPU for tests. The software adapter of Mesa counts as one. */
import { assertEquals } from "@std/assert";
import type { Texture } from "../../../src/webgpu/texture.ts";

/** A device for a test, and its errors. */
export interface Gpu {
  readonly device: GPUDevice;
  /** The messages of `uncapturederror`. A test that expects some must remove them before it ends. */
  readonly errors: string[];
}

// Mesa warns on a machine without a desktop.
if (!Deno.env.has("XDG_RUNTIME_DIR")) Deno.env.set("XDG_RUNTIME_DIR", "/tmp");

const HINT = "apt-get install -y --no-install-recommends mesa-vulkan-drivers libvulkan1 gives one";
const missing = (await findAdapter()) === null;
const skipped = missing && Deno.env.get("CI") !== "true";
if (skipped) console.warn(`No GPU adapter: the tests that need one are SKIPPED; ${HINT}`);

async function findAdapter(): Promise<GPUAdapter | null> {
  return await navigator.gpu?.requestAdapter() ?? null;
}

/** Opens a device. The caller must destroy it. */
export async function openDevice(): Promise<GPUDevice> {
  const adapter = await findAdapter();
  if (adapter === null) throw new Error(`Cannot test: no GPU adapter, ${HINT}`);
  return await adapter.requestDevice();
}

/**
 * Registers a test that gets a GPU device of its own, and fails if the device raises an uncaptured
 * error. Without an adapter the test is skipped with a warning; where `CI` is set it fails.
 */
export function gpuTest(name: string, run: (gpu: Gpu) => void | Promise<void>): void {
  Deno.test({
    name,
    ignore: skipped,
    async fn() {
      const device = await openDevice();
      const errors: string[] = [];
      device.addEventListener("uncapturederror", (event) => {
        errors.push((event as GPUUncapturedErrorEvent).error.message);
      });
      try {
        await run({ device, errors });
        await device.queue.onSubmittedWorkDone();
        assertEquals(errors, [], "uncaptured errors");
      } finally {
        device.destroy();
        await device.lost;
      }
    },
  });
}

/** The bytes of a texture that was made with `COPY_SRC`, row by row. */
export async function readPixels(
  device: GPUDevice,
  texture: Texture | GPUTexture,
  mipLevel = 0,
): Promise<number[]> {
  const source = "texture" in texture ? texture.texture : texture;
  const [width, height] = [source.width, source.height].map((n) => Math.max(1, n >> mipLevel));
  const bytesPerRow = Math.ceil(width! * 4 / 256) * 256; // as copies to buffers require
  const buffer = device.createBuffer({
    size: bytesPerRow * height!,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture: source, mipLevel }, { buffer, bytesPerRow }, [
    width!,
    height!,
  ]);
  device.queue.submit([encoder.finish()]);
  await buffer.mapAsync(GPUMapMode.READ);
  const rows = new Uint8Array(buffer.getMappedRange());
  const pixels = Array.from({ length: height! }, (_, y) => {
    return [...rows.subarray(y * bytesPerRow, y * bytesPerRow + width! * 4)];
  });
  buffer.destroy();
  return pixels.flat();
}

/** Waits until the current task has ended, and the work that waits for its end is done. */
export async function endOfTask(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  await Promise.resolve();
}

/** Records the labels of the textures of `device` that are destroyed from now on, in order. */
export function noteDestroyed(device: GPUDevice): string[] {
  const destroyed: string[] = [];
  const { createTexture } = device;
  device.createTexture = (descriptor) => {
    const texture = createTexture.call(device, descriptor);
    const { destroy } = texture;
    texture.destroy = () => {
      destroyed.push(texture.label);
      destroy.call(texture);
    };
    return texture;
  };
  return destroyed;
}

/** Allows differences of 1: drivers may round conversions to sRGB up or down. */
export function assertNear(actual: readonly number[], expected: readonly number[]): void {
  const near = expected.every((value, i) => Math.abs(value - actual[i]!) <= 1);
  if (!near || actual.length !== expected.length) assertEquals(actual, expected);
}
