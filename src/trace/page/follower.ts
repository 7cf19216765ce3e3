/// <reference lib="dom" />
import type { LiveMessage } from "../live_data.ts";
import type { LivePanel } from "./live_panel.ts";
import { Model } from "./model.ts";
import type { View } from "./view.ts";

/** A live page shows this much of the end of the trace at first, in microseconds. */
const FIRST_SPAN = 30e6;
/**
 * Time goes on for this long after a message, in ms. After that the game has stopped, or it hangs.
 */
const SILENCE = 1000;

/** Shows the messages of a game in a view, as they come. */
export class Follower {
  readonly #view: View;
  readonly #panel: LivePanel;
  /** Called after the first message. */
  readonly #begun: () => void;
  /** A new model that is still behind: it replaces the old one when it has caught up. */
  #next: Model | undefined;
  #isFirst = true;
  /** Whether the view has been narrowed to the end once. */
  #narrowed = false;
  #running = false;
  /** When the last message came, and the duration of the trace in it. */
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

  /** The connection is lost: the page keeps what it shows. */
  lose(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#panel.say("lost");
  }

  /** Shows the end of the trace, and follows it. */
  follow(): void {
    const { viewport } = this.#view;
    viewport.follow(Math.min(FIRST_SPAN, viewport.span));
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

  /** Advances the time in each frame. */
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

  /** Shows only the last half minute, once, when the trace gets longer than that. */
  #narrow(): void {
    const { viewport } = this.#view;
    if (this.#narrowed || viewport.span < FIRST_SPAN) return;
    this.#narrowed = true;
    viewport.follow(FIRST_SPAN);
  }
}
