import { assertEquals, assertInstanceOf } from "@std/assert";
import { type HeldResource, type ManagerLeaks, ResourceLeakError } from "../../src/testing.ts";

const NOTHING: ManagerLeaks = { held: [], reported: [], unseen: 0 };

function held(key: string, rest: Partial<HeldResource> = {}): HeldResource {
  return { key, type: "Text", handles: 0, manual: 0, stacks: [], ...rest };
}

Deno.test("ResourceLeakError lists held resources in columns, with their call sites below", () => {
  const site = "    at enter (game.ts:1:1)\n    at play (game.ts:9:9)\n    at ext:cli/test.js:1:1";
  const error = new ResourceLeakError([{
    ...NOTHING,
    site: "    at new Game (game.ts:3:3)\n    at play (game.ts:9:9)",
    held: [
      held("map.json", { type: "Json", handles: 1, manual: 2, stacks: [site] }),
      held("a.txt", {
        label: "level 1",
        handles: 3,
        stacks: [site, site, "at b\nat c\nat d\nat e"],
      }),
    ],
    reported: [
      { key: "hero.png", type: "Texture", label: "level 1", stack: site },
      { key: "hero.png", type: "Texture", label: "level 1" },
      { key: "hero.png", type: "Texture" },
    ],
  }]);
  assertInstanceOf(error, Error);
  assertEquals([error.name, error.count], ["ResourceLeakError", 9]);
  assertEquals(
    error.message,
    `Cannot end without leaks: 9 references were not released, dispose the handles and release() what was acquired
  in the manager that was made at new Game (game.ts:3:3)
  4 handles were opened at enter · game.ts:1
  1 handle was opened at b
  a.txt     Text     3 handles of "level 1"
                       at enter (game.ts:1:1) (2 times)
                       at play (game.ts:9:9)
                       at b
                       at c
                       at d
  hero.png  Texture  2 handles of "level 1", reported as leaked
                       at enter (game.ts:1:1)
                       at play (game.ts:9:9)
  hero.png  Texture  1 handle, reported as leaked
  map.json  Json     1 handle
                       at enter (game.ts:1:1)
                       at play (game.ts:9:9)
  map.json  Json     2 acquire()s not released`,
  );
});

Deno.test("ResourceLeakError says how to get call sites when it has none", () => {
  const error = new ResourceLeakError([
    { ...NOTHING, held: [held("a.txt", { handles: 1 })] },
    { ...NOTHING, unseen: 2 },
  ]);
  assertEquals(
    error.message,
    `Cannot end without leaks: 3 references were not released, dispose the handles and release() what was acquired
  a.txt  Text  1 handle
  set leaks.stacks to see where they were opened
  2 handles reported as leaked before, trackManagers() shows which`,
  );
  assertEquals(error.managers.map(({ unseen }) => unseen), [0, 2]);
});

Deno.test("ResourceLeakError uses the singular for one reference", () => {
  const { message } = new ResourceLeakError([{ ...NOTHING, unseen: 1 }]);
  assertEquals(message.split(",")[0], "Cannot end without leaks: 1 reference was not released");
});
