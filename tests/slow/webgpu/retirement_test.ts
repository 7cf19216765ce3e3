import { assertEquals, assertThrows } from "@std/assert";
import { destroyAfterTask, handOver } from "../../../src/webgpu/retirement.ts";
import { type Texture, wrapTexture } from "../../../src/webgpu/texture.ts";
import { endOfTask, gpuTest, noteDestroyed } from "./_gpu.ts";

function makeTexture(device: GPUDevice, label: string): Texture {
  const usage = GPUTextureUsage.TEXTURE_BINDING;
  return wrapTexture(device.createTexture({ label, size: [1, 1], format: "rgba8unorm", usage }));
}

gpuTest(
  "destroyAfterTask() makes a texture unusable at once, and destroys it after the task",
  async ({ device }) => {
    const destroyed = noteDestroyed(device);
    const [one, other] = ["one", "other"].map((label) => makeTexture(device, label));
    const done = [destroyAfterTask(one!), destroyAfterTask(other!)];
    assertThrows(() => one!.view, ReferenceError, "it is unloaded");
    for (let turn = 0; turn < 20; turn++) await Promise.resolve(); // microtasks of the same task
    assertEquals(destroyed, []);
    await Promise.all(done);
    assertEquals(destroyed, ["one", "other"]);
  },
);

gpuTest(
  "destroyAfterTask() works again in a later task",
  async ({ device }) => {
    const destroyed = noteDestroyed(device);
    await destroyAfterTask(makeTexture(device, "one"));
    const done = destroyAfterTask(makeTexture(device, "other"));
    assertEquals(destroyed, ["one"]);
    await done;
    assertEquals(destroyed, ["one", "other"]);
  },
);

gpuTest(
  "destroyAfterTask() does nothing when the device was lost meanwhile",
  async ({ device }) => {
    const done = destroyAfterTask(makeTexture(device, "one"));
    device.destroy();
    await device.lost;
    await done;
  },
);

gpuTest(
  "handOver() makes a texture unusable at once, and lets retire decide when it is destroyed",
  async ({ device }) => {
    const destroyed = noteDestroyed(device);
    const retired: (() => void)[] = [];
    const texture = makeTexture(device, "one");
    handOver(texture, (destroy) => retired.push(destroy));
    assertThrows(() => texture.texture, ReferenceError, "it is unloaded");
    await endOfTask();
    assertEquals([retired.length, destroyed.length], [1, 0]);
    retired[0]!();
    assertEquals(destroyed, ["one"]);
  },
);

gpuTest(
  "handOver() throws the error of retire, and destroys the texture after the task",
  async ({ device }) => {
    const destroyed = noteDestroyed(device);
    const retire = () => {
      throw new RangeError("the list is full");
    };
    const texture = makeTexture(device, "one");
    assertThrows(() => handOver(texture, retire), RangeError, "the list is full");
    assertEquals(destroyed, []);
    await endOfTask();
    assertEquals(destroyed, ["one"]);
  },
);
