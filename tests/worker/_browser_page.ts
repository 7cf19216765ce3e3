/** The page for the test in a browser. */
import { MemorySource, ResourceManager } from "@holdfast/resources";
import { workerLoader, type WorkerModule } from "@holdfast/resources/worker";

/** Loads `name` in workers that run `module`. Returns the value, or the error and its cause. */
async function load(name: string, module: WorkerModule = "/decoder.js"): Promise<string[]> {
  const loader = workerLoader(new URL(String(module), location.href), {
    name: "data",
    extensions: [".data"],
    workers: 1,
    startTimeout: 5_000,
  });
  const source = new MemorySource({ [name]: "abc", "a.data": "abc" });
  const mgr = new ResourceManager({ source, loaders: [loader] });
  try {
    const { value } = await mgr.loadAsync(name);
    return [describe(value)];
  } catch (error) {
    const after = await mgr.loadAsync("a.data").then(({ value }) => describe(value), String);
    const { cause } = error as Error;
    return [
      (error as Error).message,
      `${(cause as Error).name}`,
      `${(cause as Error).stack}`,
      after,
    ];
  } finally {
    await mgr[Symbol.asyncDispose]();
    loader[Symbol.dispose]();
  }
}

function describe(value: unknown): string {
  if (value instanceof ImageBitmap) return `a bitmap of ${value.width} × ${value.height}`;
  const { bytes, isWorker } = value as { bytes: Uint8Array; isWorker: boolean };
  return `${bytes} ${isWorker}`;
}

/** Withdraws a load that the decoder never finishes, then loads another file in the same worker. */
async function withdraw(): Promise<string[]> {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  let started = 0;
  const open = () => {
    started++;
    const worker = new Worker("/decoder.js", { type: "module" });
    worker.addEventListener("message", ({ data }) => data === "begun" && resolve());
    return worker;
  };
  const loader = workerLoader(open, { name: "data", extensions: [".data"], workers: 1 });
  const source = new MemorySource({ "stuck.data": "", "a.data": "abc" });
  const mgr = new ResourceManager({ source, loaders: [loader] });
  const first = await mgr.loadAsync("a.data"); // the worker has started
  const task = mgr.loadAsync("stuck.data");
  await begun;
  task[Symbol.dispose]();
  const error = await task.catch((error) => error);
  first[Symbol.dispose]();
  const { value } = await mgr.loadAsync("a.data");
  await mgr[Symbol.asyncDispose]();
  loader[Symbol.dispose]();
  return [error.name, describe(value), `${started} started`];
}

Object.assign(globalThis, { load, withdraw });
