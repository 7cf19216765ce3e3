/** Names that an attacker could write to read files outside of the root. */

/** How many of them one test tries. `FUZZ_RUNS` sets another number, `FUZZ_SEED` another seed. */
export const RUNS: number = Number(Deno.env.get("FUZZ_RUNS") ?? 20_000);
const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 1);

/** The files and links that tests make, so that many names lead somewhere. */
const EXISTING = [
  "a.txt",
  "dir",
  "deep",
  "b.txt",
  "c.txt",
  "secret.txt",
  "beside",
  "assets",
  "assets-2",
  "in",
  "up",
  "out",
  "out.txt",
  "root",
  "loop",
  "ring",
  "nowhere",
  "ü n",
];
const DOTS = [
  ".",
  "..",
  "...",
  "....",
  ". .",
  ".. ",
  " ..",
  "..\t",
  "..;",
  "..\0",
  ".\u200b.",
  "\u202e..",
  "..\ufeff",
  "\u2024\u2024",
  "\u2025",
  "\uff0e\uff0e",
  "%2e%2e",
  "%2E.",
  ".%2e",
  "%252e%252e",
  "%c0%ae%c0%ae",
  "%u002e%u002e",
  "..%00",
  "..%2f",
  "..%5c",
  "..%255c",
];
const WINDOWS = [
  "C:",
  "c:",
  "C:\\",
  "C|",
  "\\\\server\\share",
  "\\\\?\\C:\\",
  "\\\\.\\pipe\\x",
  "\\??\\C:",
  "..\\",
  "CON",
  "nul",
  "COM1.txt",
  "aux.",
  "a.txt.",
  "a.txt ",
  "a.txt. .",
  "a.txt::$DATA",
  "dir:$I30:$INDEX_ALLOCATION",
  "A.TXT",
  "SECRE~1.TXT",
];
const ODD = [
  "",
  " ",
  "~",
  "~root",
  "$HOME",
  "%00",
  "\0",
  "\n",
  "\x1b[2J",
  "\u0301",
  "\ud800",
  "\udc00",
  "💣",
  "?x=1",
  "#y",
  "*",
  "file:",
  "http:",
  "127.0.0.1",
  "user@host:80",
  "__proto__",
  "constructor",
  "etc",
  "passwd",
  "proc",
  "self",
];
const JOINTS = ["/", "/", "/", "/", "/", "//", "/./", "/../", "\\", "%2f", "%2F", "%5c", "\u2215"]
  .concat("\u2044", "\uff0f", "\u29f5", "/\0", "");
const STARTS = ["", "", "", "", "./", "../", "/", "//", "\\", "~/", "C:/", "c:", "file://", "%2f"]
  .concat("http://127.0.0.1/", "//127.0.0.1/", "\\\\?\\", "/proc/self/root/");

/** Random numbers, the same for the same seed: a failure can be run again. */
export function randomNumbers(): (below: number) => number {
  let state = SEED;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Yields `count` hostile names. `own` are starts that only the caller knows, such as its root. */
export function* hostileNames(count: number, own: readonly string[] = []): Generator<string> {
  const random = randomNumbers();
  const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;
  const starts = [...STARTS, ...own];
  const part = (mild: boolean) => {
    const kind = mild ? random(9) : random(16);
    if (kind < 8) return pick(EXISTING);
    if (kind < 12) return pick(DOTS);
    if (kind < 14) return pick(WINDOWS);
    return kind < 15 ? pick(ODD) : String.fromCharCode(random(0x10000), random(0x80));
  };
  for (let i = 0; i < count; i++) {
    // Every other name is close to one that leads to a file, or to a link out of the root.
    const mild = i % 2 === 0;
    let name = (mild ? "" : pick(starts)) + part(mild);
    for (let parts = random(5); parts > 0; parts--) {
      name += (mild ? "/" : pick(JOINTS)) + part(mild);
    }
    if (i % 997 === 0) name = `${name}/`.repeat(1 + random(2_000)) + part(mild);
    if (i % 31 === 0) name = encodeURI(name.toWellFormed());
    yield name;
  }
}
