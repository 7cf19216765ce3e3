import { type Libraries, openLibraries } from "./libraries.ts";
import { Ledger, type Native, Sound, Surface, Texture } from "./native.ts";

const INIT_AUDIO = 0x10;
const INIT_VIDEO = 0x20;
const RENDERER_SOFTWARE = 1;
/**
 * SDL's number for pixels of red, green, blue and opacity, a byte each, on little-endian machines.
 */
const RGBA = 0x16762004;
/** SDL's number for signed 16-bit samples, the low byte first. */
const S16 = 0x8010;
/** The samples a second of each channel. */
const RATE = 22_050;
const CHANNELS = 2;
const SAMPLES = 1024;
/** Tells a decoder not to free its stream, because some decoders do not free it when they fail. */
const KEEP_STREAM = 0;
const LAST_EVENT = 0xffff;

/** The offsets of fields in SDL's structures, in bytes, on 64-bit machines. */
const SURFACE = { width: 16, height: 20, pitch: 24 };
const CHUNK = { samples: 8, length: 16, size: 24 };

/** A rectangle in pixels. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** SDL with a dummy screen and a dummy audio device. */
export class Sdl implements Disposable {
  /** The values in SDL's memory that are not freed. */
  readonly ledger: Ledger = new Ledger();
  readonly screen: Part;
  readonly #libraries: Libraries;
  readonly #renderer: Deno.PointerObject;
  readonly #owned: DisposableStack;
  /** The bytes that SDL is reading. SDL has only their address, which does not keep them alive. */
  #reading: Uint8Array<ArrayBuffer> | undefined;

  /**
   * Starts SDL. If a library is missing or a device can't be opened, throws and leaves nothing
   * open.
   */
  constructor(width: number, height: number) {
    using owned = new DisposableStack();
    this.screen = { x: 0, y: 0, width, height };
    this.#libraries = owned.use(openLibraries());
    this.#renderer = this.#start(owned);
    this.#owned = owned.move();
  }

