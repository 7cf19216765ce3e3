import type { Meter } from "./meter.ts";

/** A device of the software GPU, or of whatever GPU there is. */
export async function openDevice(): Promise<GPUDevice | undefined> {
  return await (await navigator.gpu?.requestAdapter())?.requestDevice();
}

/** Measures each upload as a piece: from writing to a texture to submitting that. */
export function measureUploads({ queue }: GPUDevice, meter: Meter): void {
  const writeTexture = queue.writeTexture.bind(queue);
  const submit = queue.submit.bind(queue);
  let began: number | undefined;
  queue.writeTexture = (destination, data, layout, size) => {
    began ??= meter.now();
    writeTexture(destination, data, layout, size as number[]);
  };
  queue.submit = (buffers) => {
    submit(buffers);
    if (began !== undefined) meter.ran(began);
    began = undefined;
  };
}
