import { quote } from "../contract/printable.ts";
import { type Answer, mark, type Order, unmark } from "./messages.ts";
import { packError } from "./sent_error.ts";
import { movedWith } from "./moved.ts";

/**
 * Describes the load that a decoder decodes for.
 *
 * @example
 * ```ts
 * import type { DecodeRequest } from "@holdfast/resources/worker";
 * import { assertEquals } from "@std/assert";
 *
 * function decode(bytes: Uint8Array, { variant, signal }: DecodeRequest): number {
 *   signal.throwIfAborted();
 *   return variant === "half" ? bytes.length / 2 : bytes.length;
 * }
 * const { signal } = new AbortController();
 * const request = { key: "1.level?half", path: "1.level", variant: "half", part: "", signal };
 * assertEquals(decode(new Uint8Array(8), request), 4);
 * ```
 */
export interface DecodeRequest {
  /** The key that is loaded: `path`, then `?` and `variant`, then `#` and `part`, if it names them. */
  readonly key: string;
  /** The path of the file. */
  readonly path: string;
  /** The variant that the key names; `""` without one. */
  readonly variant: string;
  /** The part that the key names; `""` without one. */
  readonly part: string;
  /** Aborts when no load waits for the result any more. A synchronous decoder cannot notice it. */
  readonly signal: AbortSignal;
}

/**
 * Decodes bytes in a worker. Returns the result, or a promise for it.
 *
 * @example
 * ```ts
 * import type { Decode } from "@holdfast/resources/worker";
 * import { assertEquals } from "@std/assert";
 *
 * const decode: Decode = (bytes) => new Float32Array(bytes.buffer);
 * const { signal } = new AbortController();
 * const request = { key: "1.height", path: "1.height", variant: "", part: "", signal };
 * assertEquals(decode(new Uint8Array(8), request), new Float32Array(2));
 * ```
 */
export type Decode = (bytes: Uint8Array<ArrayBuffer>, request: DecodeRequest) => unknown;

/** The parts of a worker's global scope that are used here. */
interface WorkerScope {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void;
  addEventListener(type: "error", listener: (event: ErrorEvent) => void): void;
  addEventListener(
    type: "unhandledrejection",
    listener: (event: PromiseRejectionEvent) => void,
  ): void;
  close(): void;
}

/** Whether this thread already serves a decoder. */
let isServing = false;

/**
 * Decodes files in this worker for a `workerLoader`. Call it once in the worker's module: at the top, or
 * after everything that the module has to await.
 *
 * The result of `decode` is *moved* to the main thread: do not keep it or a buffer of it. It can be
 * anything that structured cloning accepts: plain objects, lists, maps, typed arrays. Instances of your
 * own classes arrive as plain objects. If `decode` throws, the load fails with the error's name, message
 * and stack.
 *
 * A worker decodes one file at a time. An uncaught error or rejection, `close()` and `Deno.exit()` end the
 * worker: its load fails, and another worker replaces it.
 *
 * The call costs O(1). Sending a result costs O(objects in it), and does not depend on the size of their
 * buffers.
 *
 * @throws {ReferenceError} The call is not in a worker, or the worker already serves a decoder.
 *
 * @example
 * ```ts
 * import { MemorySource, ResourceManager } from "@holdfast/resources";
 * import { workerLoader } from "@holdfast/resources/worker";
 * import { assertEquals } from "@std/assert";
 *
 * // This would be a file of your own, "decode_level.ts":
 * const module = `
 *   import { serveDecoder } from ${JSON.stringify(import.meta.resolve("@holdfast/resources/worker"))};
 *   serveDecoder(([width, ...tiles]) => ({ width, tiles: Uint8Array.from(tiles) }));
 * `;
 * const url = `data:text/javascript,${encodeURIComponent(module)}`;
 * using levels = workerLoader(url, { name: "level", extensions: [".level"] });
 * const source = new MemorySource({ "1.level": new Uint8Array([2, 0, 1, 1, 0]) });
 * await using mgr = new ResourceManager({ source, loaders: [levels] });
 * using level = await mgr.loadAsync("1.level");
 * assertEquals(level.value, { width: 2, tiles: new Uint8Array([0, 1, 1, 0]) });
 * ```
 */
export function serveDecoder(decode: Decode): void {
  const scope = workerScope();
  if (isServing) {
    throw new ReferenceError(
      "Cannot serve a decoder: this worker serves one already, call serveDecoder once",
    );
  }
  isServing = true;
  const running = new Map<number, AbortController>();
  scope.addEventListener("message", ({ data }) => {
    const order = unmark<Order>(data);
    if (order?.kind === "abort") running.get(order.id)?.abort(withdrawn());
    if (order?.kind === "free") order.buffer.transfer(0);
    if (order?.kind !== "decode") return;
    const { id } = order;
    const controller = new AbortController();
    running.set(id, controller);
    answer(order, decode, controller.signal).then((made) => {
      running.delete(id);
      send(scope, made);
    });
  });
  reportEnd(scope);
  send(scope, { kind: "ready" });
}

function workerScope(): WorkerScope {
  const { WorkerGlobalScope } = globalThis as { WorkerGlobalScope?: unknown };
  if (typeof WorkerGlobalScope === "function") return globalThis as unknown as WorkerScope;
  throw new ReferenceError(
    "Cannot serve a decoder: this is not a worker, call serveDecoder in the module that " +
      "workerLoader is given",
  );
}

function withdrawn(): DOMException {
  return new DOMException("Nobody waits for the load any more", "AbortError");
}

/** Decodes, and returns the answer to send. Never rejects. */
async function answer(
  { id, bytes, request }: Order & { kind: "decode" },
  decode: Decode,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const result = await decode(bytes, { ...request, signal });
    return { kind: "done", id, result: signal.aborted ? undefined : result };
  } catch (error) {
    return { kind: "failed", id, error: packError(error) };
  }
}

/** Sends an answer, and moves what can be moved. A result that cannot be sent becomes an error. */
function send(scope: WorkerScope, content: Answer): void {
  try {
    const moved = content.kind === "done" ? movedWith(content.result) : [];
    scope.postMessage(mark(content), moved);
  } catch (cause) {
    if (content.kind !== "done") throw cause;
    const { message } = packError(cause);
    const error = new TypeError(
      `its decoder's result cannot be sent to the main thread, ` +
        `return plain objects and typed arrays that nothing else uses: ${message}`,
      { cause },
    );
    scope.postMessage(mark<Answer>({ kind: "failed", id: content.id, error: packError(error) }));
  }
}

/** Reports when the worker ends itself, or has an uncaught error. */
function reportEnd(scope: WorkerScope): void {
  const report = (error: unknown) => send(scope, { kind: "crashed", error: packError(error) });
  scope.addEventListener("error", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    report(event.error ?? new Error(event.message));
  });
  scope.addEventListener("unhandledrejection", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    report(event.reason);
  });
  const { Deno } = globalThis as { Deno?: { exit(code?: number): never } };
  for (const [owner, method] of [[scope, "close"], [Deno, "exit"]] as const) {
    if (owner !== undefined) reportCall(owner, method, report);
  }
}

/** Reports each call of a method that ends the worker. */
function reportCall(owner: object, method: string, report: (error: Error) => void): void {
  const methods = owner as Record<string, (...args: unknown[]) => unknown>;
  const original = methods[method]!;
  methods[method] = (...args) => {
    report(new Error(`it called ${method}(${args.map(quote).join(", ")})`));
    return original.apply(owner, args);
  };
}
