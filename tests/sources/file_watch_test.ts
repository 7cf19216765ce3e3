/** Watches real files, which are written as real programs write them. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fileURLToPath } from "node:url";
import { FileSource, Text } from "../../mod.ts";
import { FileWatch } from "../../src/sources/file_watch.ts";
import { LinkedKeys } from "../../src/sources/linked_keys.ts";
import { FakeClock } from "../_fake_clock.ts";
import { outputOf } from "../_run_deno.ts";
import { SeenChanges, WatchedFiles } from "../_watched_files.ts";

const KEY = "dir/a.txt";

/** Runs a program in the root, and blocks until it has ended. */
function run(f: WatchedFiles, program: string, ...args: string[]): void {
  const command = new Deno.Command(program, { args, cwd: f.root });
  const { success, stderr } = command.outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** How programs save `text` as `KEY`. */
const PROGRAMS: Record<string, (f: WatchedFiles, text: string) => void> = {
  "VS Code, which truncates and writes"(f, text) {
    using file = Deno.openSync(f.path(KEY), { write: true });
    file.truncateSync(0);
    file.writeSync(new TextEncoder().encode(text));
    file.syncSync();
  },
  "Vim, which moves the old file away and writes a new one"(f, text) {
    f.write("dir/4913", ""); // a test whether it may write
    f.remove("dir/4913");
    f.rename(KEY, `${KEY}~`);
    f.write(KEY, text);
    Deno.chmodSync(f.path(KEY), 0o644);
    f.remove(`${KEY}~`);
  },
  "Vim with backupcopy, which writes over the file beside a copy"(f, text) {
    Deno.copyFileSync(f.path(KEY), f.path(`${KEY}~`));
    f.write(KEY, text);
    f.remove(`${KEY}~`);
  },
  "Emacs, which leaves a backup"(f, text) {
    f.write("dir/#a.txt#", text);
    f.rename(KEY, `${KEY}~`);
    f.write(KEY, text);
    f.remove("dir/#a.txt#");
  },
  "JetBrains' safe write, by two renames"(f, text) {
    f.write(`${KEY}___jb_tmp___`, text);
    f.rename(KEY, `${KEY}___jb_old___`);
    f.rename(`${KEY}___jb_tmp___`, KEY);
    f.remove(`${KEY}___jb_old___`);
  },
  "rsync, by a hidden file that is renamed"(f, text) {
    f.write("dir/.a.txt.Xq3T5z", text);
    const { mtime } = Deno.statSync(f.path(KEY));
    Deno.utimeSync(f.path("dir/.a.txt.Xq3T5z"), mtime!, mtime!); // rsync keeps the times of the original
    f.rename("dir/.a.txt.Xq3T5z", KEY);
  },
  "an atomic write from another directory"(f, text) {
    Deno.writeTextFileSync(`${f.home}/new.txt`, text);
    Deno.renameSync(`${f.home}/new.txt`, f.path(KEY));
  },
  "git checkout, which removes the file and creates it again"(f, text) {
    f.remove(KEY);
    f.write(KEY, text);
  },
  "a program that appends bit by bit"(f, text) {
    f.write(KEY, "");
    for (const letter of text) Deno.writeTextFileSync(f.path(KEY), letter, { append: true });
  },
  "cp"(f, text) {
    Deno.writeTextFileSync(`${f.home}/new.txt`, text);
    run(f, "cp", `${f.home}/new.txt`, KEY);
  },
  "sed -i"(f, text) {
    run(f, "sed", "-i", `s/.*/${text}/`, KEY);
  },
  "mv"(f, text) {
    f.write("elsewhere.txt", text);
    run(f, "mv", "elsewhere.txt", KEY);
  },
};

/** The keys that were reloaded, without their versions: a slow write may cause several reloads. */
function keysOf(reloads: readonly string[]): string[] {
  return [...new Set(reloads.map((reload) => reload.replace(/ \d+$/, "")))].sort();
}

for (const [name, save] of Object.entries(PROGRAMS)) {
  Deno.test(`FileSource.watch() reports a file once that was saved by ${name}`, async () => {
    await using f = new WatchedFiles({ [KEY]: "text 0" }, { clock: new FakeClock() });
    for (let i = 1; i <= 3; i++) {
      save(f, `text ${i}`);
      assertEquals(await f.settled(), [`${KEY} ${i + 1}`]);
      assertEquals(f.text(KEY), `text ${i}`);
    }
    assertEquals(f.messages, []);
  });
}

Deno.test("FileSource.watch() reports a touched file, but not a file that is only read", async () => {
  await using f = new WatchedFiles({ [KEY]: "a", "b.txt": "b" }, { clock: new FakeClock() });
  Deno.utimeSync(f.path(KEY), new Date(), new Date());
  Deno.readTextFileSync(f.path("b.txt"));
  Deno.statSync(f.path("b.txt"));
  assertEquals(await f.settled(), [`${KEY} 2`]);
});

Deno.test("a file that is written with pauses is reloaded when it can be decoded, after one error", async () => {
  await using f = new WatchedFiles({ "a.json": '{ "width": 1 }' });
  using a = Deno.openSync(f.path("a.json"), { write: true, truncate: true });
  a.writeSync(new TextEncoder().encode('{ "width"'));
  await f.until(() => f.errors.length > 0);
  assertEquals(f.text("a.json"), { width: 1 });
  a.writeSync(new TextEncoder().encode(": 2 }"));
  await f.until(() => f.reloads.length > 0);
  assertEquals([f.text("a.json"), f.errors.length], [{ width: 2 }, 1]);
});

Deno.test("a file that is written slowly is reloaded once, after the last write", async () => {
  const clock = new FakeClock();
  await using f = new WatchedFiles({ "a.json": "0" }, { clock, debounce: 50 });
  using a = Deno.openSync(f.path("a.json"), { write: true, truncate: true });
  for (const bit of ["[", ...Array<string>(20).fill("1,"), "1]"]) {
    const { length } = f.changes.keys;
    a.writeSync(new TextEncoder().encode(bit));
    await f.changes.until(() => f.changes.keys.length > length);
    clock.advance(40);
  }
  assertEquals([f.reloads, f.errors], [[], []]);
  assertEquals(await f.settled(), ["a.json 2"]);
  assertEquals([f.text("a.json"), f.errors], [Array(21).fill(1), []]);
});

Deno.test("a removed file keeps its value and causes one error; it is reloaded when it exists again", async () => {
  await using f = new WatchedFiles({ [KEY]: "old" }, { clock: new FakeClock() });
  f.remove(KEY);
  assertEquals(await f.settled(), []);
  f.write("dir/other.txt", "");
  assertEquals(await f.settled(), []);
  assertEquals(f.text(KEY), "old");
  assertEquals(f.messages, [`Cannot load "${KEY}": there is no such file below "/assets"`]);
  f.write(KEY, "new");
  assertEquals([await f.settled(), f.errors.length], [[`${KEY} 2`], 1]);
  assertEquals(f.text(KEY), "new");
});

Deno.test("a checkout that replaces many files and directories reloads each file once", async () => {
  const keys = Array.from({ length: 60 }, (_, i) => `${"abcdef"[i % 6]}/${i % 2}/${i}.txt`);
  const files = Object.fromEntries(keys.map((key) => [key, "old"]));
  const clock = new FakeClock();
  await using f = new WatchedFiles(files, { clock, debounce: 50 });
  for (const directory of ["a", "c"]) f.remove(directory); // with all their files
  for (const [i, key] of keys.entries()) {
    if (i % 3 === 0 && !/^[ac]/.test(key)) f.remove(key);
    f.write(key, "new");
  }
  f.write(".git/index.lock", "");
  f.rename(".git/index.lock", ".git/index");
  await f.changes.untilKeys(...keys);
  clock.advance(50);
  await f.until(() => keys.every((key) => f.text(key) === "new"));
  const reloads = f.reloads.filter((reload) => !reload.startsWith("fence.txt"));
  assertEquals(reloads.toSorted(), keys.map((key) => `${key} 2`).toSorted());
  assertEquals(f.messages, []);
});

Deno.test("directories that are created later are watched, and their files are reported", async () => {
  await using f = new WatchedFiles({ [KEY]: "" });
  f.write("new/deep/er/a.txt", "1");
  f.load("new/deep/er/a.txt");
  await f.settled();
  for (const text of ["2", "3"]) {
    f.write("new/deep/er/a.txt", text);
    await f.untilText("new/deep/er/a.txt", text);
  }
  for (let i = 0; i < 40; i++) f.write(`many/${i}/a.txt`, "1");
  f.load("many/39/a.txt");
  await f.settled();
  f.write("many/39/a.txt", "2");
  await f.untilText("many/39/a.txt", "2");
});

Deno.test("a directory that replaces another one is watched, whether it is new or was renamed", async () => {
  await using f = new WatchedFiles({ [KEY]: "1" });
  f.write("old/a.txt", "2");
  await f.settled();
  f.remove("dir");
  f.rename("old", "dir");
  await f.untilText(KEY, "2");
  f.write(KEY, "3");
  await f.untilText(KEY, "3");
  f.remove("dir");
  f.write(KEY, "4");
  await f.untilText(KEY, "4");
  f.write(KEY, "5");
  await f.untilText(KEY, "5");
  f.rename("dir", "gone");
  await f.settled();
  f.write("gone/a.txt", "not it");
  f.rename("gone", "dir");
  await f.untilText(KEY, "not it");
  f.write(KEY, "6");
  await f.untilText(KEY, "6");
});

/** Resolves when a call has failed to read the directory `path`. */
async function failedRead(path: string): Promise<void> {
  const { readDirSync } = Deno;
  const { promise, resolve } = Promise.withResolvers<void>();
  Deno.readDirSync = (each) => {
    try {
      return readDirSync(each);
    } catch (error) {
      if (each === path) resolve();
      throw error;
    }
  };
  try {
    await promise;
  } finally {
    Deno.readDirSync = readDirSync;
  }
}

Deno.test("a root is watched again after it was replaced, or missing for a while", async () => {
  await using f = new WatchedFiles({ [KEY]: "1" });
  Deno.renameSync(f.root, `${f.home}/old`);
  f.write(KEY, "2");
  await f.untilText(KEY, "2");
  f.write(KEY, "3");
  await f.untilText(KEY, "3");
  const failed = failedRead(f.root);
  Deno.removeSync(f.root, { recursive: true });
  await failed;
  f.write(KEY, "4");
  await f.untilText(KEY, "4");
  f.write(KEY, "5");
  await f.untilText(KEY, "5");
});

Deno.test("FileSource.watch() watches a root that is a link, has dots in its path, or is a URL", async () => {
  const ways = [
    (f: { root: string; home: string }) => {
      Deno.symlinkSync(f.root, `${f.home}/alias`);
      return `${f.home}/alias`;
    },
    (f: { root: string }) => `${f.root}/./dir/../`,
    (f: { root: string }) => new URL(`file://${f.root}/`),
  ];
  for (const prepare of ways) {
    await using f = new WatchedFiles({ [KEY]: "1" }, { prepare });
    f.write(KEY, "2");
    await f.untilText(KEY, "2");
  }
});

Deno.test("files behind links are reloaded when their target changes, or when the link is replaced", async () => {
  await using f = new WatchedFiles({ [KEY]: "1", "b.txt": "b" }, {
    prepare({ root }) {
      Deno.symlinkSync("dir", `${root}/link`);
      Deno.symlinkSync("link", `${root}/chain`);
      Deno.symlinkSync("dir/a.txt", `${root}/a.txt`);
      Deno.mkdirSync(`${root}/other`);
      Deno.writeTextFileSync(`${root}/other/a.txt`, "other");
    },
  });
  const linked = ["link/a.txt", "chain/a.txt", "a.txt"];
  for (const key of linked) f.load(key);
  f.write(KEY, "2");
  await f.until(() => [KEY, ...linked].every((key) => f.text(key) === "2"));
  assertEquals(keysOf(await f.settled("dir/")), [KEY, ...linked].sort());
  Deno.symlinkSync("other", `${f.root}/link.new`);
  f.rename("link.new", "link");
  await f.until(() => ["link/a.txt", "chain/a.txt"].every((key) => f.text(key) === "other"));
  assert(!keysOf(await f.settled("dir/")).includes(KEY));
  f.write("other/a.txt", "3");
  await f.untilText("chain/a.txt", "3");
  f.write(KEY, "4");
  await f.until(() => f.text(KEY) === "4" && f.text("a.txt") === "4");
  await f.settled();
  assertEquals(f.text("link/a.txt"), "3");
  f.remove("link");
  f.write("link/a.txt", "no link any more");
  await f.until(() => linked.slice(0, 2).every((key) => f.text(key) === "no link any more"));
  f.remove("link");
  Deno.symlinkSync("dir", f.path("link"));
  await f.until(() => linked.every((key) => f.text(key) === "4"));
  assertEquals(f.messages, []);
});

Deno.test("FileSource.watch() does not follow links out of the root", async () => {
  await using f = new WatchedFiles({ [KEY]: "1" }, {
    prepare({ home, root }) {
      Deno.mkdirSync(`${home}/outside`);
      Deno.symlinkSync("../outside", `${root}/out`);
      Deno.symlinkSync("..", `${root}/up`);
    },
  });
  const changes = new SeenChanges();
  await using _watch = new FileSource(f.root).watch(changes.onChange);
  Deno.writeTextFileSync(`${f.home}/outside/a.txt`, "1");
  Deno.symlinkSync("../outside", `${f.root}/again`);
  Deno.writeTextFileSync(`${f.home}/outside/a.txt`, "2");
  f.write(KEY, "2");
  assertEquals(keysOf(await f.settled()), [KEY]);
  await changes.untilKeys(KEY, "fence.txt");
  const others = changes.keys.filter((key) => key !== KEY && key !== "fence.txt");
  assert(others.every((key) => key === "again"), `${others}`);
});

Deno.test("when Deno drops events, only the files that have changed are reloaded", async () => {
  await using f = new WatchedFiles({ [KEY]: "1", "b.txt": "1", "c.txt": "1" });
  for (const key of [KEY, "b.txt", "c.txt"]) f.write(key, "2"); // reported, so their times are known
  await f.settled();
  // More events than fit into Deno's queue of 1 024, while nothing reads them.
  run(
    f,
    "sh",
    "-c",
    `for i in $(seq 700); do echo $i > $i.bin; done; printf 3 > ${KEY}
    mkdir new; printf 1 > new/a.txt`,
  );
  await f.untilText(KEY, "3");
  assertEquals(keysOf(await f.settled()), [KEY]);
  f.load("new/a.txt");
  f.write("new/a.txt", "2");
  await f.untilText("new/a.txt", "2");
});

Deno.test("when Linux silently drops events, the files that have changed are still found", async () => {
  await using f = new WatchedFiles({ [KEY]: "1", "b.txt": "1" });
  f.write("b.txt", "2"); // reported, so its times are known
  await f.settled();
  // More writes than fit into Linux's queue of 16 384, faster than Deno reads them.
  const program = `
    const files = Array.from({ length: 200 }, (_, i) => Deno.openSync(i + ".bin", { write: true, create: true }));
    const bytes = new Uint8Array(1);
    for (let i = 0; i < 300; i++) for (const file of files) file.writeSync(bytes);
    Deno.writeTextFileSync("${KEY}", "2");`;
  await outputOf(["eval", "--ext=js", program], { cwd: f.root });
  await f.untilText(KEY, "2");
  assertEquals((await f.settled()).filter((reload) => reload.startsWith("b.txt")), []);
});

/** One change of a tree of files. The test makes many of them faster than events can be handled. */
type Step = readonly [what: number, key: number, from: number, to: number];
const TREE = ["", "d/", "d/e/", "f/", "l/", "l/e/"];
const TREE_KEYS = TREE.flatMap((directory) => [`${directory}a.txt`, `${directory}b.txt`]);

function step(f: WatchedFiles, [what, keyNumber, fromNumber, toNumber]: Step, text: string): void {
  const key = TREE_KEYS[keyNumber % TREE_KEYS.length]!;
  const [from, to] = [fromNumber, toNumber]
    .map((n) => TREE[1 + n % (TREE.length - 1)]!.slice(0, -1)) as [string, string];
  const steps = [
    () => Deno.writeTextFileSync(f.path(key), text),
    () => {
      Deno.writeTextFileSync(f.path("new.tmp"), text);
      f.rename("new.tmp", key);
    },
    () => f.remove(key),
    () => f.remove(from),
    () => Deno.mkdirSync(f.path(from), { recursive: true }),
    () => f.rename(from, to),
    () => {
      Deno.symlinkSync(to, f.path("link.tmp"));
      f.rename("link.tmp", "l");
    },
    () => {
      f.remove(from);
      f.write(`${from}/a.txt`, text);
    },
    () => f.load(key),
  ];
  try {
    steps[what % steps.length]!();
  } catch {
    // The step was impossible: for example, there was nothing to remove.
  }
}

Deno.test("after any changes of files, directories and links, the final contents are loaded", async () => {
  const number = fc.nat({ max: 99 });
  const steps = fc.array(fc.tuple(number, number, number, number), { minLength: 5, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), steps, async (hasLink, steps) => {
      await using f = new WatchedFiles({ "d/e/a.txt": "", "f/a.txt": "", "a.txt": "" }, {
        debounce: 5,
        prepare({ root }) {
          if (hasLink) Deno.symlinkSync("d", `${root}/l`);
        },
      });
      for (const [i, each] of steps.entries()) {
        step(f, each, `${i}`);
        if (i % 8 === 7) await new Promise((resolve) => setTimeout(resolve, 0));
      }
      const isRight = (key: string) => {
        try {
          return !f.mgr.has(key) || f.text(key) === Deno.readTextFileSync(f.path(key));
        } catch {
          return true; // The file was removed.
        }
      };
      await f.until(() => TREE_KEYS.every(isRight));
    }),
    { numRuns: 40 },
  );
});

