/// <reference lib="dom" />
import { byId } from "./dom.ts";
import type { View } from "./view.ts";

/** How much of the width a key moves the moment. */
const STEP = 0.01;

/** The moment that somebody looks at, and the one that it is compared with. */
export class Moments {
  readonly #view: View;
  /** Where the pointer was last. */
  #cursor: number | undefined;
  /** The moment that was chosen by a click or a key, whatever the pointer does. */
  pinned: number | undefined;
  /** What it is compared with. */
  mark: number | undefined;

  constructor(view: View) {
    this.#view = view;
  }

  /** The moment that is looked at: the end if there is no other. */
  get now(): number {
    const { duration } = this.#view.model;
    return Math.min(duration, this.pinned ?? this.#cursor ?? duration);
  }

  /** The pointer is at a time. */
  hover(time: number): void {
    this.#cursor = Math.max(0, time);
    if (this.pinned === undefined) this.#view.side.moved();
  }

  /** Chooses a moment, or none. */
  pin(time: number | undefined): void {
    this.pinned = time === undefined
      ? undefined
      : Math.min(this.#view.model.duration, Math.max(0, time));
    if (time !== undefined) this.#view.side.open("moment");
    else this.#view.side.moved();
    this.#view.schedule();
  }

  /** Moves the moment by a step of a key. */
  step(steps: number): void {
    const { viewport } = this.#view;
    this.pin(this.now + steps * STEP * viewport.span);
    const { now } = this;
    if (now < viewport.from) viewport.pan(now - viewport.from);
    if (now > viewport.to) viewport.pan(now - viewport.to);
  }

  /** Compares with the moment that is looked at from now on, or not any more. */
  toggleMark(): void {
    this.mark = this.mark === undefined ? this.now : undefined;
    this.#view.side.open("moment");
    this.#view.schedule();
  }

  /** Draws the lines of both. */
  draw(): void {
    this.#place("mark", this.mark);
    this.#place("pin", this.pinned);
  }

  #place(id: string, time: number | undefined): void {
    const element = byId(id);
    const { viewport } = this.#view;
    const isInSight = time !== undefined && time >= viewport.from && time <= viewport.to;
    element.hidden = !isInSight;
    if (isInSight) element.style.transform = `translateX(${viewport.xOf(time)}px)`;
  }
}
