"use strict";
// The page: one state, its address, and what the server says of it. No library but Vega.

const setup = JSON.parse(document.getElementById("setup").textContent);
const byId = (id) => document.getElementById(id);
const sliders = new Map(setup.sliders.map((each) => [each.name, each]));
const places = ["actor", "regime", "task_class", "variant", "quantity"];
const YEARLY = new Set(["copies", "amplification", "threshold"]);
const UNMOVED = new Set(["learned", "about"]); // tabs on the run as it was made
const QUICK = 150; // ms within which an answer belongs to a slider that is still moving
const SETTLED = 220; // ms of rest after which labels and axes are placed anew

const state = { ...setup.state };
let picture = setup.tabs[0];
let compare = false;
let answer = setup.answer;
let views = [];

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
  if (picture !== setup.tabs[0]) kept.set("picture", picture);
  if (compare) kept.set("compare", "1");
  history.replaceState(null, "", `${location.pathname}${kept.size ? "?" : ""}${kept}`);
  byId("get-scenario").href = `/scenario.toml?${query()}`;
  for (const kind of ["svg", "png"]) byId(`get-${kind}`).href = `/figure/${picture}.${kind}?${query()}`;
  byId("get-csv").href = `/numbers.csv?${query({ picture })}`;
  for (const kind of ["svg", "png", "csv"]) byId(`get-${kind}`).parentElement.hidden = picture === "about";
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
let waiting = false; // a picture is still to come

function changed() {
  waiting = true;
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
  const began = performance.now();
  try {
    const told = await ask(`/api/answer?${query()}`);
    // While things are dragged, each quick answer is drawn; a slow one that nobody waits for is not.
    if (!again || performance.now() - began < QUICK) hear(told);
    complain(null);
  } catch (error) { if (!again) complain(error); }
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
  document.body.classList.toggle("working", Boolean(text));
  for (const id of ["headline", "picture"]) byId(id).setAttribute("aria-busy", String(Boolean(text)));
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
  byId("lamp-refit").hidden = told.reliable;
  byId("lamp-text").textContent = lamp ? lamp.text : "Lamp off: nothing fitted is moved.";
}

const unbroken = (text) => text.replaceAll(" %", "\u00a0%");

function showWords() {
  byId("short").textContent = answer.short;
  const lines = answer.headline.map((text) => Object.assign(document.createElement("p"), { textContent: unbroken(text) }));
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
