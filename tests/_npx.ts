/** Whether tests that install from npm are skipped: only where npx is missing, and never in CI. */
export const isMissing: boolean = !canRunNpx() && Deno.env.get("CI") !== "true";
if (isMissing) console.warn("Tests in Node and Bun are skipped: npx is not installed; Node has it");

function canRunNpx(): boolean {
  try {
    return new Deno.Command("npx", { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}
