// SPDX-License-Identifier: MIT OR Apache-2.0
// The timeline: how many ran, and below it the units in rows. Knows what part of the build is in view, what is under
// the pointer and what is chosen; draws at most once a frame.

const kAxis = 22;
const kGraph = 64;
const kNarrowest = 1000;  // a millisecond is the least that fills the view
const kDim = 0.15;

class Timeline {
  constructor(build, canvas) {
    this.build = build;
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.running = runningOf(build.ran);
    this.memory = memoryOf(build.ran);
    this.head = kAxis + kGraph * (this.memory.length > 0 ? 2 : 1) + 10;
    this.view = { from: 0, to: Math.max(build.wall, kNarrowest) };
    this.chosen = null;
    this.hovered = null;
    this.matches = null;
    this.isDue = false;
    this.pitch = build.rows <= 4 ? 36 : build.rows <= 12 ? 26 : build.rows <= 48 ? 16 : Math.max(4, Math.floor(1200 / build.rows));
    this.restyle();
  }

  /// Colours or the size of a pixel are other ones.
  restyle() {
    this.scale = pixelScale();
    this.color = colorReader();
    this.paints = makePaints(this.context, this.color, this.scale);
    this.resize();
  }

  resize() {
    this.width = Math.max(this.canvas.parentElement.clientWidth, 100);
    this.height = this.head + this.build.rows * this.pitch + 6;
    this.canvas.width = this.width * this.scale;
    this.canvas.height = this.height * this.scale;
    this.canvas.style.height = `${this.height}px`;
    this.draw();
  }

  changed() {
    if (!this.isDue) {
      this.isDue = true;
      requestAnimationFrame(() => this.draw());
    }
  }

  x(time) {
    return (time - this.view.from) / (this.view.to - this.view.from) * this.width;
  }

  y(row) {
    return this.head + row * this.pitch;
  }

  timeAt(x) {
    return this.view.from + x / this.width * (this.view.to - this.view.from);
  }

  unitAt(x, y) {
    const row = Math.floor((y - this.head) / this.pitch);
    const reach = 2 / this.width * (this.view.to - this.view.from);
    const time = this.timeAt(x);
    return this.build.ran.find((unit) =>
      unit.row === row && unit.start - reach <= time && time <= unit.start + unit.took + reach) ?? null;
  }

  show(from, to) {
    const whole = Math.max(this.build.wall, kNarrowest);
    const span = Math.min(Math.max(to - from, kNarrowest), whole);
    const begin = Math.min(Math.max(from, 0), whole - span);
    this.view = { from: begin, to: begin + span };
    this.changed();
  }

  /// What is at `x` stays there.
  zoom(factor, x = this.width / 2) {
    const still = this.timeAt(x);
    const span = Math.min(Math.max((this.view.to - this.view.from) * factor, kNarrowest), this.build.wall);
    this.show(still - x / this.width * span, still - x / this.width * span + span);
  }

  pan(pixels) {
    const by = pixels / this.width * (this.view.to - this.view.from);
    this.show(this.view.from + by, this.view.to + by);
  }

  showAll() {
    this.show(0, this.build.wall);
  }

  reveal(unit) {
    const span = this.view.to - this.view.from;
    if (unit.start < this.view.from || unit.start + unit.took > this.view.to) {
      const begin = unit.start + unit.took / 2 - Math.max(span, unit.took * 1.5) / 2;
      this.show(begin, begin + Math.max(span, unit.took * 1.5));
    }
    this.changed();
  }

  isDimmed(unit) {
    return this.matches !== null && !this.matches.has(unit.id);
  }

  draw() {
    this.isDue = false;
    const { context } = this;
    context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    context.fillStyle = this.color("--ground");
    context.fillRect(0, 0, this.width, this.height);
    context.font = "12px system-ui, sans-serif";
    context.textBaseline = "middle";
    this.drawAxis();
    this.drawGraphs();
    this.drawUnits();
    this.drawPath();
    this.drawChosen();
  }

  drawAxis() {
    const { context } = this;
    const step = roundStep((this.view.to - this.view.from) / Math.max(this.width / 90, 1));
    const digits = Math.max(0, -Math.floor(Math.log10(step / 1e6) + 1e-9));
    context.lineWidth = 1;
    context.strokeStyle = this.color("--line");
    context.fillStyle = this.color("--quiet");
    context.beginPath();
    for (let time = Math.ceil(this.view.from / step) * step; time <= this.view.to; time += step) {
      const x = Math.round(this.x(time)) + 0.5;
      context.moveTo(x, kAxis - 4);
      context.lineTo(x, this.height);
      if (x < this.width - 40) {
        context.fillText(seconds(time, digits), x + 4, kAxis / 2);
      }
    }
    context.stroke();
  }

