/** Names of this machine, as URLs have them. */
const LOCAL = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;
/** An address, of which no page can be the name server. */
const ADDRESS = /^(?:\d+(?:\.\d+){3}|\[[\da-f:.]+\])$/;

/**
 * Whether a request may be answered that calls the server `host`. Under another name it may come from a
 * page that has given its own name the address of this machine, and would read what is here.
 */
export function isOwnName(host: string, bound: string): boolean {
  return LOCAL.test(host) || ADDRESS.test(host) || host === bound.toLowerCase(); // as URLs have it
}

/** What lets pages of other ports of the machine `host` read the answer, and no pages from elsewhere. */
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

/** The answer to a browser that asks whether it may ask. */
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

/** Whether `given` is the secret. It takes as long for any other of the same length. */
export function isSecret(given: string, secret: string): boolean {
  let difference = given.length ^ secret.length;
  for (let i = 0; i < secret.length; i++) difference |= given.charCodeAt(i) ^ secret.charCodeAt(i);
  return difference === 0;
}
