import type { Texture } from "@holdfast/resources/webgpu";
import type { Color, Sprite } from "./sprite.ts";

const SHADER = /* wgsl */ `
struct Sprite {
  @location(0) place: vec4f, // middle, and half of the size
  @location(1) turn: vec4f, // cosine, sine, glow
  @location(2) part: vec4f, // left, top, right and bottom in the texture
  @location(3) tint: vec4f,
  @location(4) haze: vec4f,
}
struct Corner {
  @builtin(position) at: vec4f,
  @location(0) uv: vec2f,
  @location(1) @interpolate(flat) tint: vec4f,
  @location(2) @interpolate(flat) haze: vec4f,
  @location(3) @interpolate(flat) glow: f32,
}

@group(0) @binding(0) var<uniform> screen: vec2f;
@group(0) @binding(1) var pixels: sampler;
@group(1) @binding(0) var picture: texture_2d<f32>;

@vertex
fn place(@builtin(vertex_index) index: u32, sprite: Sprite) -> Corner {
  let corner = vec2f(f32(index & 1), f32(index >> 1));
  let reach = (corner * 2 - 1) * sprite.place.zw;
  let turned = vec2f(
    reach.x * sprite.turn.x - reach.y * sprite.turn.y,
    reach.x * sprite.turn.y + reach.y * sprite.turn.x,
  );
  let at = (sprite.place.xy + turned) / screen * 2 - 1;
  let uv = mix(sprite.part.xy, sprite.part.zw, corner);
  return Corner(vec4f(at.x, -at.y, 0, 1), uv, sprite.tint, sprite.haze, sprite.turn.z);
}

/** Colours are already multiplied by their opacity. A glowing sprite does not cover others. */
@fragment
fn paint(corner: Corner) -> @location(0) vec4f {
  let color = textureSample(picture, pixels, corner.uv);
  let tinted = color.rgb * corner.tint.rgb;
  let hazed = mix(tinted, corner.haze.rgb * color.a, corner.haze.a);
  return vec4f(hazed, color.a * (1 - corner.glow)) * corner.tint.a;
}
`;

/** Five vectors of four numbers each. */
const FLOATS_PER_SPRITE = 20;
const BYTES_PER_SPRITE = FLOATS_PER_SPRITE * 4;

/** Draws sprites to a texture. The first sprite is behind all others. */
export class Renderer implements Disposable {
  /** The size of the screen, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly #device: GPUDevice;
  readonly #screen: GPUTexture;
  readonly #pipeline: GPURenderPipeline;
  readonly #common: GPUBindGroup;
  /** The bind group of each texture. A reload makes a new texture, which gets a new group. */
  readonly #bindGroups = new WeakMap<Texture, GPUBindGroup>();
  readonly #owned = new DisposableStack();
  #instances: GPUBuffer;

