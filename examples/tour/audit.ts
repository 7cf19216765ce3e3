import type { Leak, ResourceManager } from "@holdfast/resources";
import { yellow } from "@std/fmt/colors";
import type { Checks } from "./checks.ts";
import type { Ledger } from "./ledger.ts";
import { SCREEN_BYTES, type Stage } from "./stage.ts";

/** The claims about a scene. */
export interface SceneClaim {
  /** The keys of the files that are resident after it. */
  readonly resident: readonly string[];
  /** The keys of the files that were evicted in it. */
  readonly evicted: readonly string[];
  /** The checksum of all its frames. */
  readonly pictures: string;
}

/** Records what a manager does, and compares it with the claims. */
export class Audit {
  readonly checks: Checks;
  readonly ledger: Ledger;
  /** The keys of loaded resources, in order. */
  readonly loaded: string[] = [];
  readonly leaks: Leak[] = [];
  /** How often live resources alone exceeded the budget. */
  crossings = 0;
  readonly #mgr: ResourceManager;
  /** The keys of resources evicted since the last scene, in order. */
  #evicted: string[] = [];

  constructor(mgr: ResourceManager, ledger: Ledger, checks: Checks) {
    this.#mgr = mgr;
    this.ledger = ledger;
    this.checks = checks;
    mgr.on("load", ({ key }) => this.loaded.push(key));
    mgr.on("leak", (leak) => this.leaks.push(leak));
    mgr.on("overbudget", () => this.crossings++);
    mgr.on("unload", ({ key, reason }) => {
      if (reason === "evicted") this.#evicted.push(key);
    });
  }

  /** Checks the claims about a scene. Call it after the scope of the scene is disposed. */
  scene(name: string, stage: Stage, claim: SceneClaim): void {
    const evicted = this.#evicted.splice(0);
    if (evicted.length > 0) console.log(`${yellow("Evicted:")} ${byFolder(evicted)}`);

    this.resident(`after the ${name}`, claim.resident);
    const count = claim.evicted.length;
    const those = count === 0 ? "nothing was evicted" : `those ${count} were evicted`;
    this.checks.equal(`in the ${name}, ${those}`, sorted(evicted), sorted(claim.evicted));
    const pictures = `the pictures of the ${name} are as painted`;
    this.checks.equal(pictures, stage.takeChecksum(), claim.pictures);
  }

  /** Checks that exactly the files `keys` and the screen are resident. */
  resident(when: string, keys: readonly string[]): void {
    const bytes = this.ledger.bytes(keys) + SCREEN_BYTES;
    const claim = `${when}, ${bytes.toLocaleString("en")} bytes are resident`;
    this.checks.equal(claim, this.#mgr.bytes, bytes);
  }
}

function sorted(keys: readonly string[]): string[] {
  return [...keys].sort();
}

/** The number of files in each folder, as text. */
function byFolder(keys: readonly string[]): string {
  const folders = Object.entries(Object.groupBy(keys, (key) => key.split("/")[0]!));
  return folders.map(([folder, files]) => `${files?.length} files of the ${folder}`).join(", ");
}
