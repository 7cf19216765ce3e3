import { isObject } from "../contract/is_object.ts";
import type { AsyncLoadContext, LoadContext, Loader } from "../contract/loader.ts";
import { quote } from "../contract/printable.ts";
import { imageBeside } from "./fonts.ts";
import type { FrameData, Pixi, Sheet, SheetData, Source, Texture } from "./pixi.ts";
import type { TextureLoader } from "./textures.ts";

/** Loads sprite sheets, which hold their image. When they are reloaded, their frames stay and move. */
export class SheetLoader implements Loader<Sheet> {
  readonly name = "sheet";
  readonly extensions = [".sheet.json"];
  readonly variants: readonly string[];
  readonly #pixi: Pixi;
  readonly #textures: TextureLoader;
  /** All frames that a sheet ever had, by name. None is destroyed before its sheet: a sprite may show it. */
  readonly #frames = new WeakMap<Sheet, Map<string, Texture>>();

  constructor(pixi: Pixi, textures: TextureLoader) {
    this.variants = textures.variants;
    this.#pixi = pixi;
    this.#textures = textures;
  }

  async loadAsync(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Sheet> {
    const sheet = await this.#make(bytes, context);
    this.#frames.set(sheet, new Map());
    this.#keepFrames(sheet);
    return sheet;
  }

  /** Moves the frames of a sheet to where they are now, perhaps in another image. */
  async update(sheet: Sheet, bytes: Uint8Array<ArrayBuffer>, context: LoadContext): Promise<void> {
    // A loader without `load` always gets an asynchronous context.
    const asynchronous = context as AsyncLoadContext;
    const fresh = await this.#make(bytes, asynchronous);
    await asynchronous.turn(() => this.#keepFrames(Object.assign(sheet, fresh)));
  }

  /** Destroys the frames. Their image stays: it is a resource of its own. */
  unload(sheet: Sheet): void {
    for (const frame of this.#frames.get(sheet)!.values()) this.#textures.retire(frame);
    sheet.destroy();
  }

  async #make(bytes: Uint8Array<ArrayBuffer>, context: AsyncLoadContext): Promise<Sheet> {
    const data = readSheet(bytes);
    const name = imageBeside(data.meta.image, context);
    const { value: texture, key } = await context.loadAsync(name, this.#pixi.Texture);
    assertWithin(data.frames, texture.source!, key);
    const sheet = new this.#pixi.Spritesheet(texture, data);
    await sheet.parse();
    texture.update(); // The sheet may have set the resolution, and PixiJS only updates the source.
    return sheet;
  }

  /** Replaces the new frames of a sheet by those that it had before, moved to the same places. */
  #keepFrames(sheet: Sheet): void {
    const { textures, animations, textureSource } = sheet;
    const frames = this.#frames.get(sheet)!;
    for (const [name, frame] of Object.entries(textures)) {
      const known = frames.get(name);
      if (known) {
        move(known, frame);
        textures[name] = known;
      } else {
        frames.set(name, frame);
        this.#textures.letFollow(frame);
      }
    }
    for (const run of Object.values(animations)) {
      run.forEach(({ label }, index) => run[index] = frames.get(label)!);
    }
    for (const frame of frames.values()) {
      frame.source = textureSource;
      frame.update();
    }
  }
}

/** Loads the frames of sheets, which hold their sheets. */
export function frameLoader({ Spritesheet }: Pixi, { variants }: SheetLoader): Loader<Texture> {
  return {
    name: "frame",
    extensions: [".sheet.json#"],
    variants,
    make(context) {
      const { textures } = context.load(context.whole, Spritesheet).value;
      return Object.hasOwn(textures, context.part) ? textures[context.part] : undefined;
    },
    unload() {}, // The sheet destroys its frames.
    parts: ({ textures }: Sheet) => Object.keys(textures),
  };
}

/** Moves `frame` to where `next` is, which is destroyed. */
function move(frame: Texture, next: Texture): void {
  const { trim, rotate, defaultAnchor, defaultBorders } = next;
  frame.frame.copyFrom(next.frame);
  Object.assign(frame, { orig: next.orig, trim, rotate, defaultAnchor, defaultBorders });
  next.destroy();
}

/** Reads the JSON of a sheet, and checks it. */
function readSheet(bytes: Uint8Array): SheetData {
  const data: Partial<SheetData> | null = JSON.parse(new TextDecoder().decode(bytes));
  const { frames, meta, animations } = data ?? {};
  if (!isObject(frames) || Array.isArray(frames) || typeof meta?.image !== "string") {
    throw new TypeError(
      'it has no "frames" by name or no "meta.image": export it as "PixiJS"',
    );
  }
  const missing = Object.values(animations ?? {}).flat().find((each) =>
    !Object.hasOwn(frames, each)
  );
  if (missing !== undefined) {
    throw new TypeError(`its animations name ${quote(missing)}, which is not in "frames"`);
  }
  return data as SheetData;
}

function assertWithin(frames: SheetData["frames"], source: Source, image: string): void {
  const { pixelWidth, pixelHeight } = source;
  for (const [name, each] of Object.entries(frames)) {
    const { x, y, w, h } = each?.frame ?? {} as FrameData["frame"];
    const [width, height] = each?.rotated ? [h, w] : [w, h]; // One that is rotated lies on its side.
    const isWithin = x + width <= pixelWidth && y + height <= pixelHeight;
    if (isWithin && Math.min(x, y, w, h) >= 0) continue;
    throw new RangeError(
      `its frame ${quote(name)}, ${width} × ${height} at ${x}, ${y}, leaves its image ` +
        `${quote(image)} of ${pixelWidth} × ${pixelHeight} pixels`,
    );
  }
}
