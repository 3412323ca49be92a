// SPDX-License-Identifier: MIT OR Apache-2.0
// Numbers and elements as a person reads them.

function seconds(microseconds, digits = 2) {
  return (microseconds / 1e6).toFixed(digits) + "\u00a0s";
}

function bytes(kib) {
  return kib >= 1 << 20 ? (kib / (1 << 20)).toFixed(1) + "\u00a0GiB" : Math.round(kib / 1024) + "\u00a0MiB";
}

function counted(number, word) {
  return `${number}\u00a0${word}${number === 1 ? "" : "s"}`;
}

function byId(id) {
  return document.getElementById(id);
}

/// make("td", {className: "number"}, "text", element, ...)
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function numberCell(text, className = "") {
  return make("td", { className: `number ${className}` }, text);
}

/// A list of facts: [[name, value], ...].
function facts(pairs) {
  return pairs.map(([name, value, className = ""]) =>
    make("div", {}, make("dt", {}, name), make("dd", { className }, value)));
}

function fillOf(share) {
  const fill = make("span", { className: "fill" });
  fill.style.width = `${100 * Math.min(Math.max(share, 0), 1)}%`;
  return make("td", { className: "bar" }, fill);
}

/// What let a unit or a step begin, in words; `by` as a button that opens it. Empty: nothing did.
function causeOf(build, waited, by, open) {
  if (waited === kWaited.nothing || waited === kWaited.itself) {
    return [];
  }
  const what = { [kWaited.metadata]: "the metadata of ", [kWaited.artifact]: "all of ", [kWaited.slot]: "the slot of ",
    [kWaited.memory]: "the memory of " };
  return [what[waited], unitButton(build.units[by], open)];
}

function unitButton(unit, open) {
  const button = make("button", { type: "button", className: "link" }, unit.label);
  button.addEventListener("click", () => open(unit));
  return button;
}
