import { assertEquals } from "@std/assert";
import { IdleList, type IdleNode } from "../../src/cache/idle_list.ts";

class Node implements IdleNode<Node> {
  older: Node | null = null;
  newer: Node | null = null;
  constructor(readonly name: string, readonly bytes: number) {}
}

function order(list: IdleList<Node>): string {
  return [...list].map(({ name }) => name).join("");
}

Deno.test("IdleList keeps the order of going idle, and counts", () => {
  const list = new IdleList<Node>();
  const [a, b, c] = [new Node("a", 1), new Node("b", 2), new Node("c", 4)];
  for (const node of [a, b, c]) list.append(node);
  assertEquals([order(list), list.count, list.bytes, list.oldest?.name], ["abc", 3, 7, "a"]);
  list.wake(b);
  assertEquals([order(list), list.count, list.bytes], ["ac", 2, 5]);
  list.append(b);
  list.wake(a);
  assertEquals([order(list), list.oldest?.name], ["cb", "c"]);
});

Deno.test("IdleList hides the newest while it lingers, and finds it in place when it is idle again", () => {
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
  assertEquals([order(list), list.count, list.oldest], ["", 0, null]);
});

Deno.test("IdleList unlinks what lingers when another goes idle or when it is dropped", () => {
  const list = new IdleList<Node>();
  const [a, b, c] = [new Node("a", 1), new Node("b", 2), new Node("c", 4)];
  list.append(a);
  list.append(b);
  list.wake(b);
  list.append(c);
  assertEquals([order(list), b.older, b.newer], ["ac", null, null]);
  list.wake(c);
  list.drop(a); // does not linger: nothing happens
  list.drop(c);
  assertEquals([order(list), c.older, a.newer], ["a", null, null]);
  list.append(c);
  assertEquals(order(list), "ac");
});
