import {
  answerOf,
  HttpError,
  ResourceLoadError,
  ResourceNotFoundError,
} from "../contract/errors.ts";

interface HttpFailureOptions extends ErrorOptions {
  /** Whether it may pass. */
  transient?: boolean;
  /** Whether it may be an old copy of a cache. */
  isStale?: boolean;
  /** The milliseconds that the server wants to be left alone. */
  retryAfter?: number;
}

/** Why a try failed. Callers never see it: they get what `explain` makes of it. */
export class HttpFailure extends Error {
  readonly options: HttpFailureOptions;

  constructor(problem: string, options: HttpFailureOptions = {}) {
    super(problem, options);
    this.options = options;
  }

  /** The error for the caller, after so many tries. */
  explain(key: string, tries: number): ResourceLoadError {
    const problem = tries === 1 || this.options.isStale
      ? this.message
      : `${this.message}, in the last of ${tries} tries`;
    const { cause } = this;
    const isMissing = cause instanceof HttpError && MISSING.includes(cause.status);
    const Failure = isMissing ? ResourceNotFoundError : ResourceLoadError;
    return new Failure(key, problem, "cause" in this ? { cause } : undefined);
  }
}

/** The statuses that say that there is no such file. */
const MISSING: readonly number[] = [404, 410];

/** The failure that an answer is; `problem` says why, and that it stays so, if it is not its status. */
export function refusal(
  response: Response,
  url: URL,
  { problem, ...options }: HttpFailureOptions & { problem?: string } = {},
): HttpFailure {
  const part = response.status === 206 ? ", a part that was not asked for" : "";
  const answer = `${answerOf(response)} for "${shown(url)}"${part}`;
  return new HttpFailure(problem ?? answer, {
    transient: problem === undefined && mayPass(response),
    ...options,
    cause: new HttpError(shown(url), response),
  });
}

/** Whether the server may answer something else in a while. */
function mayPass({ status }: Response): boolean {
  return status === 408 || status === 429 || status >= 500;
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
