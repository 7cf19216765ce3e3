/**
 * Draws to every pixel of a texture, or of one of its mip levels. `cover` makes one triangle that is
 * larger than the target. `premultiplied` says whether colours are multiplied by their opacity already.
 *
 * `halve` computes the mean of all that a pixel covers of a source twice as large: two pixels each
 * way, or up to three, those at the edge in part, where the size of the source is odd. These comments
 * are not in the string, because each program would carry them.
 */
const SHADER = /* wgsl */ `
@group(0) @binding(0) var source: texture_2d<f32>;

override premultiplied: bool = false;

@vertex
fn cover(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32(corner & 1) * 4 - 1, f32(corner >> 1) * 4 - 1, 0, 1);
}

@fragment
fn premultiply(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let color = textureLoad(source, vec2u(at.xy), 0);
  return vec4f(color.rgb * color.a, color.a);
}

@fragment
fn halve(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let size = vec2f(textureDimensions(source));
  let scale = size / max(floor(size / 2), vec2f(1));
  let start = floor(at.xy) * scale;
  let end = min(start + scale, size);
  var plain = vec4f(0);
  var weighted = vec3f(0);
  for (var y = floor(start.y); y < end.y; y += 1) {
    for (var x = floor(start.x); x < end.x; x += 1) {
      let corner = vec2f(x, y);
      let part = min(corner + 1, end) - max(corner, start);
      let color = textureLoad(source, vec2u(corner), 0);
      plain += color * part.x * part.y;
      weighted += color.rgb * color.a * part.x * part.y;
    }
  }
  let mean = plain / (scale.x * scale.y);
  if (premultiplied || plain.a == 0) {
    return mean;
  }
  return vec4f(weighted / plain.a, mean.a);
}
`;

/** The name of a fragment shader. */
type Step = "premultiply" | "halve";

/** Multiplies textures of one format by their opacity, and fills their mip levels, on the GPU. */
export class Passes {
  readonly #device: GPUDevice;
  readonly #format: GPUTextureFormat;
  readonly #premultiplied: boolean;
  readonly #pipelines = new Map<Step, GPURenderPipeline>();
  #shader: GPUShaderModule | undefined;

  /** Costs nothing on the GPU: shader and pipelines are made when they are first needed. */
  constructor(device: GPUDevice, format: GPUTextureFormat, premultiplied: boolean) {
    this.#device = device;
    this.#format = format;
    this.#premultiplied = premultiplied;
  }

  /**
   * Finishes `texture`: draws `straight` to it, if given, and multiplies the colours by their
   * opacity. Then makes each mip level from the one before it.
   */
  finish(texture: GPUTexture, straight?: GPUTexture): void {
    const encoder = this.#device.createCommandEncoder();
    let view = levelOf(texture, 0);
    if (straight) this.#draw(encoder, "premultiply", straight.createView(), view);
    for (let level = 1; level < texture.mipLevelCount; level++) {
      const next = levelOf(texture, level);
      this.#draw(encoder, "halve", view, next);
      view = next;
    }
    this.#device.queue.submit([encoder.finish()]);
  }

  #draw(
    ...[encoder, step, source, view]: [GPUCommandEncoder, Step, GPUTextureView, GPUTextureView]
  ): void {
    const pipeline = this.#pipeline(step);
    const bindGroup = this.#device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: source }],
    });
    const pass = encoder.beginRenderPass({
      colorAttachments: [{ view, loadOp: "clear", storeOp: "store" }],
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.draw(3);
    pass.end();
  }

  #pipeline(step: Step): GPURenderPipeline {
    const known = this.#pipelines.get(step);
    if (known !== undefined) return known;
    const module = this.#shader ??= this.#device.createShaderModule({ code: SHADER });
    const pipeline = this.#device.createRenderPipeline({
      label: `textureLoader: ${step}`,
      layout: "auto",
      vertex: { module, entryPoint: "cover" },
      fragment: {
        module,
        entryPoint: step,
        constants: { premultiplied: Number(this.#premultiplied) },
        targets: [{ format: this.#format }],
      },
    });
    this.#pipelines.set(step, pipeline);
    return pipeline;
  }
}

function levelOf(texture: GPUTexture, baseMipLevel: number): GPUTextureView {
  return texture.createView({ baseMipLevel, mipLevelCount: 1 });
}
