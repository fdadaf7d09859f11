// Small comforts; every page works without them.
"use strict";

// A list that says so submits its form when it changes.
for (const field of document.querySelectorAll("[data-submit]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}

// "Select all" of a table of checkboxes.
for (const box of document.querySelectorAll("[data-select-all]")) {
  box.addEventListener("change", () => {
    for (const each of document.querySelectorAll(`input[name="${box.dataset.selectAll}"]`)) each.checked = box.checked;
  });
}

// A page that waits for something looks again.
const waiting = document.querySelector("[data-reload]");
if (waiting) setTimeout(() => location.reload(), Number(waiting.dataset.reload) * 1000);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
