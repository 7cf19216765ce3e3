/**
 * Programs as games have them. Some forget a handle, at the lines with `// leak`, and some are right.
 * All of them type-check.
 */

/** A program, and the rule that finds the handle that it forgets, if it forgets one. */
export interface Program {
  readonly title: string;
  readonly rule?: string;
  readonly code: string;
}

const PROGRAM_PRELUDE = `import {
  type Handle, json, Json, keep, type LoadedBundle, type LoadTask, ResourceManager, ResourceScope,
  Text, type WeakHandle,
} from "@holdfast/resources";
class Texture { constructor(readonly width: number, readonly height: number) {} }
class Sound { play(): void {} }
declare function draw(...what: unknown[]): void;
declare function useEffect(run: () => void | (() => void), deps: unknown[]): void;
declare function useState<T>(value: T): [T, (value: T) => void];
declare function useMemo<T>(make: () => T, deps: unknown[]): T;
declare function useRef<T>(value: T): { current: T };
declare function assert(condition: unknown): void;
export type Unused = [Handle<Sound>, LoadTask<1>, LoadedBundle<Record<never, never>>, WeakHandle<1>];
void [json, Json, keep, ResourceManager, ResourceScope, Text, Texture, Sound, useRef];
`;

/** A program as a module. */
export function programOf({ code }: Program): string {
  return `${PROGRAM_PRELUDE}${code}\n`;
}
