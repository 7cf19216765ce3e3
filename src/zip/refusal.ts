/** Throws a `SyntaxError` that says why an archive is refused. */
export function refuse(problem: string, cause?: unknown): never {
  throw new SyntaxError(
    `Cannot create a ZipSource: ${problem}`,
    cause === undefined ? undefined : { cause },
  );
}
