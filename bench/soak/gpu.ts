/** A GPU device that counts all its textures. */
export class Gpu implements AsyncDisposable {
  readonly device: GPUDevice;
  /** The bytes of textures that are not destroyed. */
  bytes = 0;
  /** The most bytes at any time. */
  peak = 0;

  private constructor(device: GPUDevice, onError: (message: string) => void) {
    this.device = device;
    device.addEventListener("uncapturederror", (event) => {
      onError((event as GPUUncapturedErrorEvent).error.message);
    });
    const create = device.createTexture.bind(device);
    device.createTexture = (descriptor) => this.#counted(create(descriptor));
  }

  /** Opens a device of the first adapter; `undefined` if there is none. */
  static async open(onError: (message: string) => void): Promise<Gpu | undefined> {
    // Without this, Mesa prints warnings on a machine without a desktop.
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

  /** Resolves when the GPU has done all submitted work. */
  async idle(): Promise<void> {
    await this.device.queue.onSubmittedWorkDone();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.device.destroy();
    await this.device.lost;
  }
}

/** The bytes of a texture with all its mip levels, at four bytes a pixel. */
function bytesOf({ width, height, mipLevelCount }: GPUTexture): number {
  let bytes = 0;
  for (let level = 0; level < mipLevelCount; level++) {
    bytes += 4 * Math.max(1, width >> level) * Math.max(1, height >> level);
  }
  return bytes;
}
