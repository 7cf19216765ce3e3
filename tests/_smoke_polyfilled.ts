/** The smoke test for runtimes that are older than `DisposableStack`. */
import "core-js/proposals/explicit-resource-management.js";
export { smoke } from "./_smoke.ts";
