import { ResourceLoadError, ResourceNotFoundError } from "../contract/errors.ts";
import type { Manifest, ManifestFile } from "../contract/manifest.ts";
import { hintOf } from "../contract/source.ts";
import { sha256Of } from "../names/hash.ts";
import { assertManifest } from "../names/manifest.ts";
import { nearest } from "../names/nearest.ts";
import { HttpFailure, shown } from "./http_failure.ts";

/** The files of a manifest by their keys: a copy, because the caller may change the manifest. */
export type KnownFiles = ReadonlyMap<string, ManifestFile>;

export function knownFiles(manifest: Manifest): KnownFiles {
  assertManifest(manifest);
  return new Map(Object.entries(manifest.files));
}

/** Returns the entry of `key`. Throws if the manifest lacks it, or the runtime cannot check hashes. */
export function expectedFile(files: KnownFiles, key: string): ManifestFile {
  const file = files.get(key);
  if (!file) {
    const similar = nearest(key, files.keys());
    throw new ResourceNotFoundError(
      key,
      similar
        ? `the manifest does not have it, did you mean ${similar}?`
        : "the manifest does not have it, write the manifest again if the file is new",
    );
  }
  if (crypto.subtle !== undefined) return file;
  throw new ResourceLoadError(
    key,
    "browsers check hashes only on pages from https or localhost",
  );
}

/** Throws unless `bytes`, fetched from `url`, have the length and hash that the manifest says. */
export async function assertIs(
  bytes: Uint8Array<ArrayBuffer>,
  file: ManifestFile,
  url: URL,
): Promise<void> {
  const { length } = bytes;
  let found = length > file.bytes ? "more bytes" : `${length} bytes`;
  let wanted = String(file.bytes);
  if (length === file.bytes) {
    const sha256 = await sha256Of(bytes);
    if (sha256 === file.sha256) return;
    found = `the SHA-256 ${short(sha256)}`;
    wanted = short(file.sha256);
  }
  const hint = hintOf(bytes);
  const problem = `"${shown(url)}" has ${found}, the manifest says ${wanted}: ` +
    (hint ?? "the file has changed since the manifest was written, write the manifest again");
  throw new HttpFailure(problem, { isStale: true });
}

function short(hash: string): string {
  return `${hash.slice(0, 8)}…`;
}
