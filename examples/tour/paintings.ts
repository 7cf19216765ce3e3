import { Canvas, type Color } from "./canvas.ts";
import { Random } from "./random.ts";

/** Paints one sprite on a small canvas, whose pixels are then enlarged. */
interface Painting {
  /** The size of the canvas, in pixels. */
  readonly size: readonly [width: number, height: number];
  /** The width and height of a canvas pixel, in pixels of the file. */
  readonly scale: number;
  paint(canvas: Canvas, random: Random): void;
}

const INK = "#1a1423";
const LETTERS: Record<string, readonly string[]> = {
  A: [".##.", "#..#", "####", "#..#", "#..#"],
  B: ["###.", "#..#", "###.", "#..#", "###."],
  E: ["####", "#...", "###.", "#...", "####"],
  F: ["####", "#...", "###.", "#...", "#..."],
  L: ["#...", "#...", "#...", "#...", "####"],
  M: ["#..#", "####", "####", "#..#", "#..#"],
  R: ["###.", "#..#", "###.", "#.#.", "#..#"],
};

/** A sprite that is lit from above, grained and outlined. */
function thing(
  size: Painting["size"],
  scale: number,
  paint: (canvas: Canvas, random: Random) => void,
): Painting {
  return {
    size,
    scale,
    paint(canvas, random) {
      paint(canvas, random);
      canvas.light().grain(random, 6).outline(INK);
    },
  };
}

/** A sky that fades from color to color, with stars and ridges, the farthest ridge first. */
function backdrop(sky: readonly Color[], stars: number, ridges: readonly Color[]): Painting {
  return {
    size: [128, 96],
    scale: 2,
    paint(canvas, random) {
      const { width, height } = canvas;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const band = (y * (sky.length - 1) + ((x + y) % 2) * 8) / 56;
          canvas.dot(x, y, sky[Math.min(Math.round(band), sky.length - 1)]!);
        }
      }
      for (let star = 0; star < stars; star++) {
        canvas.dot(random.below(width), random.below(height >> 1), "#fff4d6");
      }
      ridges.forEach((color, index) => {
        let top = 44 + index * 14;
        for (let x = 0; x < width; x++) {
          top += random.below(3) - 1;
          canvas.box(x, top, 1, height, color);
        }
      });
    },
  };
}

/** Eight blocks of 16 × 16 pixels in two rows. */
function tiles(top: Color, body: Color, speck: Color): Painting {
  return {
    size: [64, 32],
    scale: 2,
    paint(canvas, random) {
      for (let tile = 0; tile < 8; tile++) {
        const [x, y] = [(tile % 4) * 16, (tile >> 2) * 16];
        canvas.box(x, y, 16, 16, body);
        if (tile < 4) canvas.box(x, y, 16, 4, top);
        for (let blade = 0; blade < 16; blade++) {
          if (tile < 4) canvas.box(x + blade, y + 4, 1, random.below(3), top);
          canvas.dot(x + random.below(16), y + 6 + random.below(10), speck);
        }
      }
      canvas.grain(random, 8);
    },
  };
}

/** Rays from a bright middle. */
function spark(inner: Color, outer: Color): Painting {
  return thing([16, 16], 2, (canvas) => {
    canvas.line([8, 1], [8, 14], 1, outer).line([1, 8], [14, 8], 1, outer)
      .line([4, 4], [12, 12], 1, outer).line([12, 4], [4, 12], 1, outer)
      .disc(8, 8, 3, 3, outer).disc(8, 8, 1, 1, inner);
  });
}

function eyes(canvas: Canvas, x: number, y: number, color: Color): void {
  canvas.box(x, y, 2, 2, color).box(canvas.width - x - 2, y, 2, 2, color);
}