  #start(owned: DisposableStack): Deno.PointerObject {
    const { sdl, image, mixer } = this.#libraries;
    sdl.SDL_SetHint(text("SDL_VIDEODRIVER"), text("dummy"));
    sdl.SDL_SetHint(text("SDL_AUDIODRIVER"), text("dummy"));
    owned.defer(() => sdl.SDL_Quit());
    this.#succeed(sdl.SDL_Init(INIT_VIDEO | INIT_AUDIO));
    owned.defer(() => image.IMG_Quit());
    this.#succeed(mixer.Mix_OpenAudio(RATE, S16, CHANNELS, SAMPLES));
    owned.defer(() => mixer.Mix_CloseAudio());
    const { x, y, width, height } = this.screen;
    const window = this.#made(sdl.SDL_CreateWindow(text("Emberfall"), x, y, width, height, 0));
    owned.adopt(window, () => sdl.SDL_DestroyWindow(window));
    const renderer = this.#made(sdl.SDL_CreateRenderer(window, -1, RENDERER_SOFTWARE));
    return owned.adopt(renderer, () => sdl.SDL_DestroyRenderer(renderer));
  }

  /** How many blocks of memory SDL has allocated and not freed, by its own count. */
  get allocations(): number {
    return this.#libraries.sdl.SDL_GetNumAllocations();
  }

  /** Decodes the bytes of a picture. */
  decodeSurface(bytes: Uint8Array<ArrayBuffer>): Surface {
    const { image } = this.#libraries;
    return this.#takeSurface(
      this.#decode(bytes, (stream) => image.IMG_Load_RW(stream, KEEP_STREAM)),
    );
  }

  /** Makes a transparent surface to draw on. */
  blankSurface(width: number, height: number): Surface {
    const { sdl } = this.#libraries;
    return this.#takeSurface(sdl.SDL_CreateRGBSurfaceWithFormat(0, width, height, 32, RGBA));
  }

  #takeSurface(pointer: Deno.PointerValue): Surface {
    const surface = this.#made(pointer);
    const view = new Deno.UnsafePointerView(surface);
    const [width, height] = [view.getInt32(SURFACE.width), view.getInt32(SURFACE.height)];
    const byteLength = view.getInt32(SURFACE.pitch) * height;
    return this.ledger.take(new Surface(surface, width, height, byteLength));
  }

  /** Copies a surface to a texture, which is drawn faster. */
  makeTexture({ pointer, width, height }: Surface): Texture {
    const { sdl } = this.#libraries;
    const texture = this.#made(sdl.SDL_CreateTextureFromSurface(this.#renderer, pointer));
    const format = new Uint32Array(1);
    this.#succeed(sdl.SDL_QueryTexture(texture, format, null, null, null));
    const bytesPerPixel = format[0]! & 0xff;
    return this.ledger.take(new Texture(texture, width, height, width * height * bytesPerPixel));
  }

  /** Decodes the bytes of a sound to the format of the audio device. */
  decodeSound(bytes: Uint8Array<ArrayBuffer>): Sound {
    const { mixer } = this.#libraries;
    const chunk = this.#decode(bytes, (stream) => mixer.Mix_LoadWAV_RW(stream, KEEP_STREAM));
    return this.ledger.take(new Sound(chunk, this.#shrink(chunk)));
  }

  /**
   * Frees the spare memory of a sound. The mixer allocates several times its length to convert it.
   * Afterwards its size is its length, which this returns.
   */
  #shrink(chunk: Deno.PointerObject): number {
    const { sdl } = this.#libraries;
    const fields = new DataView(Deno.UnsafePointerView.getArrayBuffer(chunk, CHUNK.size));
    const length = fields.getUint32(CHUNK.length, true);
    const samples = Deno.UnsafePointer.create(fields.getBigUint64(CHUNK.samples, true));
    const shrunk = this.#made(sdl.SDL_realloc(samples, BigInt(Math.max(length, 1))));
    fields.setBigUint64(CHUNK.samples, Deno.UnsafePointer.value(shrunk), true);
    return length;
  }

  /** Lets a library read `bytes`, and keeps them from garbage collection until it is done. */
  #decode(
    bytes: Uint8Array<ArrayBuffer>,
    read: (stream: Deno.PointerValue) => Deno.PointerValue,
  ): Deno.PointerObject {
    using reading = new DisposableStack();
    reading.defer(() => this.#reading = undefined);
    this.#reading = bytes;
    const { sdl } = this.#libraries;
    const start = Deno.UnsafePointer.of(bytes);
    const stream = this.#made(sdl.SDL_RWFromConstMem(start, bytes.length));
    reading.defer(() => sdl.SDL_RWclose(stream));
    return this.#made(read(stream));
  }

  /** Frees a value. Throws if it was freed before, because SDL does not check that. */
  free(native: Native): void {
    const { sdl, mixer } = this.#libraries;
    this.ledger.free(native);
    if (native.kind === "surface") sdl.SDL_FreeSurface(native.pointer);
    else if (native.kind === "texture") sdl.SDL_DestroyTexture(native.pointer);
    else mixer.Mix_FreeChunk(native.pointer);
  }

  /** Copies a part of a surface to another surface. */
  blit(from: Surface, part: Part, to: Surface, at: Pick<Part, "x" | "y">): void {
    const { sdl } = this.#libraries;
    const target = rectangle({ ...part, ...at });
    this.#succeed(sdl.SDL_UpperBlit(from.pointer, rectangle(part), to.pointer, target));
  }

  /** Draws a texture on the screen. */
  draw(texture: Texture, x: number, y: number): void {
    const { width, height, pointer } = texture;
    const target = rectangle({ x, y, width, height });
    const { sdl } = this.#libraries;
    this.#succeed(sdl.SDL_RenderCopy(this.#renderer, pointer, null, target));
  }

  /** Shows the frame, and discards the events of the window. */
  show(): void {
    const { sdl } = this.#libraries;
    sdl.SDL_RenderPresent(this.#renderer);
    sdl.SDL_PumpEvents();
    sdl.SDL_FlushEvents(0, LAST_EVENT);
  }

  /** The pixels of the screen, row by row. */
  pixels(): Uint32Array<ArrayBuffer> {
    const { sdl } = this.#libraries;
    const { width, height } = this.screen;
    const pixels = new Uint32Array(width * height);
    this.#succeed(sdl.SDL_RenderReadPixels(this.#renderer, null, RGBA, pixels, width * 4));
    return pixels;
  }

  /** Plays a sound, if a channel is free. */
  play(sound: Sound): void {
    this.#libraries.mixer.Mix_PlayChannelTimed(-1, sound.pointer, 0, -1);
  }

  /**
   * Ends SDL. Everything must be freed before, because textures are destroyed with their renderer.
   */
  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  #made(pointer: Deno.PointerValue): Deno.PointerObject {
    if (pointer === null) throw this.#error();
    return pointer;
  }

  #succeed(code: number): void {
    if (code < 0) throw this.#error();
  }

  #error(): Error {
    const message = this.#libraries.sdl.SDL_GetError();
    return new Error(message === null ? "" : Deno.UnsafePointerView.getCString(message));
  }
}

/** A C string. */
function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${value}\0`);
}

function rectangle({ x, y, width, height }: Part): Int32Array<ArrayBuffer> {
  return new Int32Array([x, y, width, height]);
}
