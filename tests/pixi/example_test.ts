/** The test of `examples/pixi`, as its readers would run it. */
import "../../examples/pixi/game_test.ts";
