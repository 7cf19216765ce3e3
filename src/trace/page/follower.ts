/// <reference lib="dom" />
import type { LiveMessage } from "../live_data.ts";
import type { LivePanel } from "./live_panel.ts";
import { Model } from "./model.ts";
import type { View } from "./view.ts";

/** A live page shows so much of the time at first, in microseconds, and follows. */
const SPAN = 30e6;
/** So long after the last message time goes on, in ms: then the game has stopped, or it hangs. */
const SILENCE = 1000;

/** Shows in a view what a game tells, as it comes. */
export class Follower {
  readonly #view: View;
  readonly #panel: LivePanel;
  /** Called when the first has come. */
  readonly #begun: () => void;
  /** What takes the place of what is shown once it has caught up. */
  #next: Model | undefined;
  #isFirst = true;
  /** Whether the view has been narrowed to the end once. */
  #narrowed = false;
  #running = false;
  /** When the last message came, and how long the trace was by it. */
  #heard = 0;
  #duration = 0;

  constructor(view: View, panel: LivePanel, begun: () => void) {
    this.#view = view;
    this.#panel = panel;
    this.#begun = begun;
  }

  hear({ begin, more, behind, dropped, actions, ended }: LiveMessage): void {
    if (begin !== undefined) this.#begin(new Model({ ...begin, live: {} }), behind === true);
    if (more !== undefined) this.#append(more);
    if (!behind) this.#catchUp();
    this.#heard = performance.now();
    this.#duration = (this.#next ?? this.#view.model).duration;
    if (actions !== undefined) this.#panel.offer(actions);
    this.#panel.say(ended ? "ended" : "live", dropped);
    if (ended) this.#running = false;
    else this.#run();
  }

  /** Nothing comes any more: what is shown stays. */
  lose(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#panel.say("lost");
  }

  /** Shows what happens now, and goes on with it. */
  follow(): void {
    const { viewport } = this.#view;
    viewport.follow(Math.min(SPAN, viewport.span));
  }

  #begin(model: Model, behind: boolean): void {
    this.#next = undefined;
    if (behind && !this.#isFirst) {
      this.#next = model;
      return;
    }
    this.#view.replace(model);
    if (!this.#isFirst) return;
    this.#isFirst = false;
    this.#begun();
    this.#narrowed = !this.#view.viewport.whole;
  }

  #append(more: NonNullable<LiveMessage["more"]>): void {
    if (this.#next === undefined) this.#view.append(more);
    else this.#next.append(more);
  }

  #catchUp(): void {
    if (this.#next !== undefined) this.#view.replace(this.#next);
    this.#next = undefined;
  }

  /** Lets time go on with each frame. */
  #run(): void {
    if (this.#running) return;
    this.#running = true;
    const frame = () => {
      if (!this.#running) return;
      const silence = performance.now() - this.#heard;
      this.#panel.say(silence > SILENCE ? "silent" : "live");
      this.#view.advance(this.#duration + Math.min(SILENCE, silence) * 1000);
      this.#narrow();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /** Shows the last half minute, once there is more. A viewer that shows all of it goes on showing all. */
  #narrow(): void {
    const { viewport } = this.#view;
    if (this.#narrowed || viewport.span < SPAN) return;
    this.#narrowed = true;
    viewport.follow(SPAN);
  }
}
