/** Ways to leak a handle: each in a function of its own, so that nothing holds it afterwards. */
import type { Handle } from "../../mod.ts";
import type { Game } from "./game.ts";
import { typeOf } from "./values.ts";

/** A clone that was to go to somebody else. */
export function forgetClone(game: Game, handle: Handle<object>): void {
  handle.clone();
  game.ledger.forgotten++;
}

/** What somebody wanted to look at for a moment. */
export function forgetUpgraded(game: Game, handle: Handle<object>): void {
  handle.weak().upgrade();
  game.ledger.forgotten++;
}

/** A scope that nobody disposes, with what it has. */
export function forgetScope(game: Game, { key }: Handle<object>): void {
  game.ledger.ask(key);
  game.mgr.scope("forgotten").load(key, typeOf(key));
  game.ledger.forgotten++;
}
