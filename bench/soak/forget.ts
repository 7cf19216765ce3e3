/** Ways to leak a handle. Each is its own function, so that nothing holds the handle afterwards. */
import type { Handle } from "../../mod.ts";
import type { Game } from "./game.ts";
import { typeOf } from "./values.ts";

/** Forgets a clone. */
export function forgetClone(game: Game, handle: Handle<object>): void {
  handle.clone();
  game.ledger.forgotten++;
}

/** Forgets an upgraded handle. */
export function forgetUpgraded(game: Game, handle: Handle<object>): void {
  handle.weak().upgrade();
  game.ledger.forgotten++;
}

/** Forgets a scope with one resource. */
export function forgetScope(game: Game, { key }: Handle<object>): void {
  game.ledger.ask(key);
  game.mgr.scope("forgotten").load(key, typeOf(key));
  game.ledger.forgotten++;
}
