// SPDX-License-Identifier: MIT OR Apache-2.0
// What the build was, unpacked from the page's JSON (timings_page.cc packs it). Times are microseconds since the
// command began; `null` is what never was.

const kEnds = ["was not reached", "fresh", "ran", "failed", "did not come to its end"];
const kFresh = 1;
const kWaits = ["its metadata", "all of it", "all of it and of what is below it"];
const kWaited = { nothing: 0, metadata: 1, artifact: 2, slot: 3, itself: 4, memory: 5 };
const kPhaseNames = ["frontend", "codegen", "link"];

/// Nothing in a text turns the line around, breaks it or hides.
function tame(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, "\ufffd");
}

function unpackUnit(row, id, texts) {
  const [label, kind, why, end, start, metadata, objects, link, finish, cpu, peak, gain, ready, waited, by, edges] = row;
  const after = [];
  for (let i = 0; i < edges.length; i += 2) {
    after.push({ unit: edges[i], waits: edges[i + 1] });
  }
  const name = tame(label) + (texts[kind] === "script run" ? " run" : "");
  const unit = { id, label: name, kind: texts[kind], why: texts[why], end, start, metadata, objects, link, finish,
    cpu, peak, gain, ready, waited, by, after, before: [], row: 0, path: [] };
  unit.lower = unit.label.toLowerCase();
  return unit;
}

/// The pieces of a unit's time, end to end: {what, from, to}.
function piecesOf(unit, wall) {
  const finish = unit.finish ?? wall;
  const pieces = [];
  let from = unit.start;
  const add = (what, to) => {
    if (to > from) {
      pieces.push({ what, from, to });
    }
    from = Math.max(from, to);
  };
  if (unit.kind === "script run") {
    add("script", finish);
    return pieces;
  }
  const objects = unit.objects ?? finish;
  const isSplit = unit.metadata !== null && unit.metadata < objects;
  add(isSplit ? "frontend" : "compile", isSplit ? unit.metadata : objects);
  add("codegen", objects);
  add("gate", unit.link ?? finish);
  add("link", finish);
  return pieces;
}

function unpack(raw) {
  const texts = raw.texts.map(tame);
  const build = { ...raw, command: tame(raw.command), workspace: tame(raw.workspace), rustc: tame(raw.rustc),
    profile: tame(raw.profile), processor: tame(raw.processor) };
  build.units = raw.units.map((row, id) => unpackUnit(row, id, texts));
  build.path = raw.path.map(([unit, phase, from, to, waited, by]) => ({ unit, phase, from, to, waited, by }));
  for (const unit of build.units) {
    unit.pieces = unit.start === null ? [] : piecesOf(unit, raw.wall);
    unit.took = unit.start === null ? 0 : (unit.finish ?? raw.wall) - unit.start;
    for (const edge of unit.after) {
      build.units[edge.unit].before.push(unit.id);
    }
  }
  for (const step of build.path) {
    build.units[step.unit].path.push(step);
  }
  build.ran = build.units.filter((unit) => unit.start !== null).sort((a, b) => a.start - b.start || a.id - b.id);
  build.rows = packRows(build.ran, raw.wall);
  return build;
}

/// Each unit goes into the first row that is free; how many rows that makes.
function packRows(ran, wall) {
  const freeAt = [];
  for (const unit of ran) {
    const free = freeAt.findIndex((at) => at <= unit.start);
    unit.row = free < 0 ? freeAt.length : free;
    freeAt[unit.row] = unit.finish ?? wall;
  }
  return freeAt.length;
}

function timeIn(unit, ...names) {
  return unit.pieces.reduce((sum, piece) => (names.includes(piece.what) ? sum + piece.to - piece.from : sum), 0);
}
