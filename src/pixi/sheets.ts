import { isObject } from "../contract/is_object.ts";
import type { AsyncLoadContext, LoadContext } from "../contract/loader.ts";
import { quote } from "../contract/printable.ts";
import type { FrameData, Pixi, Sheet, SheetData, Source, Texture } from "./pixi.ts";
import type { TextureMaker } from "./textures.ts";

/** Makes sprite sheets, which hold their image. When they are reloaded, their frames stay and move. */
export class SheetMaker {
  readonly #pixi: Pixi;
  readonly #textures: TextureMaker;
  /** All frames that a sheet ever had, by their names: who shows one that is gone must not draw a dead one. */
  readonly #frames = new WeakMap<Sheet, Map<string, Texture>>();

  constructor(pixi: Pixi, textures: TextureMaker) {
    this.#pixi = pixi;
    this.#textures = textures;
  }

  /** Makes a sheet, and loads its image. */
  async load(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Sheet> {
    const sheet = await this.#make(bytes, context);
    this.#frames.set(sheet, new Map());
    this.#take(sheet, sheet.textures);
    return sheet;
  }

  /** Moves the frames of a sheet to where they are now, perhaps in another image. */
  async update(sheet: Sheet, bytes: Uint8Array<ArrayBuffer>, context: LoadContext): Promise<void> {
    // A reload loads the image as a load does: what is asynchronous only gets an asynchronous context.
    const fresh = await this.#make(bytes, context as AsyncLoadContext);
    const { data, textureSource, resolution, textures } = fresh;
    Object.assign(sheet, { data, textureSource, resolution });
    for (const name of Object.keys(sheet.textures)) delete sheet.textures[name];
    this.#take(sheet, textures);
    sheet.animations = Object.fromEntries(
      Object.entries(data.animations ?? {})
        .map(([name, frames]) => [name, frames.map((frame) => sheet.textures[frame]!)]),
    );
  }

  /** Destroys the frames. Their image is a resource of its own. */
  unload(sheet: Sheet): void {
    for (const [name, frame] of this.#frames.get(sheet)!) this.#textures.retire(frame, name);
    sheet.destroy();
  }

  /** The frame of that name, if there is one. */
  frameOf({ textures }: Sheet, name: string): Texture | undefined {
    return Object.hasOwn(textures, name) ? textures[name] : undefined;
  }

  async #make(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Sheet> {
    const data = readSheet(bytes);
    const { image } = data.meta;
    const name = context.variant === "" ? `./${image}` : `./${image}?${context.variant}`;
    const { value: texture, key } = await context.loadAsync(name, this.#pixi.Texture);
    const { source } = texture;
    assertWithin(data.frames, source!, key);
    const { resolution } = source!;
    const sheet = new this.#pixi.Spritesheet({ texture, data });
    sheet.parseSync();
    // A sheet sets the resolution of its image, of which PixiJS tells the source, but no texture.
    if (source!.resolution !== resolution) texture.update();
    return sheet;
  }

  /** Gives a sheet its frames. Those that it had before stay what they are, and show what is there now. */
  #take(sheet: Sheet, textures: Record<string, Texture>): void {
    const frames = this.#frames.get(sheet)!;
    for (const [name, frame] of Object.entries(textures)) {
      const known = frames.get(name);
      if (known === undefined) {
        frames.set(name, frame);
        this.#textures.letFollow(frame);
      } else move(known, frame);
      sheet.textures[name] = frames.get(name)!;
    }
    for (const frame of frames.values()) {
      if (frame.source !== sheet.textureSource) show(frame, sheet.textureSource);
    }
  }
}

/** Lets `frame` show what `next` shows, which is destroyed. */
function move(frame: Texture, next: Texture): void {
  const { trim, rotate, defaultAnchor, defaultBorders, source } = next;
  frame.frame.copyFrom(next.frame);
  Object.assign(frame, { orig: next.orig, trim, rotate, defaultAnchor, defaultBorders });
  show(frame, source);
  next.destroy();
}

function show(frame: Texture, source: Source | null): void {
  frame.source = source;
  frame.update();
}

/** What a sheet says. */
function readSheet(bytes: Uint8Array): SheetData {
  const data: Partial<SheetData> | null = JSON.parse(new TextDecoder().decode(bytes));
  const { frames, meta, animations = {} } = data ?? {};
  if (!isObject(frames) || Array.isArray(frames) || typeof meta?.image !== "string") {
    throw new TypeError(
      'it is not a sprite sheet with "frames" by their names and a "meta.image": ' +
        'export it as "PixiJS" or "JSON (Hash)"',
    );
  }
  for (const [name, all] of Object.entries(animations)) {
    const missing = all.find((each) => !Object.hasOwn(frames, each));
    if (missing === undefined) continue;
    throw new TypeError(`its animation ${quote(name)} has no frame ${quote(missing)}`);
  }
  return data as SheetData;
}

function assertWithin(frames: SheetData["frames"], source: Source, image: string): void {
  for (const [name, data] of Object.entries(frames)) {
    const area = areaOf(data);
    const [x, y, width, height] = area;
    const { pixelWidth, pixelHeight } = source;
    const isWithin = x >= 0 && y >= 0 && x + width <= pixelWidth && y + height <= pixelHeight;
    if (isWithin && area.every(Number.isFinite)) continue;
    throw new RangeError(
      `its frame ${
        quote(name)
      } is ${width} × ${height} pixels at ${x}, ${y}, and leaves its image ` +
        `${quote(image)}, which is ${pixelWidth} × ${pixelHeight}`,
    );
  }
}

/** The pixels of an image that a frame takes. One that is rotated lies on its side. */
function areaOf(
  { frame: { x, y, w, h }, rotated }: FrameData,
): readonly [number, number, number, number] {
  return rotated ? [x, y, h, w] : [x, y, w, h];
}
