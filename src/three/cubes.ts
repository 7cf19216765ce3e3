import type { AsyncLoadContext, Loader } from "../contract/loader.ts";
import type { ThreeNamespace, ThreeTexture } from "./namespace.ts";
import { SOURCE } from "./texture_settings.ts";

/** A texture with a decoded picture. */
interface Side {
  readonly image: { readonly width: number; readonly height: number };
  readonly isDataTexture?: boolean;
}

/**
 * Makes cube maps from a JSON list of six pictures: right, left, top, bottom, front, back. The pictures
 * are resources of their own, and count the GPU memory of the cube map.
 */
export function cubeLoader(three: ThreeNamespace): Loader<ThreeTexture, ".cube.json"> {
  const make = async (bytes: Uint8Array, context: AsyncLoadContext) => {
    const image = await sidesOf(bytes, context, three);
    const { key: name } = context;
    const { CubeTexture, SRGBColorSpace: colorSpace } = three;
    return Object.assign(new CubeTexture(), { name, image, colorSpace, needsUpdate: true });
  };
  return {
    name: "three cube map",
    extensions: [".cube.json"],
    loadAsync: make,
    async update(cube, bytes, context) {
      // A loader without `load` always gets an asynchronous context.
      const asynchronous = context as AsyncLoadContext;
      const { source } = await make(bytes, asynchronous);
      await asynchronous.turn(() => { // Not run if the cube map was unloaded or reloaded meanwhile.
        cube.dispose(); // Pictures of another size need another storage.
        Object.assign(cube, { source, needsUpdate: true });
      });
    },
    unload: (cube) => cube.dispose(),
    byteLength: () => 0,
  };
}

/** Loads the six pictures of a list, in the form that three needs for a cube. */
async function sidesOf(
  bytes: Uint8Array,
  context: AsyncLoadContext,
  { Texture }: ThreeNamespace,
): Promise<unknown[]> {
  const names: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!Array.isArray(names) || names.length !== 6) {
    throw new TypeError("it is not a JSON list of six pictures");
  }
  const load = (name: unknown) => context.loadAsync(`./${name}?${SOURCE}`, Texture);
  const sides = (await Promise.all(names.map(load))).map(({ value }) =>
    value as ThreeTexture & Side
  );
  const { width: size } = sides[0]!.image;
  if (sides.some(({ image: { width, height } }) => width !== size || height !== size)) {
    throw new RangeError("its pictures are not squares of one size");
  }
  return sides.map((side) => side.isDataTexture ? side : side.image);
}
