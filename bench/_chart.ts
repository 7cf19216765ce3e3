/** The parts that the charts of the documentation share. */

/** What an SVG picture shows. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Rules of the style sheet besides those for text and the grid, one on each line. */
  readonly style: string;
  readonly body: readonly string[];
}

/** Draws an SVG picture, with colours for a light or a dark page. */
export function svg({ width, height, title, style, body }: Picture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
  <title>${title}</title>
  <style>
    text { font: 12px system-ui, sans-serif; fill: #1f2328 }
    .grid { stroke: #d0d7de; stroke-width: 1 }
    ${style}
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .grid { stroke: #3d444d }
    }
  </style>
  ${body.join("\n  ")}
</svg>
`;
}

/** Formats a length to a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
