import type { Loader, ResourceType } from "../loader.ts";

/** The type of binary resources: `mgr.load("noise.bin", Bytes)`. */
export const Bytes: {
  readonly name: string;
  [Symbol.hasInstance](value: unknown): value is Uint8Array<ArrayBuffer>;
} = {
  name: "Bytes",
  [Symbol.hasInstance]: (value: unknown): value is Uint8Array<ArrayBuffer> =>
    value instanceof Uint8Array,
} satisfies ResourceType<Uint8Array<ArrayBuffer>>;

/** Gives the bytes as they are, for `.bin` and `.dat`. Built in. */
export const bytesLoader: Loader<Uint8Array<ArrayBuffer>> = {
  name: "bytes",
  extensions: [".bin", ".dat"],
  load: (bytes) => bytes,
};
