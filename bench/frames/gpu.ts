import type { Meter } from "./meter.ts";

/** A device of the first GPU adapter, often a software one; `undefined` without an adapter. */
export async function openDevice(): Promise<GPUDevice | undefined> {
  return await (await navigator.gpu?.requestAdapter())?.requestDevice();
}

/** Measures each upload as a piece, from writing the texture to submitting it. */
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