  /** Makes a screen of `width` × `height` pixels, enlarged by `zoom`. */
  constructor(device: GPUDevice, width: number, height: number, zoom = 1) {
    this.#device = device;
    this.width = width * zoom;
    this.height = height * zoom;
    this.#screen = this.#own(device.createTexture({
      size: [this.width, this.height],
      format: "rgba8unorm-srgb",
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
    }));
    this.#pipeline = makePipeline(device);
    this.#common = this.#makeCommon(width, height);
    this.#instances = this.#makeInstances(512);
  }

  /** Draws a frame. `textureOf` returns the current texture of a key. */
  draw(sprites: readonly Sprite[], textureOf: (key: string) => Texture): void {
    if (sprites.length * BYTES_PER_SPRITE > this.#instances.size) {
      this.#instances = this.#makeInstances(sprites.length * 2);
    }
    const numbers = new Float32Array(
      sprites.flatMap((each) => pack(each, textureOf(each.texture))),
    );
    this.#device.queue.writeBuffer(this.#instances, 0, numbers);
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginRenderPass({
      colorAttachments: [{ view: this.#screen.createView(), loadOp: "clear", storeOp: "store" }],
    });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#common);
    pass.setVertexBuffer(0, this.#instances);
    for (const { key, first, count } of runsOf(sprites)) {
      pass.setBindGroup(1, this.#bindGroupOf(textureOf(key)));
      pass.draw(4, count, 0, first);
    }
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  /** The frame's pixels: red, green, blue and opacity. */
  async read(): Promise<Uint8Array> {
    const bytesPerRow = Math.ceil(this.width / 64) * 256; // copies to buffers need multiples of 256
    const buffer = this.#device.createBuffer({
      size: bytesPerRow * this.height,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    const encoder = this.#device.createCommandEncoder();
    const size = [this.width, this.height];
    encoder.copyTextureToBuffer({ texture: this.#screen }, { buffer, bytesPerRow }, size);
    this.#device.queue.submit([encoder.finish()]);
    await buffer.mapAsync(GPUMapMode.READ);
    const rows = new Uint8Array(buffer.getMappedRange());
    const pixels = new Uint8Array(this.width * this.height * 4);
    for (let y = 0; y < this.height; y++) {
      const start = y * bytesPerRow;
      pixels.set(rows.subarray(start, start + this.width * 4), y * this.width * 4);
    }
    buffer.destroy();
    return pixels;
  }

  [Symbol.dispose](): void {
    this.#owned.dispose();
  }

  #own<T extends GPUTexture | GPUBuffer>(resource: T): T {
    return this.#owned.adopt(resource, (each) => each.destroy());
  }

  #makeInstances(sprites: number): GPUBuffer {
    const usage = GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST;
    return this.#own(this.#device.createBuffer({ size: sprites * BYTES_PER_SPRITE, usage }));
  }

  /** The size of the screen, and the sampler: enlarged pixels stay sharp, reduced ones blend. */
  #makeCommon(width: number, height: number): GPUBindGroup {
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const size = this.#own(this.#device.createBuffer({ size: 8, usage }));
    this.#device.queue.writeBuffer(size, 0, new Float32Array([width, height]));
    const sampler = this.#device.createSampler({ minFilter: "linear", mipmapFilter: "linear" });
    return this.#device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: size } }, { binding: 1, resource: sampler }],
    });
  }

  #bindGroupOf(texture: Texture): GPUBindGroup {
    const known = this.#bindGroups.get(texture);
    if (known !== undefined) return known;
    const group = this.#device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(1),
      entries: [{ binding: 0, resource: texture.view }],
    });
    this.#bindGroups.set(texture, group);
    return group;
  }
}

function makePipeline(device: GPUDevice): GPURenderPipeline {
  const module = device.createShaderModule({ code: SHADER });
  const blend = { srcFactor: "one", dstFactor: "one-minus-src-alpha" } as const;
  return device.createRenderPipeline({
    layout: "auto",
    vertex: {
      module,
      buffers: [{
        arrayStride: BYTES_PER_SPRITE,
        stepMode: "instance",
        attributes: [0, 1, 2, 3, 4].map((shaderLocation) => ({
          shaderLocation,
          offset: shaderLocation * 16,
          format: "float32x4",
        })),
      }],
    },
    fragment: {
      module,
      targets: [{ format: "rgba8unorm-srgb", blend: { color: blend, alpha: blend } }],
    },
    primitive: { topology: "triangle-strip" },
  });
}

interface Run {
  readonly key: string;
  readonly first: number;
  count: number;
}

/** Groups consecutive sprites with the same texture, which one call can draw. */
function runsOf(sprites: readonly Sprite[]): Run[] {
  const runs: Run[] = [];
  sprites.forEach(({ texture }, index) => {
    const last = runs.at(-1);
    if (last?.key === texture) last.count++;
    else runs.push({ key: texture, first: index, count: 1 });
  });
  return runs;
}

/** The numbers of a sprite for the shader. */
function pack(sprite: Sprite, { width, height }: Texture): number[] {
  const { x, y, scale, anchor = "feet", turn = 0, flip = false, glow = 0 } = sprite;
  const [left, top, columns, rows] = sprite.part ?? [0, 0, width, height];
  const [halfWidth, halfHeight] = [columns * scale / 2, rows * scale / 2];
  const [u, v] = [left / width, top / height];
  const [uEnd, vEnd] = [(left + columns) / width, (top + rows) / height];
  const [haze, amount] = sprite.haze ?? ["#000000", 0];
  return [
    ...[x, anchor === "feet" ? y - halfHeight : y, halfWidth, halfHeight],
    ...[Math.cos(turn), Math.sin(turn), glow, 0],
    ...(flip ? [uEnd, v, u, vEnd] : [u, v, uEnd, vEnd]),
    ...[...lightOf(sprite.tint ?? "#ffffff"), sprite.opacity ?? 1],
    ...[...lightOf(haze), amount],
  ];
}

/** Red, green and blue as linear amounts of light, as shaders need them. */
function lightOf(color: Color): number[] {
  return [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}
