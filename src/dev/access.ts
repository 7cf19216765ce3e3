/** Names of this machine, as URLs have them. */
const LOCAL = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;
/** An IP address: no page can make it point to another machine, as it can with a name. */
const ADDRESS = /^(?:\d+(?:\.\d+){3}|\[[\da-f:.]+\])$/;

/**
 * Whether a request that calls the server `host` may be answered. Under a foreign name it may come
 * from a page whose domain was pointed at this machine (DNS rebinding), which could then read the
 * files.
 */
export function isOwnName(host: string, bound: string): boolean {
  return LOCAL.test(host) || ADDRESS.test(host) || host === bound.toLowerCase(); // as in URLs
}

/**
 * The headers that let pages of the machine `host` read the answer, whatever their port, but no
 * others.
 */
export function crossOrigin({ headers }: Request, host: string): Record<string, string> {
  const origin = headers.get("origin") ?? "";
  if (!URL.canParse(origin)) return {};
  const { hostname } = new URL(origin);
  if (!LOCAL.test(hostname) && hostname !== host) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "content-range, etag",
  };
}

/** The answer to a CORS preflight request. */
export function preflight({ headers }: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-headers": headers.get("access-control-request-headers") ?? "",
      "access-control-allow-methods": "GET, HEAD",
    },
  });
}

/** Whether a request comes from a page of its own server, or from no page at all. */
export function isOwnOrigin({ url, headers }: Request): boolean {
  const origin = headers.get("origin");
  return origin === null || origin === new URL(url).origin;
}

/** Whether `given` is the secret. The time does not show how many characters are right. */
export function isSecret(given: string, secret: string): boolean {
  let difference = given.length ^ secret.length;
  for (let i = 0; i < secret.length; i++) difference |= given.charCodeAt(i) ^ secret.charCodeAt(i);
  return difference === 0;
}
