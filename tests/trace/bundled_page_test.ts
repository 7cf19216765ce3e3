import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { PAGE } from "../../src/trace/bundled_page.ts";
import { hostileGame, smallGame } from "./_recordings.ts";

const [before, after] = PAGE;

/** The data in a page. */
function dataOf(html: string): string {
  return html.slice(before.length, html.length - after.length);
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

Deno.test("Trace.toHTML() puts the data between the two halves of the page, as JSON without a <", () => {
  const html = hostileGame().toHTML();
  assert(html.startsWith(before) && html.endsWith(after));
  const data = dataOf(html);
  assert(!data.includes("<"));
  const { keys, title } = JSON.parse(data);
  assertEquals(keys[1], "</script><script>document.title='broken'</script>");
  assertEquals(title, "<b>title</b></title><script>1</script>");
});

Deno.test("a page allows its own script and style by their hash, and no network at all", async () => {
  const [, policy = ""] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/
    .exec(before) ?? [];
  const [, script = ""] = /<script>(.*)<\/script><\/body>/s.exec(after) ?? [];
  const [, style = ""] = /<style>(.*)<\/style>/s.exec(before) ?? [];
  assertEquals(policy.split("; "), [
    "default-src 'none'",
    `script-src 'sha256-${await hash(script)}'`,
    `style-src 'sha256-${await hash(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ]);
  assert(!/https?:|url\(|@import|innerHTML|\bon\w+="|style="/.test(before + after));
});

Deno.test("a page has less than 80 kB besides its data", () => {
  const html = smallGame().toHTML();
  assertLess(before.length + after.length, 80_000);
  assertStringIncludes(html, "<!DOCTYPE html>");
});
