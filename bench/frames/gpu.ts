import type { Meter } from "./meter.ts";

/** A device of the software GPU, or of whatever GPU there is. */
export async function openDevice(): Promise<GPUDevice | undefined> {
  return await (await navigator.gpu?.requestAdapter())?.requestDevice();
}

/** Measures each upload as a piece: from making a texture to submitting what is written to it. */
export function measureUploads(device: GPUDevice, meter: Meter): void {
  const { queue } = device;
  const createTexture = device.createTexture.bind(device);
  const submit = queue.submit.bind(queue);
  let began = 0;
  device.createTexture = (descriptor) => {
    began = meter.now();
    return createTexture(descriptor);
  };
  queue.submit = (buffers) => {
    submit(buffers);
    meter.ran(began);
  };
}
