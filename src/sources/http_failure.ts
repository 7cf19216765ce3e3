import { ResourceLoadError } from "../contract/errors.ts";

interface HttpFailureOptions extends ErrorOptions {
  /** Whether it may pass. */
  transient?: boolean;
  /** The milliseconds that the server wants to be left alone. */
  retryAfter?: number;
}

/** Why a try failed. Callers never see it: they get what `explain` makes of it. */
export class HttpFailure extends Error {
  readonly transient: boolean;
  readonly retryAfter: number | undefined;

  constructor(problem: string, options: HttpFailureOptions = {}) {
    super(problem, "cause" in options ? { cause: options.cause } : undefined);
    this.transient = options.transient ?? false;
    this.retryAfter = options.retryAfter;
  }

  /** The error for the caller, after so many tries. */
  explain(key: string, tries: number): ResourceLoadError {
    const problem = tries === 1 ? this.message : `${this.message}, in the last of ${tries} tries`;
    return new ResourceLoadError(key, problem, "cause" in this ? { cause: this.cause } : undefined);
  }
}

/** What it means that `fetch` threw. Only a `TypeError` is a network error. */
export function unreachable(url: URL, cause: unknown): HttpFailure {
  if (cause instanceof TypeError) {
    return new HttpFailure(`"${shown(url)}" cannot be reached, see the cause`, {
      transient: true,
      cause,
    });
  }
  if (cause instanceof Error && cause.name === "NotCapable") {
    const flag = `--allow-net=${url.host}`;
    return new HttpFailure(
      `permission to fetch "${shown(url)}" is missing, run with ${flag}`,
      { cause },
    );
  }
  return new HttpFailure(`"${shown(url)}" cannot be fetched, see the cause`, { cause });
}

/** A URL for messages, without the name and the password it may have. */
export function shown(url: URL): string {
  const { origin, pathname, search } = url;
  return origin + pathname + search;
}
