/// <reference lib="dom" />
import { byId } from "./dom.ts";
import type { View } from "./view.ts";

/** The part of the width by which a key moves the moment. */
const STEP = 0.01;

/** The selected moment, and the moment that it is compared with. */
export class Moments {
  readonly #view: View;
  /** The time under the last position of the pointer. */
  #cursor: number | undefined;
  /** The moment that was selected by a click or a key. It stays when the pointer moves. */
  pinned: number | undefined;
  /** The moment to compare with. */
  mark: number | undefined;

  constructor(view: View) {
    this.#view = view;
  }

  /** The selected moment; the end of the trace if there is none. */
  get now(): number {
    const { duration } = this.#view.model;
    return Math.min(duration, this.pinned ?? this.#cursor ?? duration);
  }

  /** Reports that the pointer is at `time`. */
  hover(time: number): void {
    this.#cursor = Math.max(0, time);
    if (this.pinned === undefined) this.#view.side.moved();
  }

  /** Selects a moment, or none. */
  pin(time: number | undefined): void {
    this.pinned = time === undefined
      ? undefined
      : Math.min(this.#view.model.duration, Math.max(0, time));
    if (time !== undefined) this.#view.side.open("moment");
    else this.#view.side.moved();
    this.#view.schedule();
  }

  /** Moves the moment by some steps. */
  step(steps: number): void {
    const { viewport } = this.#view;
    this.pin(this.now + steps * STEP * viewport.span);
    const { now } = this;
    if (now < viewport.from) viewport.pan(now - viewport.from);
    if (now > viewport.to) viewport.pan(now - viewport.to);
  }

  /** Starts to compare with the selected moment, or stops comparing. */
  toggleMark(): void {
    this.mark = this.mark === undefined ? this.now : undefined;
    this.#view.side.open("moment");
    this.#view.schedule();
  }

  /** Draws the lines of both moments. */
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
