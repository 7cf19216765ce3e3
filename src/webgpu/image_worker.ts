/** The module that the workers of `imageWorkers` run. */
import { serveDecoder } from "../worker/serve.ts";
import { decodeImage } from "./decode_image.ts";

serveDecoder((bytes) => decodeImage(bytes));
