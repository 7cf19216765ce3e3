import { assertEquals } from "@std/assert";
import { UnderWay } from "../../src/load/under_way.ts";
import { turns } from "../_turns.ts";

Deno.test("UnderWay.quiet() waits again when something begins after an earlier wait has ended", async () => {
  const underWay = new UnderWay();
  underWay.begin();
  const first = underWay.quiet();
  underWay.end();
  await first;
  underWay.begin();
  const log: string[] = [];
  const second = underWay.quiet().then(() => void log.push("quiet"));
  await turns();
  log.push("end");
  underWay.end();
  await second;
  assertEquals(log, ["end", "quiet"]);
});
