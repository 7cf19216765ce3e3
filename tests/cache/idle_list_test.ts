import { assertEquals } from "@std/assert";
import { IdleList, type IdleNode } from "../../src/cache/idle_list.ts";

class Node implements IdleNode<Node> {
  older: Node | null = null;
  newer: Node | null = null;
  pinned = 0;
  fate: string | undefined;
  constructor(readonly name: string, public bytes: number) {}
  get isWeightless(): boolean {
    return this.bytes === 0;
  }
}

function order(list: IdleList<Node>): string {
  return [...list].map(({ name }) => name).join("");
}

Deno.test("IdleList keeps the order in which resources became idle, with their number and bytes", () => {
  const list = new IdleList<Node>();
  const [a, b, c] = [new Node("a", 1), new Node("b", 2), new Node("c", 4)];
  for (const node of [a, b, c]) list.append(node);
  assertEquals([order(list), list.count, list.bytes, list.oldest()?.name], ["abc", 3, 7, "a"]);
  list.wake(b);
  assertEquals([order(list), list.count, list.bytes], ["ac", 2, 5]);
  list.append(b);
  list.wake(a);
  assertEquals([order(list), list.oldest()?.name], ["cb", "c"]);
});

Deno.test("IdleList hides the newest while it lingers, and shows it again when it becomes idle", () => {
  const list = new IdleList<Node>();
  const [a, b] = [new Node("a", 1), new Node("b", 2)];
  list.append(a);
  list.append(b);
  list.wake(b);
  assertEquals([order(list), list.count, list.bytes], ["a", 1, 1]);
  list.append(b);
  assertEquals(order(list), "ab");
  list.wake(a);
  list.wake(b);
  assertEquals([order(list), list.count, list.oldest()], ["", 0, null]);
});

Deno.test("IdleList unlinks the newest that lingers when another one becomes idle, and in drop()", () => {
  const list = new IdleList<Node>();
  const [a, b, c] = [new Node("a", 1), new Node("b", 2), new Node("c", 4)];
  list.append(a);
  list.append(b);
  list.wake(b);
  list.append(c);
  assertEquals([order(list), b.older, b.newer], ["ac", null, null]);
  list.wake(c);
  list.drop(a); // It does not linger, so nothing happens.
  list.drop(c);
  assertEquals([order(list), c.older, a.newer], ["a", null, null]);
  list.append(c);
  assertEquals(order(list), "ac");
});

Deno.test("IdleList keeps the place of one that is being unloaded, so that others can take it", () => {
  const list = new IdleList<Node>();
  const [a, b, c] = [new Node("a", 1), new Node("b", 2), new Node("c", 4)];
  const [x, y] = [new Node("x", 8), new Node("y", 16)];
  for (const node of [a, b, c]) list.append(node);
  list.append(y);
  list.wake(y); // It lingers.
  b.fate = "evicted";
  list.vacate(b);
  assertEquals([order(list), list.count, list.bytes, list.hasPlace(b)], ["ac", 2, 5, true]);
  list.insertBefore(x, b);
  list.insertBefore(y, b);
  assertEquals([order(list), list.count, list.bytes], ["axyc", 4, 29]);
  list.close(b);
  assertEquals([order(list), list.hasPlace(b), b.older, b.newer], ["axyc", false, null, null]);
});

Deno.test("IdleList keeps the place of its only member, even if that was the oldest and the newest", () => {
  const list = new IdleList<Node>();
  const [a, b, c] = [new Node("a", 1), new Node("b", 2), new Node("c", 4)];
  list.append(a);
  a.fate = "evicted";
  list.vacate(a);
  assertEquals([order(list), list.count, list.oldest(), list.hasPlace(a)], ["", 0, null, true]);
  list.append(c);
  list.insertBefore(b, a);
  assertEquals([order(list), list.oldest()?.name], ["bc", "b"]);
  list.close(a);
  list.wake(b);
  assertEquals([order(list), list.count, list.bytes], ["c", 1, 4]);
});

Deno.test("IdleList.oldest() leaves out what is pinned, and if asked what frees nothing", () => {
  const list = new IdleList<Node>();
  const [a, b, c] = [new Node("a", 0), new Node("b", 2), new Node("c", 0)];
  const [d, e] = [new Node("d", 4), new Node("e", 0)];
  for (const node of [a, b, c, d, e]) list.append(node);
  const oldest = () => [list.oldest()?.name, list.oldest(true)?.name];
  assertEquals(oldest(), ["a", "b"]);
  a.pinned = b.pinned = 1;
  assertEquals(oldest(), ["c", "d"]);
  a.pinned = b.pinned = 0;
  assertEquals(oldest(), ["a", "b"]);
  list.wake(b);
  assertEquals(oldest(), ["a", "d"]);
  list.wake(d);
  assertEquals(oldest(), ["a", undefined]);
  c.bytes = 1; // As after a reload.
  list.resize(1);
  assertEquals(oldest(), ["a", "c"]);
  list.wake(c);
  list.wake(e); // It lingers.
  list.append(b);
  assertEquals([...oldest(), order(list)], ["a", "b", "ab"]);
});

Deno.test("IdleList.oldest() looks only once at each resource that frees nothing", () => {
  let looks = 0;
  class Weightless extends Node {
    override get isWeightless(): boolean {
      looks++;
      return true;
    }
  }
  const list = new IdleList<Node>();
  for (let i = 0; i < 1000; i++) list.append(new Weightless(`${i}`, 0));
  for (let i = 0; i < 100; i++) {
    const node = new Node("x", 1);
    list.append(node);
    assertEquals(list.oldest(true), node);
    list.wake(node);
    list.append(new Weightless("y", 0));
  }
  assertEquals(looks, 1099);
});
