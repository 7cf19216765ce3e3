/** Frees objects of SDL twice, which no loader of the example does, and shows what happens then. */
import { openLibraries } from "../examples/sdl2/libraries.ts";
import { type Native, Texture } from "../examples/sdl2/native.ts";
import { Sdl } from "../examples/sdl2/sdl.ts";

const ASSETS = new URL("../examples/assets/common/", import.meta.url);
const sdl = new Sdl(256, 192);
const libraries = openLibraries();
const canvas = sdl.blankSurface(64, 64);

const MAKERS: Record<string, () => Native> = {
  surface: () => sdl.decodeSurface(Deno.readFileSync(new URL("hero.png", ASSETS))),
  texture: () => sdl.makeTexture(canvas),
  sound: () => sdl.decodeSound(Deno.readFileSync(new URL("coin.wav", ASSETS))),
};

/** Frees without asking the ledger. */
function freeBlindly({ kind, pointer }: Native): void {
  if (kind === "surface") libraries.sdl.SDL_FreeSurface(pointer);
  else if (kind === "texture") libraries.sdl.SDL_DestroyTexture(pointer);
  else libraries.mixer.Mix_FreeChunk(pointer);
}

const make = MAKERS[Deno.args[0]!]!;
const first = Array.from({ length: 20 }, make);
for (const native of first) sdl.free(native);
const second = Array.from({ length: 20 }, make); // some at the addresses of the first
for (const native of first) freeBlindly(native);
for (const native of second) if (native instanceof Texture) sdl.draw(native, 0, 0);
for (const native of second) sdl.free(native);
console.log("unharmed");
