import { assertEquals } from "@std/assert";
import { Folder } from "../_folder.ts";
import { FORGOTTEN, HELD, moduleOf } from "../lint/_cases.ts";
import { COLLECTION_PROGRAMS } from "../lint/_collection_programs.ts";
import { GAME_PROGRAMS } from "../lint/_game_programs.ts";
import { NAMING_PROGRAMS } from "../lint/_naming_programs.ts";
import { programOf } from "../lint/_program.ts";
import { PROGRAMS } from "../lint/_programs.ts";

const root = new URL("../../", import.meta.url);

Deno.test("all code that the lint plugin is tested on type-checks, before and after its fixes", async () => {
  const codes = FORGOTTEN.flatMap(({ code, fixed = code }) => [code, fixed]);
  codes.push(...HELD.map(({ code }) => code));
  const { imports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  imports["@holdfast/resources"] = new URL("mod.ts", root).href;
  using folder = new Folder({
    "deno.json": JSON.stringify({ imports, lock: false }),
    ...Object.fromEntries(codes.map((code, i) => [`${i}.ts`, moduleOf(code)])),
    ...Object.fromEntries(
      [...PROGRAMS, ...GAME_PROGRAMS, ...COLLECTION_PROGRAMS, ...NAMING_PROGRAMS].map((
        each,
        i,
      ) => [`program_${i}.ts`, programOf(each)]),
    ),
  });
  assertEquals(await folder.run(["check", "-q", "."]), { code: 0, output: "" });
});
