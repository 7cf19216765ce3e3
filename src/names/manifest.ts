import { attempt } from "../contract/attempt.ts";
import { isObject } from "../contract/is_object.ts";
import type { Manifest, ManifestFile } from "../contract/manifest.ts";
import { quote } from "../contract/printable.ts";
import { normalizeName } from "./names.ts";

/** Throws a `TypeError` that says what is wrong, unless `manifest` is a valid manifest. O(files). */
export function assertManifest(manifest: unknown): asserts manifest is Manifest {
  const { version, files } = Object(manifest) as { version?: unknown; files?: unknown };
  if (version !== 1) refuse(`its version is ${String(version)}, and version 1 is needed`);
  if (!isObject(files)) refuse("it has no files");
  for (const [name, file] of Object.entries(files)) {
    if (!isFileName(name)) refuse(`${quote(name)} is not a valid name of a file`);
    const { bytes, sha256 }: Partial<ManifestFile> = Object(file);
    if (!Number.isSafeInteger(bytes) || bytes! < 0) {
      refuse(`the bytes of ${quote(name)} are invalid`);
    }
    if (typeof sha256 !== "string" || !/^[\da-f]{64}$/.test(sha256)) {
      refuse(`the sha256 of ${quote(name)} is invalid`);
    }
  }
}

function refuse(problem: string): never {
  throw new TypeError(
    `Cannot use the manifest: ${problem}, write it again with @holdfast/resources/manifest`,
  );
}

/** Whether `name` is already a key, and has no character that begins a variant or a part. */
export function isFileName(name: string): boolean {
  return !/[?#]/.test(name) && attempt(() => normalizeName(name)) === name;
}
