/// <reference lib="dom" />
/** The page of the tests in a browser. It has one renderer, and reads the pixels that it draws. */
import * as PIXI from "pixi.js";
import { HttpSource, ResourceManager } from "@holdfast/resources";
import { pixiLoaders } from "@holdfast/resources/pixi";

const app = new PIXI.Application();
await app.init({
  width: 64,
  height: 64,
  preference: "webgl",
  autoStart: false,
  background: "#000",
});
document.body.append(app.canvas);
const { gl } = app.renderer as PIXI.WebGLRenderer;

function open(renderer?: PIXI.Renderer) {
  const source = new HttpSource(new URL("assets/", location.href), { cache: "no-cache" });
  return new ResourceManager({
    source,
    loaders: pixiLoaders(PIXI, {
      scaleMode: "nearest",
      ...(renderer && { renderer }),
      variants: { mips: { autoGenerateMipmaps: true, scaleMode: "linear" } },
    }),
  });
}

/** Draws, and returns the colour of each pixel in `points`: red, green and blue. */
function colorsAt(...points: (readonly [x: number, y: number])[]): string[] {
  app.render();
  return points.map(([x, y]) => {
    const pixel = new Uint8Array(4);
    gl.readPixels(x, 63 - y, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    return String([...pixel.subarray(0, 3)]);
  });
}

Object.assign(globalThis, { PIXI, app, gl, open, colorsAt });