/** The sprites that all scenes share. */
const COMMON: Record<string, Painting> = {
  "common/hero.png": thing([16, 16], 4, (canvas) => {
    const colors = { h: "#8a4b2a", s: "#f2c39a", e: INK, c: "#c8372d", b: "#e8b23a", p: "#35507a" };
    canvas.stencil(3, 1, [
      "..hhhhhh",
      ".hhhhhhh",
      ".hssssss",
      ".hsesses",
      "..ssssss",
      "cc.ssss.",
      "ccrbbbb.",
      "cccccccs",
      "ccscccss",
      "ccsbbbb.",
      "cc.pppp.",
      "c..pp.pp",
      "...pp.pp",
      "..ppp.ppp",
    ], { ...colors, r: colors.c });
  }),
  "common/coin.png": thing([16, 16], 2, (canvas) => {
    canvas.disc(8, 8, 6, 6, "#e0a526").disc(8, 8, 4, 4, "#f6d04d").box(7, 5, 2, 7, "#b87d14");
  }),
  "common/heart.png": thing([16, 16], 2, (canvas) => {
    canvas.disc(5, 6, 3, 3, "#d8304a").disc(10, 6, 3, 3, "#d8304a").peak(8, 8, 6, -7, "#d8304a")
      .box(4, 5, 2, 1, "#ffb3bd");
  }),
};

const TITLE: Record<string, Painting> = {
  "title/backdrop.png": backdrop(
    ["#140f2d", "#2b1b4d", "#5a2a5e", "#a23e55", "#e5754a", "#f6b45f"],
    70,
    ["#4a2347", "#2e1836", "#170d22"],
  ),
  "title/logo.png": {
    size: [64, 16],
    scale: 4,
    paint(canvas) {
      [..."EMBERFALL"].forEach((letter, index) => {
        canvas.stencil(6 + index * 6, 5, LETTERS[letter]!, { "#": "#f2542d" })
          .stencil(5 + index * 6, 4, LETTERS[letter]!, { "#": "#ffd166" });
      });
      canvas.box(5, 12, 53, 1, "#f2542d").outline(INK);
    },
  },
  "title/moon.png": thing([48, 48], 2, (canvas, random) => {
    canvas.disc(24, 24, 21, 21, "#f3e7c4");
    for (let crater = 0; crater < 9; crater++) {
      const radius = 1 + random.below(4);
      canvas.disc(10 + random.below(28), 10 + random.below(28), radius, radius, "#d3c193");
    }
  }),
  "title/cursor.png": thing([16, 16], 2, (canvas) => {
    canvas.line([3, 2], [12, 8], 2, "#ffd166").line([3, 13], [12, 8], 2, "#ffd166")
      .line([3, 3], [3, 12], 3, "#f2542d");
  }),
};

const FOREST: Record<string, Painting> = {
  "forest/backdrop.png": backdrop(
    ["#8fd3e8", "#b5e3d8", "#e4f2c0"],
    0,
    ["#7fb77e", "#4f8f5b", "#2f6043"],
  ),
  "forest/tiles.png": tiles("#5fae4b", "#6b4a32", "#8a6442"),
  "forest/tree.png": thing([48, 64], 2, (canvas, random) => {
    canvas.box(21, 40, 6, 23, "#6e4527").line([24, 46], [35, 38], 2, "#6e4527");
    for (let tuft = 0; tuft < 26; tuft++) {
      const color = ["#2f7d3b", "#3c9448", "#57b05a"][random.below(3)]!;
      canvas.disc(11 + random.below(26), 12 + random.below(26), 8, 6, color);
    }
  }),
  "forest/bush.png": thing([32, 24], 2, (canvas, random) => {
    canvas.disc(9, 16, 7, 6, "#2f7d3b").disc(22, 16, 8, 6, "#357f40").disc(15, 11, 8, 7, "#459a4d");
    for (let berry = 0; berry < 9; berry++) {
      canvas.dot(5 + random.below(22), 8 + random.below(11), "#e2445c");
    }
  }),
  "forest/slime.png": thing([24, 24], 2, (canvas) => {
    canvas.disc(12, 15, 10, 7, "#52c46b").disc(12, 10, 6, 5, "#52c46b").mirror();
    eyes(canvas, 8, 13, INK);
    canvas.box(10, 17, 4, 1, INK).box(8, 8, 3, 1, "#c9f7d2");
  }),
  "forest/mushroom.png": thing([32, 32], 2, (canvas) => {
    canvas.box(13, 16, 6, 13, "#efe3cc").disc(16, 13, 13, 8, "#cf3f3f").box(3, 17, 27, 5, "#cf3f3f")
      .disc(9, 12, 2, 2, "#fff4e6").disc(17, 9, 3, 2, "#fff4e6").disc(24, 15, 2, 2, "#fff4e6");
  }),
  "forest/owl.png": thing([32, 32], 2, (canvas) => {
    canvas.disc(16, 17, 10, 12, "#8a6a4b").peak(8, 9, 3, 8, "#8a6a4b").disc(16, 21, 6, 7, "#d9bf96")
      .disc(11, 12, 4, 4, "#fff4d6").disc(11, 12, 1, 2, INK).mirror().peak(16, 15, 2, -5, "#e8a33a")
      .box(11, 29, 3, 2, "#e8a33a").box(18, 29, 3, 2, "#e8a33a");
  }),
  "forest/relic.png": thing([32, 32], 2, (canvas) => {
    canvas.box(8, 25, 16, 4, "#7d7f8c").box(11, 21, 10, 4, "#9698a5").disc(16, 12, 8, 8, "#e0a526")
      .disc(16, 12, 5, 5, "#2a9d8f").disc(16, 12, 2, 2, "#d7fff5");
  }),
  "forest/spark.png": spark("#f7ffe0", "#8fd14f"),
};

