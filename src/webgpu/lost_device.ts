/** Devices whose loss was written to the console. */
const reported = new WeakSet<GPUDevice>();

/** Watches for the loss of a GPU device. A lost device does not come back. */
export class DeviceWatch {
  #info: GPUDeviceLostInfo | undefined;

  /** Calls `onLost` once, when `device` is lost. */
  constructor(device: GPUDevice, onLost: (info: GPUDeviceLostInfo) => void = reportOnce(device)) {
    device.lost.then((info) => {
      this.#info = info;
      return onLost(info);
    }).catch((error) => console.error(error)); // an error of onLost: device.lost never rejects
  }

  /** Throws if the device is known to be lost. */
  assertUsable(): void {
    if (this.#info === undefined) return;
    throw new ReferenceError(
      `the GPU device is lost (${this.#info.reason}), register a textureLoader for a new one`,
    );
  }
}

function reportOnce(device: GPUDevice): (info: GPUDeviceLostInfo) => void {
  return ({ reason, message }) => {
    if (reason === "destroyed" || reported.has(device)) return;
    reported.add(device);
    console.error(
      `GPU device lost: ${message}\n    register a textureLoader for a new one, and reload textures`,
    );
  };
}