  drawGraphs() {
    drawRunning(this, this.running, kAxis, kAxis + kGraph);
    if (this.memory.length > 0) {
      drawMemory(this, this.memory, kAxis + kGraph, this.head - 10);
    }
  }

  drawUnits() {
    const { context } = this;
    for (const unit of this.build.ran) {
      if (unit.start > this.view.to || unit.start + unit.took < this.view.from) {
        continue;
      }
      context.globalAlpha = this.isDimmed(unit) ? kDim : 1;
      const y = this.y(unit.row);
      for (const piece of unit.pieces) {
        const from = Math.max(this.x(piece.from), -1);
        const to = Math.min(this.x(piece.to), this.width + 1);
        fillPiece(context, this.paints[piece.what], from, y, Math.max(to - from, 0.5), this.pitch - 2);
      }
      context.globalAlpha = 1;
      const end = this.x(unit.start + unit.took);
      if (end - this.x(unit.start) > 4) {  // neighbours in a row stay two
        context.fillStyle = this.color("--ground");
        context.fillRect(end - 1, y, 1, this.pitch - 2);
      }
      if (!this.isDimmed(unit)) {
        this.drawLabel(unit, y);
      }
    }
  }

  drawLabel(unit, y) {
    const from = Math.max(this.x(unit.start), 0);
    const room = Math.min(this.x(unit.start + unit.took), this.width) - from - 8;
    if (room < 24 || this.pitch < 12) {
      return;
    }
    const { context } = this;
    const text = this.fitted(unit.label, room);
    for (const piece of unit.pieces) {  // each has a ground of its own
      const paint = this.paints[piece.what];
      context.save();
      context.beginPath();
      context.rect(this.x(piece.from), y, this.x(piece.to) - this.x(piece.from), this.pitch);
      context.clip();
      context.lineWidth = 3;
      context.lineJoin = "round";
      context.strokeStyle = paint.rim;  // keeps the text apart from any texture
      context.strokeText(text, from + 4, y + this.pitch / 2 - 2);
      context.fillStyle = paint.text;
      context.fillText(text, from + 4, y + this.pitch / 2 - 2);
      context.restore();
    }
  }

  /// Cut where the room ends; some letters are wider than others, so it is measured.
  fitted(text, room) {
    const { context } = this;
    let length = Math.min(text.length, Math.ceil(room / 3));
    const cut = () => (length < text.length ? `${text.slice(0, length)}\u2026` : text);
    while (length > 1 && context.measureText(cut()).width > room) {
      length = Math.floor(Math.min(length - 1, length * room / context.measureText(cut()).width));
    }
    return cut();
  }

  /// A band below each step, and a line from where one ended to where the next begins.
  drawPath() {
    const { context } = this;
    const band = Math.max(2, Math.round(this.pitch / 8));
    const below = (unit) => this.y(unit.row) + this.pitch - 1 - band;
    context.fillStyle = context.strokeStyle = this.color("--path");
    context.lineWidth = 1.5;
    let last = null;
    for (const step of this.build.path) {
      const unit = this.build.units[step.unit];
      const from = this.x(Math.max(step.from, unit.start));
      const to = this.x(step.to);
      context.globalAlpha = this.isDimmed(unit) ? 0.4 : 1;
      context.fillRect(from, below(unit), Math.max(to - from - 1, 1), band);
      if (last && this.build.units[last.unit].row !== unit.row && this.x(last.to) - this.x(last.from) + to - from > 8) {
        context.beginPath();
        context.moveTo(this.x(last.to), below(this.build.units[last.unit]) + band / 2);
        context.lineTo(from, below(unit) + band / 2);
        context.stroke();
      }
      last = step;
    }
    context.globalAlpha = 1;
  }

  drawChosen() {
    const { context } = this;
    context.strokeStyle = this.color("--text");
    for (const [unit, width] of [[this.hovered, 1], [this.chosen, 3]]) {
      if (unit && unit.start !== null) {
        context.lineWidth = width;
        const from = this.x(unit.start);
        context.strokeRect(from, this.y(unit.row) - 1, Math.max(this.x(unit.start + unit.took) - from, 2), this.pitch);
      }
    }
  }
}
