import { messageOf } from "../contract/errors.ts";

/** An error as it is sent to another thread. A cloned `Error` can lose its name and stack, or cloning fails. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  /** `""` if the error has no stack. */
  readonly stack: string;
  readonly cause?: SentError;
}

/** How many nested causes are sent: an error may be its own cause. */
const MAX_CAUSES = 8;
/** JavaScript's own error classes by name: such errors have the same class on the main thread. */
const CLASSES: ReadonlyMap<string, ErrorConstructor> = /* @__PURE__ */ new Map(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]
    .map((each) => [each.name, each as ErrorConstructor]),
);

/** Makes a `SentError` of any thrown value. Never throws, even if the value cannot be inspected. */
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
    // A revoked proxy, or a getter that throws: only the message is sent.
  }
  return { name: "Error", message, stack: "" };
}

/** Makes an error again, with its stack, and with its class if that is one of JavaScript's own. */
export function unpackError({ name, message, stack, cause }: SentError): Error {
  const Class = CLASSES.get(name) ?? Error;
  const error = new Class(message, cause && { cause: unpackError(cause) });
  if (error.name !== name) define(error, "name", name);
  if (stack !== "") define(error, "stack", stack);
  return error;
}

/** Defines a property that is not enumerable, as those of errors are. */
function define(error: Error, name: string, value: string): void {
  Object.defineProperty(error, name, { value, configurable: true, writable: true });
}
