import { assertEquals } from "@std/assert";
import { StaleValues } from "../../src/lint/stale.ts";
import { inTree } from "./_tree.ts";

/** The fields in which the body of a method keeps the value of `h`. */
function staleIn(body: string, { name = "set", members = "" } = {}): string {
  let names = "not asked";
  const source = `class A { a; #b; ${members} ${name}(h: Handle<B>, n: number) { ${body} } }`;
  inTree(source, ({ file, kinds }) => {
    names = [...new StaleValues(file, kinds).get()].map(({ name }) => name).join(" ");
  });
  return names;
}

Deno.test("StaleValues finds fields that keep the value of a handle", () => {
  const ways: Record<string, string> = {
    "this.a = h.value;": "a",
    "this.#b = h.value as C;": "#b",
    "this.a = h?.value ?? null;": "a",
    "this.a = n ? h.value : this.a;": "a",
    "const v = h.value; this.a = v; this.#b = v!;": "a #b",
    "const { value } = h; this.a = value;": "a",
    "const { value: v } = h; this.a = v;": "a",
    "n.forEach(() => { this.a = h.value; });": "a",
    "this.a = h.value.width;": "",
    "this.a = copy(h.value);": "",
    "this.a = [h.value];": "",
    "this.a.texture = h.value;": "",
    "n.a = h.value;": "",
    "this.a = n.value;": "",
    "this.a = h;": "",
    "this[h.value] = n;": "",
  };
  for (const [body, names] of Object.entries(ways)) assertEquals(staleIn(body), names, body);
});

Deno.test("StaleValues finds a field whose first value is that of another field's handle", () => {
  assertEquals(staleIn("", { members: "c: Handle<B>; d = this.c.value;" }), "d");
  assertEquals(staleIn("", { members: "static c: Handle<B>; static d = this.c.value;" }), "");
});

Deno.test("StaleValues accepts fields that are renewed in each frame, or when something changes", () => {
  const body = "this.a = h.value;";
  assertEquals(staleIn(body, { name: "update" }), "");
  assertEquals(staleIn(body, { name: "#onRender" }), "");
  assertEquals(staleIn(`each((m) => { ${body} });`, { name: "update" }), "");
  assertEquals(staleIn(body, { members: "c() { mgr.on('load', () => this.set(h)); }" }), "");
});
