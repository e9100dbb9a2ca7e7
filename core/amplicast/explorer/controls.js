"use strict";
// What can be moved, chosen and taken away.

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

const PACES = { live: "live", slow: "about 1 s", weighed: "weighed", none: "no effect here" };

async function marks() {
  const paces = await ask(`/api/pace?${query()}`).catch(() => ({}));
  for (const [name, pace] of Object.entries(paces)) {
    byId(`b-${name}`).textContent = PACES[pace];
    byId(`b-${name}`).className = `badge ${pace}`;
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
  return redraw();
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

byId("lamp-refit").addEventListener("click", () => { byId("refit").scrollIntoView(); byId("refit").click(); });

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
