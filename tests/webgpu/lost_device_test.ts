import { assertEquals } from "@std/assert";
import { DeviceWatch } from "../../src/webgpu/lost_device.ts";

interface Breakable {
  readonly device: GPUDevice;
  lose(reason: string, message: string): void;
}

/** A stand-in for a device, because no test can make a driver crash. */
function breakable(): Breakable {
  const { promise, resolve } = Promise.withResolvers<{ reason: string; message: string }>();
  return {
    device: { lost: promise as Promise<unknown> } as GPUDevice,
    lose: (reason, message) => resolve({ reason, message }),
  };
}

/** The first argument of each `console.error` while a device is lost. */
async function errorsOf(lose: () => void): Promise<unknown[]> {
  const original = console.error;
  const calls: unknown[] = [];
  console.error = (...args: unknown[]) => calls.push(args[0]);
  try {
    lose();
    await new Promise((resolve) => setTimeout(resolve, 0));
  } finally {
    console.error = original;
  }
  return calls;
}

Deno.test("DeviceWatch reports a lost device once, however many watch it", async () => {
  const { device, lose } = breakable();
  for (let i = 0; i < 3; i++) new DeviceWatch(device);
  const errors = await errorsOf(() => lose("unknown", "The driver crashed"));
  assertEquals(errors, [
    "GPU device lost: The driver crashed\n    register a textureLoader for a new one, and reload textures",
  ]);
});

Deno.test("DeviceWatch reports no device that was destroyed on purpose, or that has an onLost", async () => {
  const [one, other] = [breakable(), breakable()];
  new DeviceWatch(one.device);
  new DeviceWatch(other.device, () => {});
  const errors = await errorsOf(() => {
    one.lose("destroyed", "");
    other.lose("unknown", "The driver crashed");
  });
  assertEquals(errors, []);
});

Deno.test("DeviceWatch reports what onLost throws", async () => {
  const { device, lose } = breakable();
  const failure = new Error("no other device");
  new DeviceWatch(device, () => {
    throw failure;
  });
  assertEquals(await errorsOf(() => lose("unknown", "")), [failure]);
});
