/** Prints how many bytes the loaders of the SDL2 example report, and how many the C library allocated. */
import { settleMemory } from "../examples/sdl2/figures.ts";
import { Game, levelOf } from "../examples/sdl2/game.ts";
import { Level } from "../examples/sdl2/level.ts";

const LEVELS = 24;

/** The bytes that the C library has allocated for all code of this process. */
function allocatedBytes(): number {
  using owned = new DisposableStack();
  const fields = Array.from({ length: 10 }, () => "usize" as const);
  const symbols = { mallinfo2: { parameters: [], result: { struct: fields } } } as const;
  const libc = owned.adopt(Deno.dlopen("libc.so.6", symbols), (libc) => libc.close());
  const info = new BigUint64Array(libc.symbols.mallinfo2().buffer as ArrayBuffer);
  return Number(info[4]! + info[7]!); // large blocks, which are mapped one by one, and blocks of the arenas
}

using game = new Game();
const { mgr, sdl } = game;
await settleMemory();
const [bytesBefore, allocatedBefore] = [sdl.ledger.bytes, allocatedBytes()];
using scene = mgr.scope("everywhere");
for (let number = 0; number < LEVELS; number++) scene.load(levelOf(number), Level);
await settleMemory();
const reported = sdl.ledger.bytes - bytesBefore;
const allocated = allocatedBytes() - allocatedBefore;
console.log(JSON.stringify({ reported, allocated, managed: mgr.bytes - bytesBefore }));
