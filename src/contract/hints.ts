/** What sources know of bytes that may explain why no loader can decode them. Keeps no bytes alive. */
const hints = new WeakMap<Uint8Array, string>();

/** Notes what is odd about `bytes`, for the message if they can't be decoded. */
export function noteHint(bytes: Uint8Array, hint: string): void {
  hints.set(bytes, hint);
}

/** What is odd about `bytes`, if their source has noted anything. */
export function hintOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && hints.get(bytes);
}
