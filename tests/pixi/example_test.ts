/** Runs the test of `examples/pixi`. */
import "../../examples/pixi/game_test.ts";
