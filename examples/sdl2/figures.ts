import { collectGarbage } from "@holdfast/resources/testing";
import type { Game } from "./game.ts";

/** The memory in use after some scene changes. */
export interface Figures {
  readonly changes: number;
  /** The memory of the process in bytes, from the system. */
  readonly rss: number;
  /** The bytes of SDL's memory that the game holds, from the loaders. */
  readonly native: number;
  /** The blocks of memory that SDL holds, from SDL. */
  readonly blocks: number;
  readonly surfaces: number;
  readonly textures: number;
  readonly sounds: number;
  readonly freed: number;
  readonly leaks: number;
}

/** Reads the figures now. */
export function takeFigures({ sdl, leaks }: Game, changes: number): Figures {
  const { ledger } = sdl;
  return {
    changes,
    rss: Deno.memoryUsage().rss,
    native: ledger.bytes,
    blocks: sdl.allocations,
    surfaces: ledger.count("surface"),
    textures: ledger.count("texture"),
    sounds: ledger.count("sound"),
    freed: ledger.freed,
    leaks: leaks.length,
  };
}

/** Collects garbage, and makes the allocator release spare memory, so that the rest is in use. */
export async function settleMemory(): Promise<void> {
  await collectGarbage({ collections: 3 });
  using libc = openLibc();
  libc.symbols.malloc_trim(0n);
}

function openLibc() {
  const libc = Deno.dlopen("libc.so.6", {
    malloc_trim: { parameters: ["usize"], result: "i32" },
  });
  return { symbols: libc.symbols, [Symbol.dispose]: () => libc.close() };
}

const COLUMNS: readonly (readonly [title: string, cell: (figures: Figures) => string])[] = [
  ["scene changes", ({ changes }) => changes.toLocaleString("en")],
  ["RSS", ({ rss }) => mebibytes(rss)],
  ["native", ({ native }) => mebibytes(native)],
  ["SDL blocks", ({ blocks }) => String(blocks)],
  ["surfaces", ({ surfaces }) => String(surfaces)],
  ["textures", ({ textures }) => String(textures)],
  ["sounds", ({ sounds }) => String(sounds)],
  ["freed", ({ freed }) => freed.toLocaleString("en")],
  ["leaks reported", ({ leaks }) => String(leaks)],
];

/** The heading of the table. */
export function heading(): string {
  return COLUMNS.map(([title]) => title.padStart(widthOf(title))).join("  ");
}

/** One row of the table. */
export function row(figures: Figures): string {
  return COLUMNS.map(([title, cell]) => cell(figures).padStart(widthOf(title))).join("  ");
}

function widthOf(title: string): number {
  return Math.max(title.length, 9);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
