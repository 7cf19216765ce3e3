/**
 * Bundles the page of a trace into one module, which `src/trace.ts` embeds: `deno task page`.
 *
 * @module
 */
const here = new URL("./", import.meta.url);

/** The module that the build writes. */
export const MODULE = new URL("../bundled_page.ts", here);

/** The start tag of the element that holds the data of a page. */
const DATA = '<script id="data" type="application/json">';

/** Builds the source of {@linkcode MODULE}: the same bytes from the same files. */
export async function buildPage(): Promise<string> {
  const [script, style, html] = await Promise.all([bundle(), read("page.css"), read("page.html")]);
  const small = style.replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([{};,]) ?/g, "$1").trim();
  if (/<\/|<!--/.test(script + small)) throw new Error("Cannot embed what ends its element");
  const policy = [
    "default-src 'none'",
    `script-src '${await hash(script)}'`,
    `style-src '${await hash(small)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}">` +
    `<style>${small}</style></head>`;
  const [before, after] = html.replaceAll(/>\s*\n\s*</g, "><").replaceAll(/\s*\n\s*/g, " ")
    .replace("</head>", () => head)
    .replace("</body>", () => `${DATA}</script><script>${script}</script></body>`)
    .split(DATA)
    .map((part, i) => JSON.stringify(i === 0 ? part + DATA : part));
  return `// Made by src/trace/page/build.ts: deno task page
// deno-fmt-ignore-file

/** The page of a trace, before and after its data. */
export const PAGE: readonly [before: string, after: string] = [
  ${before},
  ${after},
];
`;
}

function read(name: string): Promise<string> {
  return Deno.readTextFile(new URL(name, here));
}

async function bundle(): Promise<string> {
  const flags = ["bundle", "-q", "--minify", "--platform", "browser"];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...flags, new URL("main.ts", here).href],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr));
  return decoder.decode(stdout).trim();
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

if (import.meta.main) await Deno.writeTextFile(MODULE, await buildPage());
