import { Random } from "../tour/random.ts";
import type { Color, Sprite } from "./sprite.ts";

/** The size of the screen, in pixels. */
export const WIDTH = 960;
export const HEIGHT = 540;

/** One place of the game. */
export interface Scene {
  readonly name: string;
  /** The sprites at a time in seconds, from the back to the front. */
  paint(seconds: number): Sprite[];
}

/** The key of the soft light, which is not among the game's assets. */
export const GLOW = "common/glow.png";

const TAU = 2 * Math.PI;

/** Returns numbers from 0 to 1, the same for the same seed. */
type Chance = () => number;

function chanceOf(seed: string): Chance {
  const random = new Random(seed);
  return () => random.below(10_000) / 10_000;
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** A number between `from` and `to`, for an `amount` from 0 to 1. */
function between(from: number, to: number, amount: number): number {
  return from + (to - from) * amount;
}

function backdrop(texture: string): Sprite {
  return { texture, x: WIDTH / 2, y: HEIGHT / 2 - 90, scale: 3.75, anchor: "middle" };
}

function light(x: number, y: number, size: number, tint: Color, opacity = 1): Sprite {
  return { texture: GLOW, x, y, scale: size / 128, anchor: "middle", tint, opacity, glow: 1 };
}

/** Two rows of blocks, the upper one with grass. */
function ground(texture: string, y: number, seed: string): Sprite[] {
  const chance = chanceOf(seed);
  return [0, 1].flatMap((row) =>
    many(16, (column): Sprite => ({
      texture,
      x: column * 64 + 32,
      y: y + 64 + row * 64,
      scale: 2,
      part: [Math.floor(chance() * 4) * 32, row * 32, 32, 32],
      haze: ["#000000", row * 0.35],
    }))
  );
}

/** Sparks that drift, rise and fade, each at its own pace. */
function sparks(
  texture: string,
  count: number,
  seconds: number,
  options: { tints: Color[]; rise: number; size?: number },
): Sprite[] {
  const chance = chanceOf(texture + count);
  const { tints, rise, size = 0.4 } = options;
  return many(count, (index): Sprite => {
    const [left, phase, pace, sway] = [chance(), chance(), 0.5 + chance(), chance()];
    const age = (phase + seconds * pace * 0.15) % 1;
    const drift = Math.sin((age * 2 + sway) * TAU) * 24;
    return {
      texture,
      x: left * WIDTH + drift,
      y: rise > 0 ? HEIGHT - age * rise : age * -rise,
      scale: size * (0.4 + pace) * (1 - age * 0.5),
      anchor: "middle",
      turn: (sway + seconds * 0.2) * TAU,
      tint: tints[index % tints.length]!,
      opacity: Math.sin(age * Math.PI),
      glow: 1,
    };
  });
}

interface Flock {
  readonly count: number;
  readonly x: number;
  readonly y: number;
  /** How far the outermost bats fly, in pixels. */
  readonly reach: readonly [x: number, y: number];
  readonly haze: readonly [Color, number];
}

/** Bats that fly around a place. The farther away they are, the smaller. */
function bats({ count, x, y, reach, haze }: Flock, seconds: number): Sprite[] {
  const chance = chanceOf(`bats ${count}`);
  return many(count, (): Sprite => {
    const [radius, phase, pace, lift] = [chance(), chance(), 0.5 + chance(), chance()];
    const angle = (phase + seconds * pace * 0.1) * TAU;
    return {
      texture: "caves/bat.png",
      x: x + Math.cos(angle) * between(0.35, 1, radius) * reach[0],
      y: y + Math.sin(angle) * between(0.35, 1, radius) * reach[1] + lift * 40 - 20,
      scale: between(0.62, 0.22, radius),
      anchor: "middle",
      turn: Math.sin(seconds * 9 * pace + phase * TAU) * 0.35,
      flip: Math.sin(angle) < 0,
      haze,
    };
  });
}

const SWARM = { x: 690, y: 215, reach: [260, 150], haze: ["#170d22", 0.92] } as const;
const COLONY = { x: 480, y: 210, reach: [510, 140], haze: ["#1d2a52", 0.25] } as const;

const title: Scene = {
  name: "title",
  paint: (seconds) => [
    { texture: "title/backdrop.png", x: 480, y: 540, scale: 3.75 },
    light(690, 210, 620, "#ff9a5a", 0.55),
    { texture: "title/moon.png", x: 690, y: 210, scale: 2.2, anchor: "middle", glow: 0.2 },
    ...bats({ ...SWARM, count: 70 }, seconds),
    ...treeline("#2a1633", 512, 60, 0.55),
    ...treeline("#170d22", 530, 40, 0.85),
    ...treeline("#0d0715", 580, 26, 1.3),
    ...sparks("lair/spark.png", 220, seconds, { tints: ["#ffb347", "#ff6b2c"], rise: -560 }),
    light(330, 200, 700, "#f2542d", 0.35),
    { texture: "title/logo.png", x: 330, y: 200, scale: 2, anchor: "middle" },
    { texture: "title/cursor.png", x: 250, y: 330 + Math.sin(seconds * 5) * 3, scale: 1.5 },
    { texture: "common/heart.png", x: 305, y: 330, scale: 1.2 },
    { texture: "common/heart.png", x: 350, y: 330, scale: 1.2 },
    { texture: "common/heart.png", x: 395, y: 330, scale: 1.2 },
  ],
};

/** Trees against the light, of which only the outlines are visible. */
function treeline(color: Color, y: number, count: number, scale: number): Sprite[] {
  const chance = chanceOf(color);
  return many(count, (index): Sprite => ({
    texture: "forest/tree.png",
    x: (index + chance()) * WIDTH / count,
    y: y + chance() * 14,
    scale: scale * (0.7 + chance() * 0.5),
    flip: chance() < 0.5,
    haze: [color, 1],
  }));
}

const forest: Scene = {
  name: "forest",
  paint: (seconds) => [
    backdrop("forest/backdrop.png"),
    light(180, 60, 760, "#fff3b0", 0.6),
    ...many(7, (row) => grove(row, seconds)).flat(),
    ...ground("forest/tiles.png", 476, "forest"),
    ...undergrowth(),
    ...many(11, (index): Sprite => ({
      texture: "common/coin.png",
      x: 560 + index * 26,
      y: 420 - Math.sin(index / 10 * Math.PI) * 96 + Math.sin(seconds * 3 + index) * 3,
      scale: 0.9,
    })),
    { texture: "forest/relic.png", x: 868, y: 484, scale: 1.3 },
    light(868, 425, 220, "#7dfff0", 0.5),
    { texture: "common/hero.png", x: 470, y: 484, scale: 1.5 },
    ...many(5, (index): Sprite => ({
      texture: "forest/slime.png",
      x: 70 + index * 78 + Math.sin(seconds + index) * 8,
      y: 484 - Math.abs(Math.sin(seconds * 3 + index * 1.3)) * 26,
      scale: 0.9 + index % 3 * 0.15,
      flip: index % 2 === 0,
    })),
    ...sparks("forest/spark.png", 110, seconds, {
      tints: ["#f7ffe0", "#d8ff8a"],
      rise: 420,
      size: 0.3,
    }),
  ],
};

/**
 * A row of trees. The farther away it is, the smaller, the higher, and the closer to the colour of
 * the air.
 */
function grove(row: number, seconds: number): Sprite[] {
  const near = row / 6;
  const chance = chanceOf(`grove ${row}`);
  const count = Math.round(between(60, 6, near));
  return many(count, (index): Sprite => {
    const bend = Math.sin(seconds * 0.8 + index * 0.7 + row) * 0.02;
    return {
      texture: "forest/tree.png",
      x: (index + chance()) * (WIDTH + 80) / count - 40,
      y: between(286, 486, near ** 1.5) + chance() * 10,
      scale: between(0.28, 1.3, near * near) * (0.8 + chance() * 0.4),
      turn: bend,
      flip: chance() < 0.5,
      haze: ["#b5e3d8", between(0.66, 0, near)],
    };
  });
}

function undergrowth(): Sprite[] {
  const chance = chanceOf("undergrowth");
  return many(34, (index): Sprite => ({
    texture: index % 3 === 0 ? "forest/mushroom.png" : "forest/bush.png",
    x: (index + chance()) * WIDTH / 34,
    y: 480 + chance() * 8,
    scale: 0.45 + chance() * 0.55,
    flip: chance() < 0.5,
  })).sort((a, b) => a.texture < b.texture ? -1 : 1).concat(many(3, (index): Sprite => ({
    texture: "forest/owl.png",
    x: 150 + index * 310,
    y: 330 - index % 2 * 60,
    scale: 0.8,
  })));
}

const caves: Scene = {
  name: "caves",
  paint: (seconds) => [
    backdrop("caves/backdrop.png"),
    light(480, 560, 900, "#3f6bff", 0.35),
    ...many(3, (row) => hanging(row)).flat(),
    ...bats({ ...COLONY, count: 130 }, seconds),
    ...many(3, (row) => growing(row, seconds)).flat(),
    ...ground("caves/tiles.png", 476, "caves"),
    { texture: "caves/golem.png", x: 760, y: 484, scale: 1.5 },
    light(760, 356, 120, "#66ffe0", 0.7),
    ...spiders(seconds),
    { texture: "common/hero.png", x: 220, y: 484, scale: 1.5 },
    light(220, 440, 360, "#ffd27a", 0.4),
    ...sparks("caves/spark.png", 120, seconds, {
      tints: ["#ffffff", "#63d2ff", "#8a7bff"],
      rise: 500,
      size: 0.3,
    }),
  ],
};

function hanging(row: number): Sprite[] {
  const chance = chanceOf(`hanging ${row}`);
  const count = 34 - row * 8;
  return many(count, (index): Sprite => {
    const scale = (0.6 + row * 0.5) * (0.5 + chance() * 0.8);
    return {
      texture: "caves/stalactite.png",
      x: (index + chance()) * WIDTH / count,
      y: 128 * scale - 14,
      scale,
      haze: ["#0b1026", between(0.7, 0.1, row / 2)],
    };
  });
}

/** Crystals and their light. */
function growing(row: number, seconds: number): Sprite[] {
  const chance = chanceOf(`growing ${row}`);
  const count = 22 - row * 5;
  const crystals = many(count, (index): Sprite => ({
    texture: "caves/crystal.png",
    x: (index + chance()) * WIDTH / count,
    y: between(430, 486, row / 2),
    scale: (0.4 + row * 0.35) * (0.6 + chance() * 0.7),
    flip: chance() < 0.5,
    haze: ["#121a3a", between(0.6, 0, row / 2)],
  }));
  const lights = crystals.map(({ x, y, scale }, index) =>
    light(
      x,
      y - scale * 40,
      scale * 190,
      index % 3 === 0 ? "#8a7bff" : "#3fb8ff",
      (0.28 + 0.1 * Math.sin(seconds * 2 + index)) * (0.4 + row * 0.3),
    )
  );
  return [...crystals, ...lights];
}

function spiders(seconds: number): Sprite[] {
  return many(4, (index): Sprite => ({
    texture: "caves/spider.png",
    x: 130 + index * 235,
    y: 205 + Math.sin(seconds + index * 2) * 34,
    scale: 0.8,
  }));
}

const lair: Scene = {
  name: "lair",
  paint: (seconds) => [
    backdrop("lair/backdrop.png"),
    light(610, 330, 1100, "#ff5a1e", 0.5),
    ...many(4, (row) => pillars(row)).flat(),
    ...smoke(seconds),
    { texture: "lair/throne.png", x: 884, y: 486, scale: 1.15, haze: ["#260a12", 0.35] },
    ...hoards(),
    {
      texture: "lair/wings.png",
      x: 600,
      y: 432 - Math.sin(seconds * 2) * 8,
      scale: 1.55,
      haze: ["#260a12", 0.25],
    },
    { texture: "lair/dragon.png", x: 600, y: 486, scale: 1.5 },
    light(600, 300, 320, "#ffb347", 0.25),
    ...ground("lair/tiles.png", 476, "lair"),
    ...fireballs(seconds),
    { texture: "common/hero.png", x: 120, y: 484, scale: 1.5 },
    ...sparks("lair/spark.png", 260, seconds, {
      tints: ["#fff3b0", "#ff6b2c", "#ffb347"],
      rise: 560,
    }),
    light(480, 600, 1200, "#ff3b1e", 0.3),
  ],
};

/** Two pillars. The farther away they are, the closer together, as in a hall. */
function pillars(row: number): Sprite[] {
  const near = row / 3;
  const reach = between(150, 470, near);
  return [-1, 1].map((side): Sprite => ({
    texture: "lair/pillar.png",
    x: 480 + side * reach,
    y: between(440, 486, near),
    scale: between(1.1, 2.1, near),
    flip: side > 0,
    haze: ["#3a0d18", between(0.8, 0.1, near)],
  }));
}

function smoke(seconds: number): Sprite[] {
  const chance = chanceOf("smoke");
  return many(40, (): Sprite => {
    const age = (chance() + seconds * 0.05) % 1;
    return {
      texture: "lair/smoke.png",
      x: chance() * WIDTH,
      y: between(500, -40, age),
      scale: between(0.6, 2.4, age),
      anchor: "middle",
      turn: chance() * TAU + age,
      opacity: 0.1 * Math.sin(age * Math.PI),
      haze: ["#6e1a1d", 0.5],
    };
  });
}

function hoards(): Sprite[] {
  const chance = chanceOf("hoards");
  return many(12, (index): Sprite => ({
    texture: "lair/hoard.png",
    x: 320 + index * 52 + chance() * 30,
    y: 490,
    scale: 0.5 + chance() * 0.5,
    flip: chance() < 0.5,
    haze: ["#3a0d18", index % 2 * 0.35],
  }));
}

/** Fireballs on an arc to the hero, each with its light. */
function fireballs(seconds: number): Sprite[] {
  const balls = many(7, (index): Sprite => {
    const way = (index / 7 + seconds * 0.2) % 1;
    return {
      texture: "lair/fireball.png",
      x: between(560, 130, way),
      y: 330 - Math.sin(way * Math.PI) * 130 + way * 110,
      scale: 0.35 + way * 0.35,
      anchor: "middle",
      turn: between(-1.9, -2.6, way) + Math.PI,
      glow: 0.5,
    };
  });
  const lights = balls.map(({ x, y, scale }) => light(x, y, scale * 480, "#ff8a3c", 0.7));
  return [...lights, ...balls];
}

/** Every place, in the order of the game. */
export const SCENES: readonly Scene[] = [title, forest, caves, lair];
