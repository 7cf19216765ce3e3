/** `#rrggbb`. */
export type Color = string;

/** A picture somewhere on the screen. */
export interface Sprite {
  /** The key of its texture. */
  readonly texture: string;
  /** Where its feet are, in pixels from the left and from the top; or its middle, see `anchor`. */
  readonly x: number;
  readonly y: number;
  /** Pixels of the screen for each of the texture. */
  readonly scale: number;
  readonly anchor?: "feet" | "middle";
  /** Radians, clockwise. */
  readonly turn?: number;
  readonly flip?: boolean;
  /** The part of the texture that is shown: left, top, width and height. All of it by default. */
  readonly part?: readonly [number, number, number, number];
  /** Multiplies the texture's colours. */
  readonly tint?: Color;
  /** 0 to 1. */
  readonly opacity?: number;
  /** What it fades into with distance, and how much of it: 0 to 1. */
  readonly haze?: readonly [color: Color, amount: number];
  /** How much it adds its light to what is behind it instead of covering it: 0 to 1. */
  readonly glow?: number;
}
