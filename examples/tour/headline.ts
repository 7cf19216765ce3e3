import { bold } from "@std/fmt/colors";

let scenes = 0;

/** Begins a scene on the console: its number, and what there is to see in it. */
export function headline(text: string): void {
  console.log(`\n${bold(`${++scenes}. ${text}`)}`);
}
