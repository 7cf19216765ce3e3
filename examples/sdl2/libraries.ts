/** The functions of SDL2 and its two companion libraries that the game calls. */
const SDL = {
  SDL_Init: { parameters: ["u32"], result: "i32" },
  SDL_Quit: { parameters: [], result: "void" },
  SDL_SetHint: { parameters: ["buffer", "buffer"], result: "bool" },
  SDL_GetError: { parameters: [], result: "pointer" },
  SDL_FlushEvents: { parameters: ["u32", "u32"], result: "void" },
  SDL_PumpEvents: { parameters: [], result: "void" },
  SDL_GetNumAllocations: { parameters: [], result: "i32" },
  SDL_realloc: { parameters: ["pointer", "usize"], result: "pointer" },
  SDL_RWFromConstMem: { parameters: ["pointer", "i32"], result: "pointer" },
  SDL_RWclose: { parameters: ["pointer"], result: "i32" },
  SDL_CreateWindow: {
    parameters: ["buffer", "i32", "i32", "i32", "i32", "u32"],
    result: "pointer",
  },
  SDL_DestroyWindow: { parameters: ["pointer"], result: "void" },
  SDL_CreateRenderer: { parameters: ["pointer", "i32", "u32"], result: "pointer" },
  SDL_DestroyRenderer: { parameters: ["pointer"], result: "void" },
  SDL_RenderCopy: { parameters: ["pointer", "pointer", "buffer", "buffer"], result: "i32" },
  SDL_RenderPresent: { parameters: ["pointer"], result: "void" },
  SDL_RenderReadPixels: {
    parameters: ["pointer", "buffer", "u32", "buffer", "i32"],
    result: "i32",
  },
  SDL_CreateRGBSurfaceWithFormat: {
    parameters: ["u32", "i32", "i32", "i32", "u32"],
    result: "pointer",
  },
  SDL_UpperBlit: { parameters: ["pointer", "buffer", "pointer", "buffer"], result: "i32" },
  SDL_FreeSurface: { parameters: ["pointer"], result: "void" },
  SDL_CreateTextureFromSurface: { parameters: ["pointer", "pointer"], result: "pointer" },
  SDL_QueryTexture: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  SDL_DestroyTexture: { parameters: ["pointer"], result: "void" },
} as const;

const IMAGE = {
  IMG_Load_RW: { parameters: ["pointer", "i32"], result: "pointer" },
  IMG_Quit: { parameters: [], result: "void" },
} as const;

const MIXER = {
  Mix_OpenAudio: { parameters: ["i32", "u16", "i32", "i32"], result: "i32" },
  Mix_CloseAudio: { parameters: [], result: "void" },
  Mix_LoadWAV_RW: { parameters: ["pointer", "i32"], result: "pointer" },
  Mix_PlayChannelTimed: { parameters: ["i32", "pointer", "i32", "i32"], result: "i32" },
  Mix_FreeChunk: { parameters: ["pointer"], result: "void" },
} as const;

/** The names of the libraries for the dynamic linker, and their packages in Debian. */
const FILES = {
  sdl: { file: "libSDL2-2.0.so.0", package: "libsdl2-2.0-0" },
  image: { file: "libSDL2_image-2.0.so.0", package: "libsdl2-image-2.0-0" },
  mixer: { file: "libSDL2_mixer-2.0.so.0", package: "libsdl2-mixer-2.0-0" },
} as const;

/** The functions of all three libraries. Disposing them closes the libraries. */
export interface Libraries extends Disposable {
  readonly sdl: Deno.DynamicLibrary<typeof SDL>["symbols"];
  readonly image: Deno.DynamicLibrary<typeof IMAGE>["symbols"];
  readonly mixer: Deno.DynamicLibrary<typeof MIXER>["symbols"];
}

/** Opens the libraries. If one is missing, throws and leaves none open. */
export function openLibraries(): Libraries {
  using opened = new DisposableStack();
  const open = <S extends Deno.ForeignLibraryInterface>(file: string, symbols: S) =>
    opened.adopt(Deno.dlopen(file, symbols), (library) => library.close()).symbols;
  const sdl = open(FILES.sdl.file, SDL);
  const image = open(FILES.image.file, IMAGE);
  const mixer = open(FILES.mixer.file, MIXER);
  const owned = opened.move();
  return { sdl, image, mixer, [Symbol.dispose]: () => owned.dispose() };
}

/** The Debian packages of the libraries that are missing on this machine. */
export function missingPackages(): string[] {
  return Object.values(FILES).filter(({ file }) => !isInstalled(file)).map((each) => each.package);
}

function isInstalled(file: string): boolean {
  try {
    Deno.dlopen(file, {}).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}
