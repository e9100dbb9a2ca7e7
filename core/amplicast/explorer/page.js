"use strict";
// The page: one state, its address, and what the server says of it. No library but Vega.

const setup = JSON.parse(document.getElementById("setup").textContent);
const byId = (id) => document.getElementById(id);
const sliders = new Map(setup.sliders.map((each) => [each.name, each]));
const places = ["actor", "regime", "task_class", "variant", "quantity"];
const YEARLY = new Set(["copies", "amplification", "threshold"]);
const SETTLED = 220; // ms of rest after which labels and axes are placed anew

const state = { ...setup.state };
let picture = setup.pictures[0];
let compare = false;
let answer = setup.answer;
let views = [];
let live = {};

// --- The state and its address ---------------------------------------------------------------

function query(extra = {}) {
  const asked = new URLSearchParams(setup.run ? { run: setup.run } : {});
  for (const [key, value] of Object.entries(state)) asked.set(key, value);
  for (const [key, value] of Object.entries(extra)) asked.set(key, value);
  return asked.toString();
}

function remember() {
  const kept = new URLSearchParams(setup.run ? { run: setup.run } : {});
  for (const [key, value] of Object.entries(state)) if (setup.usual[key] !== value) kept.set(key, value);
  if (picture !== setup.pictures[0]) kept.set("picture", picture);
  if (compare) kept.set("compare", "1");
  history.replaceState(null, "", `${location.pathname}${kept.size ? "?" : ""}${kept}`);
  byId("get-scenario").href = `/scenario.toml?${query()}`;
  byId("get-svg").href = `/figure/${picture}.svg?${query()}`;
  byId("get-png").href = `/figure/${picture}.png?${query()}`;
  byId("get-csv").href = `/numbers.csv?${query({ picture })}`;
}

async function ask(path, options) {
  const response = await fetch(path, options);
  const told = await response.json().catch(() => ({ problems: [{ what: response.statusText }] }));
  if (response.ok) return told;
  const texts = told.problems.map((p) => [p.what, p.why, p.fix && `Fix: ${p.fix}`].filter(Boolean).join("\n"));
  throw new Error(texts.join("\n\n"));
}

function complain(error) {
  byId("notice").hidden = !error;
  byId("notice").textContent = error ? error.message : "";
}

// --- Asking: one question at a time, always the latest -----------------------------------------

let asking = false, again = false, settling = 0, patience = 0;

function changed() {
  remember();
  clearTimeout(settling);
  if (asking) { again = true; return; }
  inquire();
}

async function inquire() {
  asking = true;
  again = false;
  clearTimeout(settling);
  patience = setTimeout(() => busy("Working it out on all draws, about a second …"), 150);
  try {
    hear(await ask(`/api/answer?${query()}`));
    complain(null);
  } catch (error) { complain(error); }
  clearTimeout(patience);
  asking = false;
  if (again) inquire();
  else {
    busy("");
    settling = setTimeout(redraw, views.length && YEARLY.has(picture) ? SETTLED : 0);
  }
}

function busy(text) {
  byId("progress").hidden = !text;
  if (byId("status").textContent !== text) byId("status").textContent = text;
}

function hear(told) {
  showLamp(told);
  document.body.classList.toggle("stale", !told.reliable);
  if (!told.reliable) return; // what was reliable last stays, in grey
  answer = told;
  showWords();
  patch();
}

function showLamp(told) {
  const lamp = told.lamp;
  document.querySelector(".dot").className = `dot ${lamp ? lamp.colour : "off"}`;
  byId("lamp-text").textContent = lamp ? lamp.text : "Lamp off: nothing fitted is moved.";
}

function showWords() {
  const lines = answer.headline.map((text) => Object.assign(document.createElement("p"), { textContent: text }));
  byId("headline").replaceChildren(...lines);
  showYear();
  const [head, ...rows] = answer.rows;
  const cell = (kind, text, scope) => {
    const made = document.createElement(kind);
    made.textContent = text;
    if (scope) made.scope = scope;
    return made;
  };
  const line = (cells) => { const made = document.createElement("tr"); made.append(...cells); return made; };
  const thead = document.createElement("thead"), tbody = document.createElement("tbody");
  thead.append(line(head.map((text, i) => (i ? cell("th", text, "col") : cell("td", "")))));
  for (const row of rows) tbody.append(line(row.map((text, i) => (i ? cell("td", text) : cell("th", text, "row")))));
  byId("rows").replaceChildren(byId("rows").caption, thead, tbody);
}

