import { PAGE } from "../trace/bundled_page.ts";
import type { LiveLink, PageData } from "../trace/page_data.ts";

/** The start of the security policy of a trace's page: the page may not use the network. */
const NO_NETWORK = "default-src 'none';";

/**
 * The page of a trace that follows a running manager. Without a channel, it may request its own
 * server.
 */
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
  const allowed = live.channel === undefined ? `${NO_NETWORK} connect-src 'self';` : NO_NETWORK;
  // Within JSON, only a "<" could end the element that holds it.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return before.replace(NO_NETWORK, allowed) + json + after;
}
