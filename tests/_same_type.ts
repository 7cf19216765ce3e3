type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

/** Compiles only if the two types are the same. */
export function same<A, B>(_same: Same<A, B>): void {}
