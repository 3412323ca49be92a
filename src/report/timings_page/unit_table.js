// SPDX-License-Identifier: MIT OR Apache-2.0
// The table of units: sorts by any column, filters by name, kind and reason. Arrows go from row to row.

const kFirstRows = 200;
const kColumns = [
  { name: "unit", of: (unit) => unit.label, isText: true },
  { name: "kind", of: (unit) => unit.kind, isText: true, isOptional: true },
  { name: "began", of: (unit) => unit.start ?? Infinity, show: (unit) => (unit.start === null ? kEnds[unit.end] : seconds(unit.start)) },
  { name: "took", of: (unit) => unit.took, show: (unit) => secondsOrNothing(unit.took) },
  { name: "frontend", of: (unit) => timeIn(unit, "frontend", "compile"), show: (unit) => secondsOrNothing(timeIn(unit, "frontend", "compile")), isOptional: true },
  { name: "codegen", of: (unit) => timeIn(unit, "codegen"), show: (unit) => secondsOrNothing(timeIn(unit, "codegen")), isOptional: true },
  { name: "link", of: (unit) => timeIn(unit, "link"), show: (unit) => secondsOrNothing(timeIn(unit, "link")), isOptional: true },
  { name: "processor", of: (unit) => unit.cpu, show: (unit) => secondsOrNothing(unit.cpu), isOptional: true },
  { name: "memory", of: (unit) => unit.peak, show: (unit) => (unit.peak > 0 ? bytes(unit.peak) : ""), isOptional: true },
  { name: "would win", of: (unit) => unit.gain, show: (unit) => secondsOrNothing(unit.gain) },
];

function secondsOrNothing(microseconds) {
  return microseconds > 0 ? seconds(microseconds) : "";
}

class UnitTable {
  constructor(build, open) {
    this.build = build;
    this.open = open;
    this.column = kColumns[3];
    this.isDescending = true;
    this.limit = kFirstRows;
    this.rows = new Map();
    this.body = make("tbody");
    this.head = make("tr", {}, ...kColumns.map((column) => this.headCell(column)));
    byId("units").append(make("thead", {}, this.head), this.body);
    this.body.addEventListener("keydown", (event) => this.keyDown(event));
    byId("filter").addEventListener("input", () => this.fill());
    byId("only-ran").addEventListener("change", () => this.fill());
    byId("show-all").addEventListener("click", () => this.fill(Infinity));
    this.fill();
  }

  headCell(column) {
    const button = make("button", { type: "button" }, column.name);
    button.addEventListener("click", () => {
      this.isDescending = this.column === column ? !this.isDescending : !column.isText;
      this.column = column;
      this.fill();
    });
    const className = `${column.isText ? "" : "number"} ${column.isOptional ? "optional" : ""}`;
    return make("th", { className, scope: "col" }, button);
  }

  sorted() {
    const words = byId("filter").value.toLowerCase().split(" ").filter((word) => word !== "");
    const onlyRan = byId("only-ran").checked;
    const sign = this.isDescending ? -1 : 1;
    const { of, isText } = this.column;
    const order = isText ? (a, b) => of(a).localeCompare(of(b)) : (a, b) => (of(a) === of(b) ? 0 : of(a) - of(b));
    return this.build.units
      .filter((unit) => (!onlyRan || unit.start !== null) &&
        words.every((word) => unit.lower.includes(word) || unit.kind.includes(word) || unit.why.toLowerCase().includes(word)))
      .sort((a, b) => sign * order(a, b) || a.id - b.id);
  }

  fill(limit = kFirstRows) {
    const units = this.sorted();
    const shown = units.slice(0, limit);
    this.rows = new Map(shown.map((unit) => [unit.id, this.rowOf(unit)]));
    this.body.replaceChildren(...this.rows.values());
    byId("shown").textContent = `${units.length} of ${counted(this.build.units.length, "unit")}`;
    byId("show-all").hidden = units.length <= shown.length;
    byId("show-all").textContent = `Show all ${units.length}`;
    [...this.head.children].forEach((cell, i) => {
      if (kColumns[i] === this.column) {
        cell.setAttribute("aria-sort", this.isDescending ? "descending" : "ascending");
      } else {
        cell.removeAttribute("aria-sort");
      }
    });
    this.body.querySelector("button")?.setAttribute("tabindex", "0");
    this.mark(this.chosen ?? null);
  }

  rowOf(unit) {
    const row = make("tr");
    for (const column of kColumns) {
      const className = `${column.isText ? "" : "number"} ${column.isOptional ? "optional" : ""}`;
      row.append(make("td", { className }, column.show ? column.show(unit) : column.of(unit)));
    }
    const button = unitButton(unit, this.open);
    button.tabIndex = -1;  // one of them is in the order of tabs, arrows go on from there
    row.firstChild.replaceChildren(button);
    row.firstChild.classList.add("name");
    row.firstChild.classList.toggle("on-path", unit.path.length > 0);
    return row;
  }

  mark(unit) {
    this.rows.get(this.chosen?.id)?.classList.remove("chosen");
    this.chosen = unit;
    this.rows.get(unit?.id)?.classList.add("chosen");
  }

  keyDown(event) {
    const row = event.target.closest("tr");
    const next = event.key === "ArrowDown" ? row.nextElementSibling : event.key === "ArrowUp" ? row.previousElementSibling : null;
    if (next) {
      const button = next.querySelector("button");
      event.target.tabIndex = -1;
      button.tabIndex = 0;
      button.focus();
      event.preventDefault();
    }
  }
}
