import {
  LoaderNotFoundError,
  ManagerDisposedError,
  ResourceCycleError,
  ResourceLoadError,
  ResourcePathError,
  ResourceTypeError,
} from "../contract/errors.ts";
import { typeNameOf } from "../names/resource_type.ts";

/** Errors that say by themselves what is wrong with which key. */
const CLEAR = [
  LoaderNotFoundError,
  ManagerDisposedError,
  ResourceCycleError,
  ResourcePathError,
  ResourceTypeError,
];

/** What was thrown that is no error: it may be anything, even what cannot become a string. */
function describe(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : `${typeNameOf(thrown)} was thrown`;
}

/** What a caller of `load`, or of another `action`, gets for what a source or a loader threw. */
export function wrap(key: string, error: unknown, action = "load"): unknown {
  if (CLEAR.some((kind) => error instanceof kind)) return error;
  if (error instanceof DOMException && error.name === "AbortError") return error;
  if (error instanceof ResourceLoadError && error.key === key) return error;
  const problem = error instanceof Error ? error.message : describe(error);
  return new ResourceLoadError(key, problem, { cause: error, action });
}
