import { MemorySource, ResourceManager, type ResourceManagerOptions } from "@holdfast/resources";
import {
  type WorkerLoader,
  workerLoader,
  type WorkerLoaderOptions,
  type WorkerModule,
} from "@holdfast/resources/worker";

const entry = JSON.stringify(new URL("../../src/worker.ts", import.meta.url).href);

/** The URL of a worker's module with `code`, which may call `serveDecoder`. */
export function moduleOf(code: string): string {
  const text = `import { serveDecoder } from ${entry};\n${code}`;
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

/** The URL of a module that serves the decoder `decode`. */
export function decoderOf(decode: string): string {
  return moduleOf(`serveDecoder(${decode});`);
}

/** A manager that decodes `.data` files in workers. */
export interface Stage extends AsyncDisposable {
  readonly mgr: ResourceManager;
  readonly source: MemorySource;
  readonly loader: WorkerLoader<unknown, ".data">;
}

export interface StageOptions
  extends Partial<WorkerLoaderOptions<unknown, ".data">>, Pick<ResourceManagerOptions, "maxBytes"> {
  files?: Record<string, Uint8Array<ArrayBuffer> | string>;
}

/** Makes a stage with one worker, unless the options say otherwise. */
export function stage(module: WorkerModule, options: StageOptions = {}): Stage {
  const { files = { "a.data": "abc", "b.data": "b" }, ...others } = options;
  const loader = workerLoader(module, {
    name: "data",
    extensions: [".data"],
    workers: 1,
    ...others,
  });
  const source = new MemorySource(files);
  const mgr = new ResourceManager({ source, loaders: [loader] });
  return {
    mgr,
    source,
    loader,
    async [Symbol.asyncDispose]() {
      await mgr[Symbol.asyncDispose]();
      loader[Symbol.dispose]();
    },
  };
}

/** The message of the error with which a load fails. */
export async function problemOf(load: Promise<unknown>): Promise<string> {
  try {
    await load;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("The load has not failed");
}

/** The error that was thrown in a worker, which is the cause of the load's error. */
export async function causeOf(load: Promise<unknown>): Promise<Error> {
  try {
    await load;
  } catch (error) {
    return (error as Error).cause as Error;
  }
  throw new Error("The load has not failed");
}
