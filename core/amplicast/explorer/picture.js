"use strict";
// Drawing: whole pictures when things rest, rows alone while a slider moves.

// --- The picture -------------------------------------------------------------------------------

let drawing = 0;

async function redraw() {
  const mine = ++drawing;
  waiting = true;
  const began = performance.now();
  const patient = setTimeout(() => busy("Drawing …"), 250);
  try {
    const told = await ask(`/api/picture/${picture}?${query(compare ? { compare: "1" } : {})}`);
    await runtime;
    if (mine !== drawing || asking) return;
    if (!told.reliable && views.length && shown === picture) return;
    if (!UNMOVED.has(picture)) document.body.classList.toggle("stale", !told.reliable);
    await draw(told);
    performance.measure("amplicast-picture", { start: began });
  } catch (error) { complain(error); } finally {
    clearTimeout(patient);
    if (!asking) busy("");
    if (mine === drawing && !asking) waiting = false;
  }
}

let shown = "", worded = "";

// Registers of the report, escaped by the server; they stay as they are, opened or not, while the same.
function tell(words) {
  if (words === worded) return;
  worded = words;
  byId("words").replaceChildren(...new DOMParser().parseFromString(words, "text/html").body.childNodes);
}

async function draw(told) {
  byId("picture-title").textContent = told.title;
  byId("picture-subtitle").textContent = unbroken(told.subtitle.join("\n"));
  byId("caption").textContent = unbroken(told.caption);
  byId("chart").setAttribute("aria-label", told.alt);
  for (const view of views) view.result.finalize();
  const none = !told.specifications.length;
  byId("chart").dataset.name = told.name;
  byId("by-year").hidden = UNMOVED.has(told.name);
  byId("chart").hidden = byId("cursor-row").hidden = byId("readout").hidden = byId("caption").hidden = none;
  tell(told.words || "");
  const homes = told.specifications.map(() => document.createElement("div"));
  byId("panels").replaceChildren(...homes);
  views = await Promise.all(told.specifications.map(async (specification, i) => {
    const sets = named(specification);
    specification.config = { ...specification.config, aria: false };
    const result = await vegaEmbed(homes[i], specification, {
      mode: "vega-lite", renderer: "svg", actions: false, ast: true, tooltip: false, defaultStyle: false,
    });
    return { result, sets, home: homes[i], specification };
  }));
  shown = told.name;
  showCursor();
}

// Give every table of rows a name, so that a move can change its rows without a new picture.
function named(specification) {
  const sets = {};
  const visit = (node) => {
    if (node === null || typeof node !== "object") return;
    if (!Array.isArray(node) && node.data && node.data.values) {
      const name = `rows-${Object.keys(sets).length}`;
      sets[name] = node.data.values;
      node.data = { name };
    }
    for (const each of Object.values(node)) visit(each);
  };
  visit(specification);
  specification.datasets = sets;
  return sets;
}

// While a slider is dragged: new bands and lines at once; labels return when it rests.
function patch() {
  if (shown !== picture || !views.length || !YEARLY.has(picture)) return;
  const began = performance.now();
  const fan = picture === "copies" ? answer.copies : answer.amplification[state.task_class];
  const many = Object.values(answer.chances);
  const runs = views.map((view) => {
    let line = 0;
    for (const [name, old] of Object.entries(view.sets)) {
      const row = old[0] || {};
      let rows = null;
      if ("p05" in row) rows = bands(fan, picture === "copies", view);
      else if (picture === "threshold" && "p" in row) rows = many[line] ? chances(many, line++) : null;
      else if ("colour" in row || "n" in row) rows = [];
      if (rows) view.result.view.data(name, rows);
    }
    return view.result.view.runAsync();
  });
  Promise.all(runs).then(() => performance.measure("amplicast-redraw", { start: began }));
}

function bands(fan, log, view) {
  const layer = view.specification.layer.find((each) => each.encoding && each.encoding.y && each.encoding.y.field === "p50");
  const [low, high] = layer.encoding.y.scale.domain;
  const place = (value) => (value === null ? null : Math.min(high, Math.max(low, log ? Math.log10(Math.max(value, 1e-9)) : value)));
  return answer.years.map((x, i) => ({ x, ...Object.fromEntries(Object.keys(fan).map((q) => [q, place(fan[q][i])])) }));
}

function chances(many, line) {
  return answer.years.map((x, i) => ({ x, p: many[line][i] }));
}

// --- The year cursor ---------------------------------------------------------------------------

function showYear() {
  const place = answer.years.indexOf(Number(state.year));
  byId("readout").textContent = answer.readouts[place];
  byId("year").value = state.year;
  byId("year").setAttribute("aria-valuetext", answer.readouts[place]);
  byId("year-shown").textContent = state.year;
  showCursor();
}

function showCursor() {
  const mark = byId("cursor");
  mark.hidden = !YEARLY.has(shown) || views.length !== 1;
  if (mark.hidden) return;
  const { result, home } = views[0];
  const scale = result.view.scale("x"), box = home.getBoundingClientRect(), outer = byId("chart").getBoundingClientRect();
  const { left, top } = result.view.padding(), [x, y] = result.view.origin();
  mark.style.left = `${box.left - outer.left + left + x + scale(Number(state.year)) - 1}px`;
  mark.style.top = `${box.top - outer.top + top + y}px`;
  mark.style.height = `${result.view.height()}px`;
}

function toYear(year) {
  const first = answer.years[0], last = answer.years[answer.years.length - 1];
  state.year = String(Math.min(last, Math.max(first, year)));
  showYear();
  changed();
}

byId("year").addEventListener("input", (event) => toYear(Number(event.target.value)));
byId("chart").addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  toYear(Number(state.year) + step);
});
window.addEventListener("resize", () => setTimeout(showCursor, 120));
