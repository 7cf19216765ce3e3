/** The documentation holds together: its links lead somewhere, and its numbers are one. */
import { assert, assertEquals, assertLess } from "@std/assert";

const root = new URL("../", import.meta.url);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, root)) !== undefined;
  } catch {
    return false;
  }
}

/** All Markdown of the project, by its path below the root. */
function pages(): string[] {
  return ["", "docs/"].flatMap((directory) =>
    [...Deno.readDirSync(new URL(directory || ".", root))]
      .filter(({ name }) => name.endsWith(".md"))
      .map(({ name }) => directory + name)
  ).sort();
}

/** A page without its blocks of code. */
function prose(path: string): string {
  return read(path).replaceAll(/^```.*?^```$/gms, "");
}

/** The anchors of a page: its headings, in lower case, with hyphens and without punctuation. */
function anchorsOf(path: string): string[] {
  const seen = new Map<string, number>();
  return [...prose(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => {
    const slug = heading!.toLowerCase().replaceAll(/[^\p{L}\p{N}_\- ]/gu, "").replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

/** Where a page links to or takes pictures from, below the project. */
function linksOf(path: string): string[] {
  const text = prose(path).replaceAll(/`[^`]*`/g, "code");
  const links = text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"\s]+)"/g);
  return [...links].map(([, link, source]) => link ?? source!)
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** What is wrong with a link, if anything is. */
function problemOf(page: string, link: string): string | undefined {
  const { pathname, hash } = new URL(link, new URL(page, root));
  const target = decodeURIComponent(pathname).slice(decodeURIComponent(root.pathname).length);
  if (!exists(target)) return `${page} links to ${link}, which is not there`;
  const anchor = decodeURIComponent(hash.slice(1));
  if (anchor === "" || anchorsOf(target).includes(anchor)) return undefined;
  return `${page} links to ${link}, but ${target} has no such heading`;
}

Deno.test("every relative link and anchor leads somewhere", () => {
  const checked = pages().flatMap((page) => linksOf(page).map((link) => ({ page, link })));
  const problems = checked.map(({ page, link }) => problemOf(page, link));
  assertEquals(problems.filter((problem) => problem !== undefined), []);
  assert(checked.length > 50, "the links are found");
});

Deno.test("the check of links finds a missing page and a missing heading", () => {
  assertEquals(
    problemOf("README.md", "docs/nowhere.md"),
    "README.md links to docs/nowhere.md, which is not there",
  );
  assertEquals(
    problemOf("docs/leaks.md", "design.md#nothing"),
    "docs/leaks.md links to design.md#nothing, but docs/design.md has no such heading",
  );
  assertEquals(problemOf("docs/leaks.md", "design.md#why-the-nursery-is-exact"), undefined);
});

Deno.test("the README has fewer than 300 lines, and leads to every page and every entry point", () => {
  const readme = read("README.md");
  assertLess(readme.split("\n").length, 300);
  const links = linksOf("README.md").map((link) => link.replace(/#.*/, ""));
  for (const page of pages()) assert(page === "README.md" || links.includes(page), page);
  const { name, exports } = JSON.parse(read("deno.json"));
  for (const entry of Object.keys(exports)) {
    assert(readme.includes(`${name}${entry.slice(1)}`), `the README does not mention ${entry}`);
  }
});

Deno.test("the README has its picture, and a place for the figures", () => {
  const readme = read("README.md");
  assert(/<picture>/.test(readme));
  assert(/<!-- figures: overview -->\n\n\|[^]*\|\n\n<!-- figures end -->/.test(readme));
});

Deno.test("all that runs or names a certain Deno means the same one", () => {
  const versionsIn = (file: string) => {
    const found = read(file).matchAll(/(?:deno@|deno-version: v|\bDeno )(\d+\.\d+\.\d+)/g);
    return [...new Set([...found].map(([, version]) => version))];
  };
  const [version] = versionsIn(".ci/run");
  for (const file of ["README.md", "CONTRIBUTING.md", ".github/workflows/publish.yml"]) {
    assertEquals(versionsIn(file), [version], file);
  }
});
