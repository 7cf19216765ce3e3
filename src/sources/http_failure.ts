import {
  answerOf,
  HttpError,
  ResourceLoadError,
  ResourceNotFoundError,
} from "../contract/errors.ts";

interface HttpFailureOptions extends ErrorOptions {
  /** Whether another try may succeed. */
  transient?: boolean;
  /** Whether the response may be an old copy from a cache. */
  isStale?: boolean;
  /** How long the server asks to wait before the next try, in ms. */
  retryAfter?: number;
}

/** Why one try failed. Callers never see it: they get the error that `explain` returns. */
export class HttpFailure extends Error {
  readonly options: HttpFailureOptions;

  constructor(problem: string, options: HttpFailureOptions = {}) {
    super(problem, options);
    this.options = options;
  }

  /** Returns the error for the caller, after `tries` tries. */
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

/** The statuses for a file that does not exist. */
const MISSING: readonly number[] = [404, 410];

/** The failure for an unusable response. With `problem`, which replaces the status, it is not transient. */
export function refusal(
  response: Response,
  url: URL,
  { problem, ...options }: HttpFailureOptions & { problem?: string } = {},
): HttpFailure {
  const part = response.status === 206 ? ", a partial response that was not requested" : "";
  const answer = `${answerOf(response)} for "${shown(url)}"${part}`;
  return new HttpFailure(problem ?? answer, {
    transient: problem === undefined && mayPass(response),
    ...options,
    cause: new HttpError(shown(url), response),
  });
}

/** Whether the server may give another answer later. */
function mayPass({ status }: Response): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** The failure for an error of `fetch`. Only a `TypeError` is a network error, which may pass. */
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

/** The URL for messages, without a user name and password. */
export function shown(url: URL): string {
  const { origin, pathname, search } = url;
  return origin + pathname + search;
}
