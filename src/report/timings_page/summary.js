// SPDX-License-Identifier: MIT OR Apache-2.0
// The head of the page, what would make the build shorter, and its path.

const kMostGains = 10;
const kLargeError = 0.1;
const kLeastWon = 5000;  // of less no two digits are left
const kFewSteps = 20;

function showHead(build) {
  const count = (...ends) => build.units.filter((unit) => ends.includes(unit.end)).length;
  document.title = `${seconds(build.wall, 1)} \u2013 ${build.command}`;
  byId("command").textContent = build.command;
  byId("about").textContent = [build.when, build.workspace, `rustc ${build.rustc}`, build.profile, build.processor]
    .filter((text) => text !== "" && text !== "rustc ").join(" \u00b7 ");
  byId("partial").hidden = build.isWhole;
  const failed = count(3);
  const stopped = count(4);
  const units = `${counted(count(2, 3), "unit")} ran, ${count(kFresh)} fresh` +
    (failed ? `, ${failed} failed` : "") + (stopped ? `, ${stopped} did not end` : "");
  byId("figures").append(...facts([
    ["it took", seconds(build.wall)],
    [`best possible on ${counted(build.busyCores, "core")}`, seconds(build.bound)],
    ["on any number of cores", seconds(build.unlimited)],
    ["jobs", build.jobs === build.cores ? `${build.jobs}` : `${build.jobs} on ${counted(build.cores, "core")}`],
    ["this build, simulated", seconds(build.simulated)],
    ["units", units, "small"],
  ]));
}

/// Names stand between backquotes.
function showAdvice(build) {
  const advice = build.advice ?? [];
  const most = Math.max(...advice.map((one) => one.won_us), 1);
  byId("advice").hidden = advice.length === 0;
  byId("advice-list").append(...advice.map(({ text, won_us: won }) => make("tr", {},
    numberCell(won >= kLeastWon ? `\u2212${seconds(won)}` : ""), fillOf(won / most),
    make("td", { className: "name" }, ...tame(text).split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part))))));
}

/// [[words, time], ...]
function showParts(name, parts) {
  const most = Math.max(...parts.map(([, took]) => took), 1);
  byId(name).append(...parts.map(([words, took]) => make("tr", {},
    numberCell(seconds(took)), fillOf(took / most), make("td", { className: "name" }, words))));
}

function showGains(build, open) {
  const gains = build.units.filter((unit) => unit.gain > 0).sort((a, b) => b.gain - a.gain || a.id - b.id);
  const most = gains.length > 0 ? gains[0].gain : 1;
  byId("gains").append(...gains.slice(0, kMostGains).map((unit) => make("tr", {},
    make("td", { className: "name" }, unitButton(unit, open)),
    numberCell(`\u2212${seconds(unit.gain)}`),
    fillOf(unit.gain / most))));
  if (gains.length === 0) {
    byId("gains").append(make("tr", {}, make("td", {}, "No unit alone would make this build shorter.")));
  }
}

function showCores(build) {
  const here = build.busyCores;
  const answers = build.onCores;
  const longest = Math.max(...answers.map(([, wall]) => wall));
  byId("on-cores").append(...answers.map(([cores, wall]) => make("tr", { className: cores === here ? "here" : "" },
    make("td", { className: "cores" }, counted(cores, "core")), numberCell(seconds(wall)), fillOf(wall / longest))));
  const best = Math.min(...answers.map(([, wall]) => wall));
  const [enough] = answers.find(([, wall]) => wall <= best * 1.02);
  byId("on-cores").before(make("p", {}, `More than ${counted(enough, "core")} would win nothing to speak of.`));
}

/// The simulator knows nothing of other work that the machine did; how far off it is for this build is how far to believe it.
function showDoubt(build) {
  const error = build.simulated / Math.max(build.wall, 1) - 1;
  byId("doubt").hidden = Math.abs(error) < kLargeError;
  byId("doubt").textContent = `The simulator has ${seconds(build.simulated)} for this build, ${Math.abs(100 * error).toFixed(0)} % ` +
    `${error < 0 ? "less" : "more"} than it took: whatever is simulated here may be as far off. Other work on the machine does that.`;
}

/// Phases of one unit that follow each other are one step.
function mergedSteps(build) {
  const steps = [];
  for (const step of build.path) {
    const last = steps.at(-1);
    if (last && step.waited === kWaited.itself) {
      last.to = step.to;
      last.phases.push(kPhaseNames[step.phase]);
    } else {
      steps.push({ ...step, phases: [kPhaseNames[step.phase]] });
    }
  }
  return steps;
}

function phasesOfStep(build, step) {
  const unit = build.units[step.unit];
  if (unit.kind === "script run") {
    return "run";
  }
  return unit.metadata === null && step.phases.length === 1 && step.phases[0] === "frontend"
    ? "compile" : step.phases.join(", ");
}

function showPath(build, open) {
  const row = (from, to, what, phases, cause) => make("tr", {},
    numberCell(seconds(from)), numberCell(seconds(to - from)), numberCell(`${(100 * (to - from) / build.wall).toFixed(0)}\u00a0%`),
    make("td", { className: "name" }, what), make("td", { className: "optional" }, phases), make("td", {}, ...cause));
  const head = make("tr", {}, ...["at", "took", "share"].map((name) => make("th", { className: "number", scope: "col" }, name)),
    make("th", { scope: "col" }, "what"), make("th", { className: "optional", scope: "col" }, "phases"),
    make("th", { scope: "col" }, "began after"));
  const rowOf = (step) => row(step.from, step.to, unitButton(build.units[step.unit], open),
    phasesOfStep(build, step), causeOf(build, step.waited, step.by, open));
  const body = make("tbody");
  byId("path").append(make("thead", {}, head), body);
  const unlocked = build.lockBegin + build.locked;
  const first = build.locked === 0 ? [row(0, build.planned, "planning", "", [])]
    : [row(0, build.lockBegin, "planning", "", []), row(build.lockBegin, unlocked, "another build in this directory", "", []),
      row(unlocked, build.planned, "planning", "", [])];
  const fill = (steps) => body.replaceChildren(...first,
    ...steps.map((step) => (step.count ? row(step.from, step.to, `${step.count} shorter steps`, "", []) : rowOf(step))),
    row(build.wall - build.tail, build.wall, "the end", "", []));
  const steps = mergedSteps(build);
  const few = longestSteps(steps);
  const more = byId("whole-path");
  more.hidden = few.length === steps.length;
  more.textContent = `Show all ${steps.length} steps`;
  more.addEventListener("click", () => {
    more.hidden = true;
    fill(steps);
  });
  fill(few);
}

/// The longest in their order; those between two of them are one: {from, to, count}.
function longestSteps(steps) {
  if (steps.length <= kFewSteps) {
    return steps;
  }
  const length = (step) => step.to - step.from;
  const shown = new Set([...steps].sort((a, b) => length(b) - length(a)).slice(0, kFewSteps / 2));
  const few = [];
  for (const step of steps) {
    const last = few.at(-1);
    if (shown.has(step)) {
      few.push(step);
    } else if (last && last.count) {
      last.to = step.to;
      last.count += 1;
    } else {
      few.push({ from: step.from, to: step.to, count: 1, only: step });
    }
  }
  return few.map((step) => (step.count === 1 ? step.only : step));
}
