import { assertEquals, assertThrows } from "@std/assert";
import { DeviceWatch } from "../../../src/webgpu/lost_device.ts";
import { gpuTest } from "./_gpu.ts";

gpuTest(
  "DeviceWatch calls onLost once, and refuses the device from then on",
  async ({ device }) => {
    const reasons: string[] = [];
    const watch = new DeviceWatch(device, ({ reason }) => reasons.push(reason));
    watch.assertUsable();
    device.destroy();
    await device.lost;
    const message = "the GPU device is lost (destroyed), register a textureLoader for a new one";
    assertThrows(() => watch.assertUsable(), ReferenceError, message);
    assertEquals(reasons, ["destroyed"]);
  },
);