Deno.test("two managers that watch one directory both notice that it is replaced", async () => {
  await using f = new WatchedFiles({ [KEY]: "1" });
  await using inner = f.manage({ source: f.path("dir") });
  using _a = inner.load("a.txt", Text);
  await using _watcher = inner.watch();
  for (const text of ["2", "3"]) {
    f.remove("dir");
    f.write(KEY, text);
    await f.until(() => f.text(KEY) === text && inner.peek("a.txt") === text);
  }
});

Deno.test("one source notifies all its watchers, until the last one is disposed", async () => {
  await using f = new WatchedFiles({ [KEY]: "1" });
  const source = new FileSource(f.root);
  const [one, other] = [new SeenChanges(), new SeenChanges()];
  const first = source.watch(one.onChange);
  await using _second = source.watch(other.onChange);
  f.write(KEY, "2");
  for (const each of [one, other]) await each.untilKeys(KEY);
  first[Symbol.dispose]();
  const { length } = one.keys;
  f.write("b.txt", "");
  await other.untilKeys("b.txt");
  assertEquals(one.keys.length, length);
});

Deno.test("FileSource.watch() can be disposed and called again at any time", async () => {
  await using f = new WatchedFiles({ [KEY]: "1" });
  const source = new FileSource(f.root);
  for (let i = 0; i < 5; i++) source.watch(() => {})[Symbol.dispose]();
  const changes = new SeenChanges();
  await using watch = source.watch(changes.onChange);
  f.write("b.txt", "");
  await changes.untilKeys("b.txt");
  f.remove("dir"); // it will be watched again soon
  f.write(KEY, "2");
  await f.untilText(KEY, "2");
  watch[Symbol.dispose]();
});

