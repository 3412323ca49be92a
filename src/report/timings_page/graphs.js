// SPDX-License-Identifier: MIT OR Apache-2.0
// What the timeline has above its units: how many ran, and the memory that they held.

/// What each unit that ran held at most, added up: [{at, count}] in KiB. An upper limit, for nobody holds his most all
/// the time.
function memoryOf(ran) {
  return summed(ran.filter((unit) => unit.peak > 0).flatMap((unit) =>
    [[unit.start, unit.peak], [unit.start + unit.took, -unit.peak]]));
}

/// How many units hold a slot from when on: [{at, count}]. At its gate a unit holds none.
function runningOf(ran) {
  return summed(ran.flatMap((unit) => unit.pieces.filter((piece) => piece.what !== "gate")
    .flatMap((piece) => [[piece.from, 1], [piece.to, -1]])));
}

/// [[when, how much more], ...]
function summed(changes) {
  let count = 0;
  return changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([at, change]) => ({ at, count: (count += change) }));
}

/// Steps, filled, from `top` to `bottom`, where `most` is as high as there is room below the words.
function drawSteps(timeline, steps, { top, bottom, most, words }) {
  const { context } = timeline;
  const height = (count) => bottom - count / most * (bottom - top - 16);
  context.beginPath();
  context.moveTo(timeline.x(0), bottom);
  let last = bottom;
  for (const { at, count } of steps) {
    const x = timeline.x(at);
    context.lineTo(x, last);
    last = height(count);
    context.lineTo(x, last);
  }
  context.lineTo(timeline.x(timeline.build.wall), bottom);
  context.fillStyle = timeline.color("--work-pale");
  context.fill();
  context.fillStyle = timeline.color("--quiet");
  context.textAlign = "right";
  context.fillText(words, timeline.width - 6, top + 8);
  context.textAlign = "left";
  return height;
}

function drawRunning(timeline, steps, top, bottom) {
  const { context, build } = timeline;
  const most = Math.max(build.jobs, ...steps.map((step) => step.count), 1);
  const height = drawSteps(timeline, steps, { top, bottom, most, words: `units running; dashed: ${counted(build.jobs, "job")}` });
  const limit = Math.round(height(build.jobs)) + 0.5;
  context.setLineDash([4, 3]);
  context.strokeStyle = timeline.color("--quiet");
  context.beginPath();
  context.moveTo(0, limit);
  context.lineTo(timeline.width, limit);
  context.stroke();
  context.setLineDash([]);
}

function drawMemory(timeline, steps, top, bottom) {
  const most = Math.max(...steps.map((step) => step.count));
  const free = timeline.build.memory.map(([, available]) => available / 1024);
  const words = `memory of what runs, at most ${bytes(most)}` + (free.length > 0 ? `; least left: ${bytes(Math.min(...free))}` : "");
  drawSteps(timeline, steps, { top, bottom, most, words });
}
