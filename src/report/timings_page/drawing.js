// SPDX-License-Identifier: MIT OR Apache-2.0
// How each piece of a unit looks: by lightness and by texture, so that nobody needs the colours.

const kPieces = {
  frontend: { name: "frontend", fill: "--work", text: "--on-work" },
  codegen: { name: "codegen", fill: "--work-pale", texture: "slope", ink: "--work", text: "--on-pale" },
  compile: { name: "compile, undivided", fill: "--work", texture: "lines", ink: "--work-pale", text: "--on-work" },
  link: { name: "link", fill: "--work-pale", texture: "dots", ink: "--text", text: "--on-pale" },
  gate: { name: "waits for its link", fill: "--ground", texture: "middle", ink: "--quiet", text: "--text" },
  script: { name: "build script runs", fill: "--script", text: "--on-work" },
};
const kTile = 6;

/// A small square of one texture that fits its neighbours on all sides.
function drawTile(context, piece, color) {
  context.fillStyle = color(piece.fill);
  context.fillRect(0, 0, kTile, kTile);
  context.strokeStyle = context.fillStyle = color(piece.ink ?? piece.fill);
  context.globalAlpha = piece.texture === "lines" ? 0.45 : piece.texture === "slope" ? 0.35 : 0.8;
  context.lineWidth = 1;
  if (piece.texture === "slope") {
    context.beginPath();
    for (const shift of [-kTile, 0, kTile]) {
      context.moveTo(shift - 1, kTile + 1);
      context.lineTo(shift + kTile + 1, -1);
    }
    context.stroke();
  } else if (piece.texture === "dots") {
    context.fillRect(1, 1, 1.5, 1.5);
    context.fillRect(4, 4, 1.5, 1.5);
  } else if (piece.texture === "lines") {
    context.fillRect(0, 0, 1, kTile);
  }
}

/// What to fill pieces with, in the colours of now: {frontend: {paint, text, line}, ...}.
function makePaints(context, color, scale) {
  const paints = {};
  for (const [what, piece] of Object.entries(kPieces)) {
    const tile = make("canvas", { width: kTile * scale, height: kTile * scale });
    const on = tile.getContext("2d");
    on.scale(scale, scale);
    drawTile(on, piece, color);
    const paint = context.createPattern(tile, "repeat");
    paint.setTransform(new DOMMatrix().scale(1 / scale));
    paints[what] = { paint, text: color(piece.text), rim: color(piece.fill), line: piece.texture === "middle" ? color(piece.ink) : null };
  }
  return paints;
}

function fillPiece(context, paint, x, y, width, height) {
  context.fillStyle = paint.paint;
  context.fillRect(x, y, width, height);
  if (paint.line) {
    context.fillStyle = paint.line;
    context.fillRect(x, y + height / 2 - 0.5, width, 1);
  }
}

/// The style's colours as they are now.
function colorReader() {
  const style = getComputedStyle(document.documentElement);
  const known = new Map();
  return (name) => {
    if (!known.has(name)) {
      known.set(name, style.getPropertyValue(name).trim());
    }
    return known.get(name);
  };
}

function pixelScale() {
  return Math.max(1, Math.ceil(window.devicePixelRatio || 1));
}

function drawLegend(build) {
  const present = new Set(build.ran.flatMap((unit) => unit.pieces.map((piece) => piece.what)));
  const scale = pixelScale();
  const entries = Object.entries(kPieces).filter(([what]) => present.has(what)).map(([what, piece]) => {
    const swatch = make("canvas", { width: 28 * scale, height: 12 * scale });
    const context = swatch.getContext("2d");
    context.scale(scale, scale);
    fillPiece(context, makePaints(context, colorReader(), scale)[what], 0, 0, 28, 12);
    return make("li", {}, swatch, piece.name);
  });
  const outline = make("canvas", { width: 28 * scale, height: 12 * scale });
  const context = outline.getContext("2d");
  context.scale(scale, scale);
  context.fillStyle = colorReader()("--path");
  context.fillRect(0, 8, 28, 3);
  byId("legend").replaceChildren(...entries, make("li", {}, outline, "the path"));
}

/// 1, 2 or 5 times a power of ten, not below `least`.
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * 0.999);
}
