// SPDX-License-Identifier: MIT OR Apache-2.0
// The timeline: how many ran, and below it the units in rows. Knows what part of the build is in view, what is under
// the pointer and what is chosen; draws at most once a frame.

const kAxis = 22;
const kGraph = 64;
const kHead = kAxis + kGraph + 10;
const kNarrowest = 1000;  // a millisecond is the least that fills the view
const kDim = 0.15;

class Timeline {
  constructor(build, canvas) {
    this.build = build;
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.running = runningOf(build.ran);
    this.view = { from: 0, to: Math.max(build.wall, kNarrowest) };
    this.chosen = null;
    this.hovered = null;
    this.matches = null;
    this.isDue = false;
    this.pitch = build.rows <= 12 ? 24 : build.rows <= 48 ? 16 : Math.max(4, Math.floor(1200 / build.rows));
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
    this.height = kHead + this.build.rows * this.pitch + 6;
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
    return kHead + row * this.pitch;
  }

  timeAt(x) {
    return this.view.from + x / this.width * (this.view.to - this.view.from);
  }

  unitAt(x, y) {
    const row = Math.floor((y - kHead) / this.pitch);
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
    this.drawRunning();
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

  drawRunning() {
    const { context } = this;
    const bottom = kAxis + kGraph;
    const most = Math.max(this.build.jobs, ...this.running.map((change) => change.count), 1);
    const height = (count) => bottom - count / most * (kGraph - 16);
    context.beginPath();
    context.moveTo(this.x(0), bottom);
    let last = bottom;
    for (const { at, count } of this.running) {
      const x = this.x(at);
      context.lineTo(x, last);
      last = height(count);
      context.lineTo(x, last);
    }
    context.lineTo(this.x(this.build.wall), bottom);
    context.fillStyle = this.color("--work-pale");
    context.fill();
    const top = Math.round(height(this.build.jobs)) + 0.5;
    context.setLineDash([4, 3]);
    context.strokeStyle = this.color("--quiet");
    context.beginPath();
    context.moveTo(0, top);
    context.lineTo(this.width, top);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = this.color("--quiet");
    context.textAlign = "right";
    context.fillText(`units running; dashed: ${counted(this.build.jobs, "job")}`, this.width - 6, kAxis + 6);
    context.textAlign = "left";
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
    const first = unit.pieces.find((piece) => this.x(piece.to) > 12) ?? unit.pieces[0];
    const text = this.fitted(unit.label, room);
    context.save();
    context.beginPath();
    context.rect(from, y, room + 8, this.pitch);
    context.clip();
    // A rim in the piece's colour keeps the text apart from any texture.
    const paint = this.paints[first.what];
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeStyle = paint.rim;
    context.strokeText(text, from + 4, y + this.pitch / 2 - 1);
    context.fillStyle = paint.text;
    context.fillText(text, from + 4, y + this.pitch / 2 - 1);
    context.restore();
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

  drawPath() {
    const { context } = this;
    context.strokeStyle = this.color("--path");
    context.lineWidth = 2;
    let last = null;
    for (const step of this.build.path) {
      const unit = this.build.units[step.unit];
      const from = this.x(Math.max(step.from, unit.start));
      const to = this.x(step.to);
      const y = this.y(unit.row);
      context.globalAlpha = this.isDimmed(unit) ? 0.4 : 1;
      context.strokeRect(from + 1, y, Math.max(to - from - 2, 1), this.pitch - 2);
      if (last && last.unit !== step.unit) {
        const other = this.y(this.build.units[last.unit].row) + this.pitch / 2 - 1;
        context.beginPath();
        context.moveTo(this.x(last.to), other);
        context.lineTo(this.x(last.to), y + this.pitch / 2 - 1);
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
