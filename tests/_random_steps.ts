import fc from "fast-check";

/** What to do, and two numbers to choose with. */
export type Step = readonly [kind: number, first: number, second: number];

/** Lists of up to `maxLength` random steps. */
export function stepLists(maxLength: number): fc.Arbitrary<[number, number, number][]> {
  const number = fc.nat(1 << 16);
  return fc.array(fc.tuple(number, number, number), { maxLength, size: "max" });
}

/** The seed in `MODEL_SEED`, to run a failure again; without it, a random one. */
export function seedOfRun(): number {
  return Number(Deno.env.get("MODEL_SEED") ?? Math.trunc(Math.random() * 2 ** 31));
}