const CAVES: Record<string, Painting> = {
  "caves/backdrop.png": backdrop(
    ["#0b1026", "#121a3a", "#1d2a52"],
    24,
    ["#24315c", "#1a2347", "#10162f"],
  ),
  "caves/tiles.png": tiles("#5a6a94", "#333c5c", "#6f82b5"),
  "caves/crystal.png": thing([32, 48], 2, (canvas) => {
    canvas.peak(16, 46, 7, 42, "#63d2ff").peak(8, 46, 4, 24, "#4aa8e0").peak(
      24,
      46,
      5,
      30,
      "#8a7bff",
    )
      .line([16, 10], [14, 42], 1, "#d8f6ff").line([24, 22], [23, 42], 1, "#cfc8ff");
  }),
  "caves/bat.png": thing([32, 24], 2, (canvas) => {
    canvas.peak(7, 9, 6, -8, "#4a3b6b").box(4, 6, 12, 5, "#4a3b6b").peak(14, 6, 1, 5, "#6b5796")
      .disc(16, 12, 5, 6, "#6b5796").mirror();
    eyes(canvas, 12, 10, "#ffdd55");
    canvas.box(14, 15, 1, 2, "#ffffff").box(17, 15, 1, 2, "#ffffff");
  }),
  "caves/spider.png": thing([32, 32], 2, (canvas) => {
    for (let leg = 0; leg < 4; leg++) {
      canvas.line([15, 18], [4, 8 + leg * 5], 1, "#5c4033")
        .line([4, 8 + leg * 5], [1, 14 + leg * 5], 1, "#5c4033");
    }
    canvas.disc(16, 20, 8, 7, "#3e2b26").disc(16, 12, 5, 4, "#5c4033").mirror();
    eyes(canvas, 13, 11, "#ff5a5a");
  }),
  "caves/stalactite.png": thing([24, 64], 2, (canvas) => {
    canvas.peak(12, 1, 10, -58, "#56618a").peak(5, 1, 4, -26, "#46507a").peak(
      19,
      1,
      4,
      -34,
      "#46507a",
    )
      .line([11, 4], [11, 40], 1, "#8d9ac7");
  }),
  "caves/golem.png": thing([48, 48], 2, (canvas) => {
    canvas.box(12, 14, 24, 20, "#6d7480").box(16, 4, 16, 11, "#838b99").box(4, 15, 8, 19, "#5d636e")
      .box(14, 34, 8, 12, "#5d636e").mirror().line([15, 18], [24, 30], 1, "#3c414a");
    eyes(canvas, 19, 8, "#66ffe0");
  }),
  "caves/spark.png": spark("#ffffff", "#63d2ff"),
};

