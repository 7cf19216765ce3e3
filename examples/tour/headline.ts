import { bold } from "@std/fmt/colors";

let scenes = 0;

/** Prints the headline of a scene, with its number. */
export function headline(text: string): void {
  console.log(`\n${bold(`${++scenes}. ${text}`)}`);
}