Deno.test("an error of a listener is reported, and the watch goes on", async () => {
  await using f = new WatchedFiles({ [KEY]: "1" });
  const changes = new SeenChanges();
  const listener = (key: string) => {
    changes.onChange(key);
    if (changes.keys.length === 1) throw new Error("no");
  };
  await using _watch = new FileSource(f.root).watch(listener, changes.onError);
  f.write(KEY, "2");
  await changes.until(() => changes.errors.length > 0);
  assertEquals((changes.errors[0] as Error).message, 'Cannot watch ".": no');
  f.write("b.txt", "");
  await changes.untilKeys("b.txt");
});

Deno.test("one watch is enough on a system that watches whole trees", async () => {
  await using f = new WatchedFiles({ [KEY]: "1", "b.txt": "1" });
  const changes = new SeenChanges();
  const { root } = f;
  const watch = new FileWatch({ root, links: new LinkedKeys(), list: () => [], isNative: true });
  await using _watch = watch.add(changes);
  f.write(KEY, "2");
  f.write("new/deep/c.txt", "3");
  await changes.untilKeys(KEY, "new/deep/c.txt");
  f.write("last.txt", ""); // its event comes after all earlier ones
  await changes.untilKeys("last.txt");
  assert(!changes.keys.includes("b.txt"));
  changes.keys.length = 0;
  run(f, "sh", "-c", "for i in $(seq 700); do echo $i > $i.bin; done; printf 2 > b.txt");
  await changes.untilKeys("b.txt");
  assert(!changes.keys.includes(KEY), `${changes.keys}`);
});

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const MOD = new URL("../../mod.ts", import.meta.url).href;

Deno.test("FileSource.watch() needs only the permission to read its directory", async () => {
  await using f = new WatchedFiles({ [KEY]: "1" });
  const program = `import { ResourceManager, Text } from "${MOD}";
    await using mgr = new ResourceManager({ source: "assets" });
    using text = mgr.load("${KEY}", Text);
    await using watcher = mgr.watch();
    const reloaded = new Promise((resolve) => mgr.on("reload", resolve));
    console.log("watching");
    await reloaded;
    console.log(text.value);`;
  Deno.writeTextFileSync(`${f.home}/program.ts`, program);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--no-prompt", "--allow-read=assets", `--config=${CONFIG}`]
      .concat("program.ts"),
    cwd: f.home,
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  });
  const child = command.spawn();
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    if (output === "watching\n") f.write(KEY, "2");
  }
  assertEquals([output, (await child.status).code], ["watching\n2\n", 0]);
});
