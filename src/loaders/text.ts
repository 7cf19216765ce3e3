import type { Loader, ResourceType } from "../loader.ts";

/** The type of text resources, whose values are strings: `mgr.load("intro.txt", Text)`. */
export const Text: {
  readonly name: string;
  [Symbol.hasInstance](value: unknown): value is string;
} = {
  name: "Text",
  [Symbol.hasInstance]: (value: unknown): value is string => typeof value === "string",
} satisfies ResourceType<string>;

/** Decodes UTF-8, and refuses what is none. A byte order mark is dropped. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/**
 * Reads UTF-8 text, for `.txt`, `.md`, `.csv`, `.xml`, `.glsl`, `.vert`, `.frag` and `.wgsl`. Built in.
 * Bytes that are no UTF-8 fail the load. The size is that of the bytes.
 */
export const textLoader: Loader<string> = {
  name: "text",
  extensions: [".txt", ".md", ".csv", ".xml", ".glsl", ".vert", ".frag", ".wgsl"],
  load: (bytes) => decodeText(bytes),
};
