/** A colour, as `#rrggbb`. */
export type Color = string;

/** A picture on the screen. */
export interface Sprite {
  /** The key of its texture. */
  readonly texture: string;
  /**
   * The place of its feet or its middle, see `anchor`, in pixels from the left and from the top.
   */
  readonly x: number;
  readonly y: number;
  /** How many pixels of the screen a pixel of the texture takes. */
  readonly scale: number;
  readonly anchor?: "feet" | "middle";
  /** The rotation in radians, clockwise. */
  readonly turn?: number;
  readonly flip?: boolean;
  /** The visible part of the texture: left, top, width and height. All of it by default. */
  readonly part?: readonly [number, number, number, number];
  /** Multiplies the texture's colours. */
  readonly tint?: Color;
  /** From 0 to 1. */
  readonly opacity?: number;
  /** The colour that it fades into with distance, and the amount, from 0 to 1. */
  readonly haze?: readonly [color: Color, amount: number];
  /** How much it adds its light to the sprites behind instead of covering them, from 0 to 1. */
  readonly glow?: number;
}
