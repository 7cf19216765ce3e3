/**
 * The cost of one operation with 10 to 1 000 000 loaded resources: the rows of a group show the
 * same time. One iteration is one operation, except for `unloadUnused`, which unloads 1 000
 * resources: read its microseconds as nanoseconds for each.
 */
import { grouped } from "./compare/tables.ts";
import {
  type Operation,
  type OperationName,
  OPERATIONS,
  prepare,
  type Prepared,
  RESIDENTS,
  Residents,
  type State,
} from "./operations.ts";

/** The residents by state and number. Operations share them, because a million take much memory. */
const shared = new Map<State, Map<number, Residents>>();

function residentsFor(state: State, count: number): Residents {
  const byCount = shared.get(state) ?? new Map<number, Residents>();
  shared.set(state, byCount);
  const residents = byCount.get(count) ?? new Residents(count, state);
  byCount.set(count, residents);
  return residents;
}

function register(group: string, count: number, { before, run }: Prepared): void {
  const row = `${grouped(count).padStart(9)} resident`;
  const options = { group, baseline: count === RESIDENTS[0] };
  if (before === undefined) Deno.bench(row, options, () => void run());
  else {
    Deno.bench(row, { ...options, n: 200 }, (b) => {
      before();
      b.start();
      run();
      b.end();
    });
  }
}

for (const [name, { residents, times = 1 }] of Object.entries<Operation>(OPERATIONS)) {
  const group = times === 1 ? name : `${name} of ${times}: µs are ns`;
  for (const count of RESIDENTS) {
    register(group, count, prepare(name as OperationName, residentsFor(residents, count)));
  }
}