// --- The picture -------------------------------------------------------------------------------

let drawing = 0;

async function redraw() {
  const mine = ++drawing;
  const began = performance.now();
  patience = setTimeout(() => busy("Drawing …"), 400);
  try {
    const told = await ask(`/api/picture/${picture}?${query(compare ? { compare: "1" } : {})}`);
    await runtime;
    if (mine !== drawing || asking) return;
    if (!told.reliable && views.length && shown === picture) return;
    document.body.classList.toggle("stale", !told.reliable);
    await draw(told);
    performance.measure("amplicast-picture", { start: began });
  } catch (error) { complain(error); } finally { clearTimeout(patience); if (!asking) busy(""); }
}

let shown = "";

async function draw(told) {
  byId("picture-title").textContent = told.title;
  byId("picture-subtitle").textContent = told.subtitle.join(" ");
  byId("caption").textContent = told.caption;
  byId("chart").setAttribute("aria-label", told.alt);
  for (const view of views) view.result.finalize();
  const homes = told.specifications.map(() => document.createElement("div"));
  byId("panels").style.setProperty("--many", homes.length);
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
  const many = Object.values(picture === "copies" ? { all: answer.copies } : answer[picture === "threshold" ? "chances" : "amplification"]);
  const runs = views.map((view, i) => {
    let line = 0;
    for (const [name, old] of Object.entries(view.sets)) {
      const row = old[0] || {};
      let rows = null;
      if ("p05" in row) rows = bands(many[i], picture === "copies", view);
      else if (picture === "threshold" && "p" in row) rows = many.length === views.length || many[line] ? chances(many, line++) : null;
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
  mark.style.left = `${box.left - outer.left + result.view.origin()[0] + scale(Number(state.year))}px`;
  mark.style.top = `${box.top - outer.top + result.view.origin()[1]}px`;
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

// --- Sliders -----------------------------------------------------------------------------------

function nearest(grid, value) {
  let best = 0;
  grid.forEach((each, i) => { if (Math.abs(each - value) < Math.abs(grid[best] - value)) best = i; });
  return best;
}

const said = (number) => String(Number(number.toPrecision(4)));

function attach(box) {
  const slider = sliders.get(box.dataset.name);
  const [range, number, back] = [box.querySelector("[type=range]"), box.querySelector("[type=number]"), box.querySelector(".back")];
  const unit = ["1", "fraction"].includes(slider.unit) ? "" : ` ${slider.unit}`;
  const end = slider.grid.length - 1;
  const at = (value) => {
    const above = slider.grid.findIndex((each) => each >= value);
    if (above <= 0) return above === 0 ? 0 : 100;
    const low = slider.grid[above - 1], high = slider.grid[above];
    return (100 * (above - 1 + (value - low) / (high - low))) / end;
  };
  const inset = (share) => `calc(8px + (100% - 16px) * ${share / 100})`;
  const [low, high] = slider.interval.map(at);
  box.querySelector(".bar").style.left = inset(low);
  box.querySelector(".bar").style.width = slider.fixed ? "0" : `calc((100% - 16px) * ${(high - low) / 100})`;
  box.querySelector(".tick").style.left = inset(at(slider.default));
  const key = `set.${slider.name}`;
  const show = (value, by) => {
    if (by !== range) range.value = nearest(slider.grid, value);
    if (by !== number) number.value = said(value);
    range.setAttribute("aria-valuetext", `${said(value)}${unit}`);
    box.classList.toggle("moved", value !== slider.default);
    back.disabled = value === slider.default;
  };
  const set = (value, by) => {
    show(value, by);
    if (value === slider.default) delete state[key]; else state[key] = String(value);
    changed();
  };
  range.addEventListener("input", () => set(slider.grid[Number(range.value)], range));
  number.addEventListener("change", () => {
    if (number.value === "" || !number.validity.valid) {
      complain(new Error(`${slider.label} goes from ${slider.grid[0]} to ${slider.grid[end]}${unit}.`));
      return;
    }
    complain(null);
    set(Number(number.value), number);
  });
  back.addEventListener("click", () => { set(slider.default, back); range.focus(); });
  box.reset = () => { show(slider.default, null); delete state[key]; };
  show(key in state ? Number(state[key]) : slider.default, null);
}

document.querySelectorAll(".slider").forEach(attach);

byId("reset").addEventListener("click", () => {
  document.querySelectorAll(".slider").forEach((box) => box.reset());
  state.variant = "";
  byId("variant").value = "";
  changed();
});
byId("compare").addEventListener("change", (event) => { compare = event.target.checked; remember(); redraw(); });

for (const name of places) {
  byId(name).addEventListener("change", (event) => {
    state[name] = event.target.value;
    if (name === "quantity") {
      state.threshold = event.target.value === "copies" ? "1000000" : "1";
      byId("threshold").value = state.threshold;
    }
    if (name === "actor" || name === "regime") marks();
    views.forEach((view) => view.result.finalize());
    views = [];
    changed();
  });
}
byId("threshold").addEventListener("change", (event) => {
  if (event.target.value === "") return;
  state.threshold = String(Number(event.target.value));
  changed();
});

async function marks() {
  live = await ask(`/api/live?${query()}`).catch(() => ({}));
  for (const [name, quick] of Object.entries(live)) {
    const badge = byId(`b-${name}`);
    if (sliders.get(name).kind === "belief") { badge.className = "badge weighed"; continue; }
    badge.textContent = quick ? "live" : "about 1 s";
    badge.className = `badge ${quick ? "live" : "slow"}`;
  }
}

// --- Tabs --------------------------------------------------------------------------------------

const tabs = [...document.querySelectorAll("[role=tab]")];

function choose(tab, focus) {
  for (const each of tabs) {
    each.setAttribute("aria-selected", String(each === tab));
    each.tabIndex = each === tab ? 0 : -1;
  }
  picture = tab.id.replace("tab-", "");
  byId("picture").setAttribute("aria-labelledby", tab.id);
  if (focus) tab.focus();
  remember();
  redraw();
}

tabs.forEach((tab, i) => {
  tab.addEventListener("click", () => choose(tab, false));
  tab.addEventListener("keydown", (event) => {
    const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(tabs[(to + tabs.length) % tabs.length], true);
  });
});

// --- Links and new runs ------------------------------------------------------------------------

byId("copy-link").addEventListener("click", async () => {
  remember();
  try { await navigator.clipboard.writeText(location.href); byId("status").textContent = "The link is copied."; }
  catch { byId("status").textContent = "The address bar holds the link."; }
});

let source = null;

byId("refit").addEventListener("click", async () => {
  const asked = new URLSearchParams(query());
  for (const box of document.querySelectorAll("[name=technique]:checked")) asked.append("technique", box.value);
  asked.append("combining", byId("combining").value);
  try {
    const { job } = await ask(`/api/jobs?${asked}`, { method: "POST", headers: { "x-amplicast-token": setup.token } });
    complain(null);
    listen(job);
  } catch (error) { complain(error); }
});

function say(content) {
  const line = document.createElement("li");
  line.append(content);
  byId("job-log").append(line);
  line.scrollIntoView({ block: "nearest" });
}

function listen(job) {
  byId("job-log").replaceChildren();
  byId("refit").disabled = true;
  byId("cancel").hidden = byId("job-progress").hidden = false;
  byId("cancel").onclick = () => ask(`/api/jobs/${job}/cancel`, { method: "POST", headers: { "x-amplicast-token": setup.token } }).catch(complain);
  source = new EventSource(`/api/jobs/${job}/events`);
  source.onmessage = (event) => say(JSON.parse(event.data).line);
  source.addEventListener("end", (event) => {
    source.close();
    byId("refit").disabled = false;
    byId("cancel").hidden = byId("job-progress").hidden = true;
    const { status, run } = JSON.parse(event.data);
    if (status === "done") {
      const link = document.createElement("a");
      link.href = `/?run=${encodeURIComponent(run)}`;
      link.textContent = "The new run is ready: open it";
      say(link);
    } else say(status === "cancelled" ? "Cancelled. What was fitted is kept." : "The run failed; see the lines above.");
  });
}

// --- Begin -------------------------------------------------------------------------------------

const runtime = new Promise((done, failed) => {
  const script = document.createElement("script");
  script.nonce = document.querySelector("script[src]").nonce;
  script.src = "/vega.js";
  script.onload = done;
  script.onerror = () => failed(new Error("The runtime of the pictures did not load; reload the page."));
  document.head.append(script);
});

{
  const asked = new URLSearchParams(location.search);
  if (setup.pictures.includes(asked.get("picture"))) picture = asked.get("picture");
  compare = byId("compare").checked = asked.get("compare") === "1";
  showLamp(answer);
  document.body.classList.toggle("stale", !answer.reliable);
  showWords();
  choose(byId(`tab-${picture}`), false);
  marks();
}
