"use strict";
// The years one after another, for who did not ask for less motion.

const STEP = 900; // ms that a year is shown
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
let playing = 0;

function pause() {
  clearInterval(playing);
  playing = 0;
  told(false);
}

function told(on) {
  const button = byId("play");
  button.setAttribute("aria-label", on ? "Pause the years" : "Play the years");
  button.firstElementChild.textContent = on ? "❚❚" : "▶";
  // What changes every second is not read out; the year at which it stops is.
  for (const id of ["headline", "readout"]) byId(id).setAttribute("aria-live", on ? "off" : "polite");
}

function next() {
  const last = answer.years[answer.years.length - 1];
  if (asking || waiting) return; // the picture of this year is still to come
  if (Number(state.year) >= last) pause();
  else toYear(Number(state.year) + 1);
}

byId("play").addEventListener("click", () => {
  if (playing) { pause(); return; }
  told(true);
  if (Number(state.year) >= answer.years[answer.years.length - 1]) toYear(answer.years[0]);
  playing = setInterval(next, STEP);
});

// Whoever moves the year by hand has stopped it.
for (const id of ["year", "chart"]) byId(id).addEventListener("keydown", () => { if (playing) pause(); });
byId("year").addEventListener("pointerdown", () => { if (playing) pause(); });

function allow() {
  if (calm.matches && playing) pause();
  byId("play").hidden = calm.matches;
}
calm.addEventListener("change", allow);
allow();
