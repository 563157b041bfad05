/* Keys for those who want them, the wait date beside its decision, and focus on what is missing. Every page works without this file. */
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const keys = byId("keys");
  const hint = document.querySelector(".keyhint");
  const isOn = () => localStorage.getItem("hindsight-keys") === "on";
  if (keys) {
    keys.checked = isOn();
    hint.hidden = !keys.checked;
    keys.addEventListener("change", () => {
      localStorage.setItem("hindsight-keys", keys.checked ? "on" : "off");
      hint.hidden = !keys.checked;
    });
  }
  const go = (id) => byId(id) && byId(id).click();
  const acts = {
    j: () => go("after"),
    k: () => go("before"),
    g: () => location.assign("/"),
    c: () => location.assign("/cases"),
    "/": () => byId("q") && byId("q").focus(),
    d: () => { const first = document.querySelector('input[name="decision"]'); if (first) first.focus(); },
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
    if (!keys || !isOn() || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  const wait = document.querySelector('[data-for="wait"]');
  if (wait) {
    const show = () => { const chosen = document.querySelector('input[name="decision"]:checked'); wait.hidden = !(chosen && chosen.value === "wait"); };
    document.querySelectorAll('input[name="decision"]').forEach((each) => each.addEventListener("change", show));
    show();
  }
  const faults = byId("faults");
  if (faults) faults.focus();
  document.querySelectorAll("form[method=post]").forEach((form) => form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  }));
})();
