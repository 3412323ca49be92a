// SPDX-License-Identifier: MIT OR Apache-2.0
// All that is known of one unit.

const kMostNames = 12;

function pieceFacts(unit) {
  return unit.pieces.map((piece) => [kPieces[piece.what].name, seconds(piece.to - piece.from)]);
}

function unitFacts(unit) {
  const pairs = [["began at", seconds(unit.start)], ["took", seconds(unit.took)], ...pieceFacts(unit)];
  if (unit.cpu > 0) {
    const cores = unit.took > 0 ? `, ${(unit.cpu / unit.took).toFixed(1)} cores` : "";
    pairs.push(["processor time", seconds(unit.cpu) + cores]);
  }
  if (unit.peak > 0) {
    pairs.push(["most memory", bytes(unit.peak)]);
  }
  pairs.push(["would win if it took no time", unit.gain > 0 ? seconds(unit.gain) : "nothing to speak of"]);
  return pairs;
}

/// Why it did not begin earlier.
function beginOf(build, unit, open) {
  const line = make("p", {});
  const cause = causeOf(build, unit.waited, unit.by, open);
  line.append(...(cause.length > 0 ? ["It waited for ", ...cause, `, there at ${seconds(unit.ready)}. `] : ["It waited for nothing but planning. "]));
  const idle = unit.start - unit.ready;
  if (idle >= 10000) {
    line.append(`Then it waited ${seconds(idle)} for a slot.`);
  }
  return line;
}

function unitList(title, entries, open) {
  const items = entries.slice(0, kMostNames).map(({ unit, note }) => make("li", {}, unitButton(unit, open),
    make("span", { className: "quiet" }, note ? ` \u2013 ${note}` : "")));
  if (entries.length > kMostNames) {
    items.push(make("li", { className: "quiet" }, `and ${entries.length - kMostNames} more`));
  }
  return entries.length > 0 ? [make("div", {}, make("h4", {}, title), make("ul", {}, ...items))] : [];
}

function dependenciesOf(build, unit) {
  const end = (one) => one.finish ?? build.wall;
  return unit.after.map((edge) => ({ unit: build.units[edge.unit], waits: edge.waits }))
    .sort((a, b) => (b.unit.start !== null) - (a.unit.start !== null) || end(b.unit) - end(a.unit))
    .map(({ unit: other, waits }) => ({ unit: other,
      note: other.start === null ? kEnds[other.end] : `for ${kWaits[waits]}, done at ${seconds(end(other))}` }));
}

function dependentsOf(build, unit) {
  return [...new Set(unit.before)].map((id) => build.units[id])
    .sort((a, b) => (a.start ?? Infinity) - (b.start ?? Infinity))
    .map((other) => ({ unit: other, note: other.start === null ? kEnds[other.end] : `began at ${seconds(other.start)}` }));
}

function showDetails(build, unit, open, close) {
  const panel = byId("details");
  panel.hidden = unit === null;
  if (unit === null) {
    panel.replaceChildren();
    return;
  }
  const shut = make("button", { type: "button" }, "Close");
  shut.addEventListener("click", close);
  const has = unit.start !== null;
  const state = `${kEnds[unit.end]}${unit.path.length > 0 ? ", on the path" : ""}`;
  panel.replaceChildren(
    make("header", {}, make("h3", {}, unit.label), shut),
    make("p", { className: "quiet" }, state),
    ...(has ? [make("dl", {}, ...facts(unitFacts(unit))), beginOf(build, unit, open)] : []),
    ...(unit.why ? [make("p", {}, `It had to run: ${unit.why}`)] : []),
    make("div", { className: "columns" },
      ...unitList("It depends on", dependenciesOf(build, unit), open),
      ...unitList("On it depend", dependentsOf(build, unit), open)));
}
