import { messageOf } from "../contract/errors.ts";

/** An error on its way to another thread. Errors themselves lose their name and stack there, or can't go. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  /** `""` if there is none. */
  readonly stack: string;
  readonly cause?: SentError;
}

/** How many causes of causes are sent: they may go round in a circle. */
const MAX_CAUSES = 8;
/** By their names: what is thrown in a worker is of the same class on the main thread. */
const CLASSES: ReadonlyMap<string, ErrorConstructor> = /* @__PURE__ */ new Map(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]
    .map((each) => [each.name, each as ErrorConstructor]),
);

/** Takes what was thrown apart. Never throws: anything can be thrown, even what cannot be looked at. */
export function packError(thrown: unknown, causes = MAX_CAUSES): SentError {
  const message = messageOf(thrown);
  try {
    if (thrown instanceof Error) {
      const { name, stack = "", cause } = thrown;
      const sent = { name: String(name), message, stack: String(stack) };
      const isLast = cause === undefined || causes === 0;
      return isLast ? sent : { ...sent, cause: packError(cause, causes - 1) };
    }
  } catch {
    // A revoked proxy, or a getter that throws: the message is all that can be said.
  }
  return { name: "Error", message, stack: "" };
}

/** The error again: with its class if that is one of JavaScript's own, and the stack that it had. */
export function unpackError({ name, message, stack, cause }: SentError): Error {
  const Class = CLASSES.get(name) ?? Error;
  const error = new Class(message, cause && { cause: unpackError(cause) });
  if (error.name !== name) define(error, "name", name);
  if (stack !== "") define(error, "stack", stack);
  return error;
}

/** As an error's own properties are: not shown when it is printed. */
function define(error: Error, name: string, value: string): void {
  Object.defineProperty(error, name, { value, configurable: true, writable: true });
}
