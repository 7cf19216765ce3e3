import { assertEquals } from "@std/assert";
import { type Loader, MemorySource, ResourceManager, Text } from "../../mod.ts";
import { Plan, recordPlay } from "../../src/plan.ts";

/** Text whose first line names what it needs. */
class Level {
  constructor(readonly parts: unknown[]) {}
}
const levelLoader: Loader<Level> = {
  name: "level",
  extensions: [".level"],
  load: (bytes, context) =>
    new Level(new TextDecoder().decode(bytes).split(" ").map((n) => context.load(n, Text).value)),
  loadAsync: async (bytes, context) =>
    new Level(
      await Promise.all(
        new TextDecoder().decode(bytes).split(" ").map(async (n) =>
          (await context.loadAsync(n, Text)).value
        ),
      ),
    ),
};
Deno.test("smoke", async () => {
  using mgr = new ResourceManager({
    loaders: [levelLoader],
    source: new MemorySource({
      "a.level": "x.txt y.txt",
      "x.txt": "xxx",
      "y.txt": "yyyyy",
      "s.txt": "*",
      "t.txt": "t",
    }),
  });
  async function play(plan?: Plan) {
    using r = recordPlay(mgr);
    {
      using t = plan ? await plan.enter(mgr, "title") : mgr.scope("title");
      using _n = plan?.next("title");
      t.load("t.txt", Text);
    }
    {
      using t = plan ? await plan.enter(mgr, "cave") : mgr.scope("cave");
      t.load("a.level", Level);
      for (let i = 0; i < 3; i++) mgr.load("s.txt", Text)[Symbol.dispose]();
      await t.loadAsync("t.txt", Text);
    }
    return r;
  }
  const first = await play();
  console.log(String(first.plan), first.report(), first.report().scenes);
  const second = await play(new Plan(String(first.plan)));
  console.log(second.report());
  assertEquals(String(second.plan), String(first.plan));
});
