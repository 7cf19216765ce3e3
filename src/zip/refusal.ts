/** Throws that an archive is not one that can be read; `problem` completes the sentence. */
export function refuse(problem: string, cause?: unknown): never {
  throw new SyntaxError(
    `Cannot create a ZipSource: ${problem}`,
    cause === undefined ? undefined : { cause },
  );
}
