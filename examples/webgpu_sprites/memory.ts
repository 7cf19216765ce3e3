import type { ResourceManager } from "@holdfast/resources";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** The memory in use at one moment, in bytes. */
interface Figures {
  readonly moment: string;
  /** The textures, as their manager counts them. */
  readonly gpu: number;
  /** The JavaScript objects, as V8 counts them. */
  readonly objects: number;
  /** The whole process, as the system counts it, including the memory of a software GPU. */
  readonly rss: number;
}

/**
 * The heap spaces for compiled code, which are left out because V8 compiles more code as a program
 * runs.
 */
const CODE = /code|trusted/;

/** Notes how much memory is in use, and formats the notes as a table. */
export class Memory {
  readonly #mgr: ResourceManager;
  readonly #notes: Figures[] = [];
  readonly #collect: () => void;

  constructor(mgr: ResourceManager) {
    setFlagsFromString("--expose-gc");
    this.#collect = runInNewContext("gc");
    this.#mgr = mgr;
  }

  /** Notes the memory in use after garbage was collected. */
  async note(moment: string): Promise<void> {
    for (let round = 0; round < 3; round++) {
      this.#collect();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const objects = getHeapSpaceStatistics()
      .filter(({ space_name }) => !CODE.test(space_name))
      .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
    const { rss } = Deno.memoryUsage();
    this.#notes.push({ moment, gpu: this.#mgr.bytes, objects, rss });
  }

  /** A line for each note, in bytes. */
  table(): string {
    const rows = [
      ["bytes in use", "textures", "objects", "process (RSS)"],
      ...this.#notes.map(({ moment, gpu, objects, rss }) => [
        moment,
        ...[gpu, objects, rss].map((bytes) => bytes.toLocaleString("en-US")),
      ]),
    ];
    return rows.map(([moment, ...figures]) =>
      moment!.padEnd(30) + figures.map((figure) => figure.padStart(15)).join("")
    ).join("\n");
  }
}
