/* The worker's page: a step that was pressed looks pressed at once, whether there is signal or not. */
"use strict";
(() => {
  document.addEventListener("queued", (event) => {
    const { fields, pressed } = event.detail, job = event.target.closest("[data-job]");
    if (!job) return;
    if (!job.querySelector(".three") || fields.verb === "finish" || fields.verb === "hold") {
      job.classList.add("sent");
      job.querySelectorAll("button, summary").forEach((one) => { one.disabled = true; });
      return;
    }
    pressed.classList.remove("go");
    pressed.classList.add("was");
    pressed.append(Object.assign(document.createElement("small"), { textContent: "已记下" }));
    const next = pressed.nextElementSibling;
    if (next && !next.disabled) next.classList.add("go");
  });
  document.querySelectorAll("[data-opens]").forEach((link) => link.addEventListener("click", () => {
    const part = document.querySelector(link.getAttribute("href"));
    part.open = true;
    const photo = part.querySelector("input:not([type=hidden])");
    if (photo) photo.focus({ preventScroll: true });
  }));
  document.addEventListener("change", (event) => {
    if (event.target.type === "file") event.target.closest("label").classList.toggle("has", Boolean(event.target.files.length));
  });
})();
