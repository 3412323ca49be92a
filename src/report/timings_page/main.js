// SPDX-License-Identifier: MIT OR Apache-2.0
// Wires the parts of the page together: what is chosen is one for all of them.

const build = unpack(JSON.parse(byId("data").textContent));
const canvas = byId("timeline");
const tip = byId("tip");

showHead(build);
showDoubt(build);
showAdvice(build);
showGains(build, open);
showCores(build);
showWhatIf(build);
showParts("gap", build.gap);
showParts("parts", build.parts);
showPath(build, open);
const timeline = new Timeline(build, canvas);
const table = new UnitTable(build, open);
drawLegend(build);

function open(unit) {
  timeline.chosen = unit;
  if (unit.start !== null) {
    timeline.reveal(unit);
  }
  table.mark(unit);
  showDetails(build, unit, open, close);
  byId("details").scrollIntoView({ block: "nearest" });
}

function close() {
  timeline.chosen = null;
  timeline.changed();
  table.mark(null);
  showDetails(build, null);
}

function search(text) {
  const wanted = text.trim().toLowerCase();
  const found = build.ran.filter((unit) => unit.lower.includes(wanted));
  timeline.matches = wanted === "" ? null : new Set(found.map((unit) => unit.id));
  byId("found").textContent = wanted === "" ? "" : counted(found.length, "unit");
  timeline.changed();
  return found;
}

/// The next unit in that direction: along the row, or in the row above or below.
function neighbour(unit, key) {
  if (unit === null) {
    return build.ran[0] ?? null;
  }
  const rowStep = { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
  const row = build.ran.filter((other) => other.row === unit.row + rowStep);
  if (rowStep === 0) {
    return row[row.indexOf(unit) + (key === "ArrowRight" ? 1 : -1)] ?? unit;
  }
  const middle = (other) => other.start + other.took / 2;
  return row.reduce((best, other) => (best === null ||
    Math.abs(middle(other) - middle(unit)) < Math.abs(middle(best) - middle(unit)) ? other : best), null) ?? unit;
}

const kKeys = {
  "+": () => timeline.zoom(0.7),
  "=": () => timeline.zoom(0.7),
  "-": () => timeline.zoom(1 / 0.7),
  "0": () => timeline.showAll(),
  Enter: () => timeline.hovered && open(timeline.hovered),
};

function timelineKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key.startsWith("Arrow")) {
    if (event.shiftKey) {
      timeline.pan({ ArrowLeft: -80, ArrowRight: 80 }[event.key] ?? 0);
    } else {
      timeline.hovered = neighbour(timeline.hovered ?? timeline.chosen, event.key);
      if (timeline.hovered) {
        timeline.reveal(timeline.hovered);
        showTip(timeline.hovered, timeline.x(timeline.hovered.start), timeline.y(timeline.hovered.row));
      }
    }
  } else if (kKeys[event.key]) {
    kKeys[event.key]();
  } else {
    return;
  }
  event.preventDefault();
}

function showTip(unit, x, y) {
  tip.hidden = unit === null;
  if (unit === null) {
    return;
  }
  const pieces = unit.pieces.map((piece) => `${kPieces[piece.what].name} ${seconds(piece.to - piece.from)}`).join(", ");
  tip.textContent = `${unit.label}\n${seconds(unit.start)} to ${seconds(unit.start + unit.took)}: ${seconds(unit.took)}\n${pieces}`;
  const left = Math.min(Math.max(x + 14, 0), Math.max(timeline.width - tip.offsetWidth - 4, 0));
  const top = y + 18 + tip.offsetHeight > timeline.height ? Math.max(y - tip.offsetHeight - 8, 0) : y + 18;
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

/// Of a pointer that is down: where it went down and was last.
let drag = null;

function pointerMoved(event) {
  if (drag) {
    timeline.pan(drag.x - event.offsetX);
    drag = { ...drag, x: event.offsetX, hasMoved: drag.hasMoved || Math.abs(event.offsetX - drag.first) > 3 };
    return;
  }
  const unit = timeline.unitAt(event.offsetX, event.offsetY);
  if (unit !== timeline.hovered) {
    timeline.hovered = unit;
    timeline.changed();
  }
  showTip(unit, event.offsetX, event.offsetY);
}

function pointerDown(event) {
  if (event.button === 0) {
    canvas.setPointerCapture(event.pointerId);
    drag = { first: event.offsetX, x: event.offsetX, hasMoved: false };
    canvas.classList.add("panning");
  }
}

function pointerUp(event) {
  const wasClick = drag !== null && !drag.hasMoved;
  drag = null;
  canvas.classList.remove("panning");
  if (wasClick) {
    const unit = timeline.unitAt(event.offsetX, event.offsetY);
    if (unit) {
      open(unit);
    } else {
      close();
    }
  }
}

/// The page scrolls as ever until somebody means the timeline.
function wheel(event) {
  if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    timeline.pan(event.deltaX || event.deltaY);
  } else if (event.ctrlKey || event.metaKey || document.activeElement === canvas) {
    timeline.zoom(Math.exp(Math.min(Math.max(event.deltaY, -100), 100) * 0.003), event.offsetX);
  } else {
    return;
  }
  event.preventDefault();
}

function pageKey(event) {
  if (event.key === "Escape") {
    tip.hidden = true;
    timeline.hovered = null;
    byId("search").value = "";
    search("");
    close();
  } else if (event.key === "/" && !(event.target instanceof HTMLInputElement)) {
    byId("search").focus();
    event.preventDefault();
  }
}

function restyle() {
  timeline.restyle();
  drawLegend(build);
}

canvas.addEventListener("pointermove", pointerMoved);
canvas.addEventListener("pointerdown", pointerDown);
canvas.addEventListener("pointerup", pointerUp);
canvas.addEventListener("pointercancel", () => { drag = null; });
canvas.addEventListener("pointerleave", () => {
  timeline.hovered = null;
  timeline.changed();
  tip.hidden = true;
});
canvas.addEventListener("wheel", wheel, { passive: false });
canvas.addEventListener("keydown", timelineKey);
canvas.addEventListener("blur", () => { tip.hidden = true; });
document.addEventListener("keydown", pageKey);
byId("search").addEventListener("input", (event) => search(event.target.value));
byId("search").addEventListener("keydown", (event) => {
  const [first] = event.key === "Enter" ? search(event.target.value) : [];
  if (first) {
    open(first);
  }
});
byId("zoom-in").addEventListener("click", () => timeline.zoom(0.7));
byId("zoom-out").addEventListener("click", () => timeline.zoom(1 / 0.7));
byId("zoom-all").addEventListener("click", () => timeline.showAll());
new ResizeObserver(() => timeline.resize()).observe(canvas.parentElement);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
window.addEventListener("beforeprint", () => {
  document.documentElement.classList.add("printing");  // paper is light
  restyle();
});
window.addEventListener("afterprint", () => {
  document.documentElement.classList.remove("printing");
  restyle();
});
