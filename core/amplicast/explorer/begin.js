"use strict";

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
  if (setup.tabs.includes(asked.get("picture"))) picture = asked.get("picture");
  compare = byId("compare").checked = asked.get("compare") === "1";
  showLamp(answer);
  document.body.classList.toggle("stale", !answer.reliable);
  showWords();
  choose(byId(`tab-${picture}`), false).then(marks);
}
