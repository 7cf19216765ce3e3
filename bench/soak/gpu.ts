/** A GPU device of which every texture is counted, whoever makes it. */
export class Gpu implements AsyncDisposable {
  readonly device: GPUDevice;
  /** Bytes of the textures that are made and not destroyed. */
  bytes = 0;
  /** The most that there were. */
  peak = 0;

  private constructor(device: GPUDevice, onError: (message: string) => void) {
    this.device = device;
    device.addEventListener("uncapturederror", (event) => {
      onError((event as GPUUncapturedErrorEvent).error.message);
    });
    const create = device.createTexture.bind(device);
    device.createTexture = (descriptor) => this.#counted(create(descriptor));
  }

  /** Opens the first adapter, or nothing if there is none. */
  static async open(onError: (message: string) => void): Promise<Gpu | undefined> {
    // Mesa complains of a machine that has no desktop.
    if (!Deno.env.has("XDG_RUNTIME_DIR")) Deno.env.set("XDG_RUNTIME_DIR", "/tmp");
    const adapter = await navigator.gpu?.requestAdapter() ?? undefined;
    return adapter && new Gpu(await adapter.requestDevice(), onError);
  }

  #counted(texture: GPUTexture): GPUTexture {
    const bytes = bytesOf(texture);
    this.bytes += bytes;
    this.peak = Math.max(this.peak, this.bytes);
    const destroy = texture.destroy.bind(texture);
    let destroyed = false;
    texture.destroy = () => {
      if (!destroyed) this.bytes -= bytes;
      destroyed = true;
      destroy();
    };
    return texture;
  }

  /** Resolves when the GPU has done all that it was told to. */
  async idle(): Promise<void> {
    await this.device.queue.onSubmittedWorkDone();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.device.destroy();
    await this.device.lost;
  }
}

/** Four bytes a pixel, and as many for the mip levels as there are. */
function bytesOf({ width, height, mipLevelCount }: GPUTexture): number {
  let bytes = 0;
  for (let level = 0; level < mipLevelCount; level++) {
    bytes += 4 * Math.max(1, width >> level) * Math.max(1, height >> level);
  }
  return bytes;
}