const SCALES = "#a3283c";
const LAIR: Record<string, Painting> = {
  "lair/backdrop.png": backdrop(
    ["#1c0710", "#3a0d18", "#6e1a1d", "#b23a1e"],
    12,
    ["#3b0f17", "#260a12", "#14060b"],
  ),
  "lair/tiles.png": tiles("#8c2f2f", "#3a2228", "#d9622b"),
  "lair/dragon.png": thing([64, 64], 4, (canvas, random) => {
    canvas.disc(32, 42, 19, 19, SCALES).disc(32, 46, 10, 14, "#e0a15c").disc(32, 21, 12, 11, SCALES)
      .line([14, 52], [6, 60], 4, "#7c1d2e").disc(32, 27, 8, 6, "#c0394b")
      .peak(23, 12, 2, 11, "#f1e3c0").disc(16, 60, 7, 3, "#7c1d2e").mirror();
    for (let rib = 0; rib < 6; rib++) canvas.box(24, 35 + rib * 4, 17, 1, "#b57a3e");
    for (let scale = 0; scale < 60; scale++) {
      canvas.box(16 + random.below(8), 30 + random.below(26), 2, 1, "#c0394b")
        .box(41 + random.below(8), 30 + random.below(26), 2, 1, "#c0394b");
    }
    eyes(canvas, 25, 17, "#ffe14d");
    canvas.box(26, 18, 1, 1, INK).box(37, 18, 1, 1, INK).box(29, 26, 1, 1, INK).box(
      34,
      26,
      1,
      1,
      INK,
    )
      .box(26, 30, 13, 1, INK).box(27, 31, 1, 2, "#ffffff").box(36, 31, 1, 2, "#ffffff");
  }),
  "lair/wings.png": thing([64, 64], 4, (canvas) => {
    canvas.peak(20, 14, 17, -40, "#7c1d2e").box(3, 10, 26, 6, "#7c1d2e");
    for (let bone = 0; bone < 4; bone++) {
      canvas.line([29, 34], [3 + bone * 7, 10 + bone * 13], 2, "#d0a15f");
    }
    canvas.line([29, 34], [3, 9], 2, "#e5c07b").mirror();
  }),
  "lair/throne.png": thing([32, 48], 4, (canvas) => {
    canvas.box(8, 6, 16, 26, "#4c4553").box(11, 10, 10, 18, "#8c1f33").box(5, 24, 5, 16, "#5e5666")
      .box(8, 32, 16, 12, "#4c4553").peak(9, 6, 2, 5, "#e0a526").peak(16, 6, 2, 5, "#e0a526")
      .mirror().box(12, 30, 8, 3, "#8c1f33");
  }),
  "lair/hoard.png": thing([64, 32], 4, (canvas, random) => {
    canvas.peak(32, 30, 30, 24, "#c98f1b");
    for (let coin = 0; coin < 110; coin++) {
      const y = 9 + random.below(21);
      const x = 32 + random.below(2 * y - 11) - y + 6;
      canvas.disc(x, y, 1, 1, ["#f6d04d", "#e0a526", "#ffe99a"][random.below(3)]!);
    }
    canvas.disc(20, 22, 2, 2, "#2a9d8f").disc(41, 24, 2, 2, "#d8304a").disc(
      33,
      14,
      2,
      2,
      "#63d2ff",
    );
  }),
  "lair/pillar.png": thing([16, 64], 4, (canvas) => {
    canvas.box(4, 6, 8, 52, "#5a4f5f").box(2, 2, 12, 4, "#6f6276").box(2, 58, 12, 4, "#6f6276")
      .line([6, 8], [6, 56], 1, "#7d7085").line([10, 20], [8, 34], 1, INK);
  }),
  "lair/fireball.png": thing([32, 32], 4, (canvas) => {
    canvas.disc(15, 19, 11, 10, "#d8391f").peak(15, 14, 9, 13, "#d8391f").disc(
      15,
      20,
      8,
      8,
      "#f28c28",
    )
      .peak(15, 15, 5, 8, "#f28c28").disc(15, 22, 4, 4, "#ffe680");
  }),
  "lair/smoke.png": thing([32, 32], 4, (canvas, random) => {
    for (let puff = 0; puff < 12; puff++) {
      const color = ["#4a4247", "#5e555b", "#3a3338"][random.below(3)]!;
      canvas.disc(9 + random.below(14), 9 + random.below(14), 6, 6, color);
    }
  }),
  "lair/spark.png": spark("#fff3b0", "#ff6b2c"),
};

/** Yields every sprite of the game: its path, and the bytes of its PNG file. */
export function* paintSprites(): Generator<[path: string, bytes: Uint8Array]> {
  const all = { ...COMMON, ...TITLE, ...FOREST, ...CAVES, ...LAIR };
  for (const [path, painting] of Object.entries(all)) {
    const canvas = new Canvas(...painting.size);
    painting.paint(canvas, new Random(path));
    yield [path, canvas.toPng(painting.scale)];
  }
}
