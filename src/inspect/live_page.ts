import { PAGE } from "../trace/bundled_page.ts";
import type { LiveLink, PageData } from "../trace/page_data.ts";

/** What the policy of the page of a trace begins with: it may ask nothing of the network. */
const NOTHING = "default-src 'none';";

/** The page of a trace, as one that follows a manager. Without a channel, it may ask its own server. */
export function livePage(title: string, live: LiveLink): string {
  const [before, after] = PAGE;
  const data: PageData = {
    title,
    live,
    start: Date.now(),
    duration: 0,
    count: 0,
    forgotten: 0,
    keepsIdle: true,
    keys: [],
    types: [],
    stacks: [],
    reasons: [],
    leaks: [],
    events: "",
  };
  const allowed = live.channel === undefined ? `${NOTHING} connect-src 'self';` : NOTHING;
  // Within JSON, only a "<" could end the element that holds it.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return before.replace(NOTHING, allowed) + json + after;
}
