/** The kinds of leaks. Each is written as in real games, with a twin that does not leak. */
import { OWNERS } from "./kinds/owners.ts";
import { PATHS } from "./kinds/paths.ts";
import { TASKS } from "./kinds/tasks.ts";
import { VARIABLES } from "./kinds/variables.ts";
import type { Kind } from "./site.ts";

export const KINDS: readonly Kind[] = [...VARIABLES, ...PATHS, ...OWNERS, ...TASKS];
