/** The part of PixiJS 8 that the loaders use. Structural types, so that nothing is imported. */
export interface Pixi {
  readonly Texture:
    & (new (options: { source: Source; label: string }) => Texture)
    & { readonly EMPTY: Texture };
  readonly ImageSource: new (options: SourceOptions) => Source;
  readonly Spritesheet: new (texture: Texture, data: SheetData) => Sheet;
  readonly BitmapFont: new (options: { textures: Texture[]; data: FontData }) => Font;
  readonly BitmapFontManager: { readonly measureCache?: { clear(): void } };
  readonly Cache: FontCache;
  readonly bitmapFontTextParser: FontParser;
  readonly bitmapFontXMLStringParser: FontParser;
}

/** Where PixiJS looks for fonts. */
export interface FontCache {
  has(key: string): boolean;
  set(key: string, value: unknown): void;
  remove(key: string): void;
}

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
  copyFrom(other: Rectangle): unknown;
}

/** An object that shows a texture, such as a sprite. */
export interface View {
  readonly destroyed: boolean;
  /** Set while it is on a stage that was rendered. */
  readonly parentRenderGroup?: object | null;
  /** Lets PixiJS draw it again. */
  onViewUpdate(): void;
}

type Listener = (this: never) => void;

export interface Texture {
  readonly label: string;
  /** `null` once the texture was destroyed together with its source. */
  source: Source | null;
  frame: Rectangle;
  orig: Rectangle;
  trim: Rectangle | undefined;
  rotate: number;
  defaultAnchor: unknown;
  defaultBorders: unknown;
  /** Whether the views that show it follow its updates. */
  dynamic: boolean;
  destroyed: boolean;
  update(): void;
  destroy(): void;
  on(event: string, listener: Listener, view?: unknown): unknown;
  off(event: string, listener?: Listener, view?: unknown, once?: boolean): unknown;
}

export interface SourceOptions {
  readonly resource: ImageBitmap;
  readonly label: string;
  readonly resolution: number;
  readonly scaleMode?: string;
}

export interface Source {
  resource: ImageBitmap;
  readonly pixelWidth: number;
  readonly pixelHeight: number;
  readonly resolution: number;
  readonly autoGenerateMipmaps: boolean;
  scaleMode: string;
  _style: unknown;
  readonly destroyed: boolean;
  update(): void;
  unload(): void;
  destroy(): void;
}

/** Where a frame is in the image. */
export interface FrameData {
  readonly frame: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly rotated?: boolean;
}

export interface SheetData {
  readonly frames: Readonly<Record<string, FrameData | null>>;
  readonly animations?: Readonly<Record<string, readonly string[]>>;
  readonly meta: { readonly image: string };
}

export interface Sheet {
  readonly textures: Record<string, Texture>;
  readonly animations: Record<string, Texture[]>;
  readonly textureSource: Source;
  parse(): Promise<unknown>;
  destroy(): void;
}

/** Reads a `.fnt` file. */
export interface FontParser {
  parse(text: string): FontData;
}

/** The contents of a `.fnt` file. */
export interface FontData {
  readonly fontFamily: string;
  readonly pages: { readonly id: number; file: string }[];
  readonly distanceField?: object | null;
}

export interface Font {
  readonly fontFamily: string;
  readonly _events: unknown;
  readonly _eventsCount: unknown;
  pages: { texture: Texture }[];
  destroy(): void;
}
