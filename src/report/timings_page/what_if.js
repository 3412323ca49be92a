// SPDX-License-Identifier: MIT OR Apache-2.0
// What if a crate were faster, on so many cores. All answers come with the page: they are those of
// `pcargo timings --what-if`, whose words stand beside them.

const kShares = [[100, "all"], [75, "75 %"], [50, "half"], [25, "a quarter"], [0, "none"]];

function fillChoices(select, choices) {
  select.append(...choices.map(([value, text]) => make("option", { value }, text)));
}

/// `whatIf.walls`: by crate, by share of its time (0, 25, 50, 75 %), by number of cores.
function showWhatIf(build) {
  const { cores, shares, crates, walls, asItIs } = build.whatIf;
  byId("what-if").hidden = crates.length === 0;
  const [crate, share, core] = ["what-if-crate", "what-if-share", "what-if-cores"].map(byId);
  fillChoices(crate, crates.map((name, i) => [i, name]));
  fillChoices(share, kShares);
  fillChoices(core, cores.map((count, i) => [i, counted(count, "core")]));
  share.value = 0;
  core.value = cores.indexOf(build.busyCores);
  const answer = () => {
    const isChanged = Number(share.value) !== 100;
    const wall = isChanged ? walls[crate.value][shares.indexOf(Number(share.value))][core.value] : asItIs[core.value];
    const less = asItIs[cores.indexOf(build.busyCores)] - wall;
    const change = Math.abs(less) < 5000 ? "no difference" : `${seconds(Math.abs(less))} ${less > 0 ? "less" : "more"}`;
    const words = [...(isChanged ? [`${crates[crate.value]}=${share.value}%`] : []), `cores=${cores[core.value]}`];
    byId("what-if-answer").replaceChildren(make("strong", {}, seconds(wall)), `, ${change}`);
    byId("what-if-words").textContent = `pcargo timings --what-if '${words.join(",")}'`;
  };
  [crate, share, core].forEach((select) => select.addEventListener("change", answer));
  answer();
}
