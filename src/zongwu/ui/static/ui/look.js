/* A point looked through: opening an item means that something is wrong with it, and the button says what is handed in. */
"use strict";
(() => {
  const form = document.querySelector("[data-look]");
  if (!form) return;
  const button = document.querySelector("[data-all]");
  const rows = [...form.querySelectorAll(".looks > li")];
  const other = (row) => [...row.querySelectorAll('input[type=radio][name^="say-"]')].pop();

  function odd(row) {
    const said = row.querySelector('input[type=radio][name^="say-"]:checked');
    const reading = row.querySelector("[data-least],[data-most]");
    if (reading && reading.value) {
      const number = Number(reading.value), { least, most } = reading.dataset;
      if ((least !== undefined && number < Number(least)) || (most !== undefined && number > Number(most))) return true;
    }
    return Boolean(said && said.value && !("fine" in said.dataset));
  }
  /* What an item still wants before it can be handed in; empty where nothing. */
  function lacks(row) {
    const absent = row.querySelector("[name^=absent-]"), reading = row.querySelector("[name^=number-]"), chosen = row.querySelector(".says.inline");
    if (absent && absent.value.trim()) return "";
    if (reading && !reading.value.trim()) return "没有填读数";
    if (chosen && !chosen.querySelector(":checked")) return "还没有选";
    const photo = row.querySelector("input[type=file]");
    return row.dataset.photo && odd(row) && photo && !photo.files.length ? "异常要拍一张照片" : "";
  }
  function count() {
    const wrong = rows.filter(odd), open = rows.filter((row) => lacks(row)).length;
    rows.forEach((row) => row.classList.toggle("odd", wrong.includes(row)));
    const fine = rows.length - wrong.length;
    if (!button) return;
    if (open) button.textContent = `还有 ${open} 项没填全`;
    else button.textContent = wrong.length ? `${fine ? `${fine} 项正常，` : ""}${wrong.length} 项异常，交` : `${rows.length} 项正常，交`;
  }
  form.addEventListener("submit", (event) => {
    const first = rows.find((row) => lacks(row));
    rows.forEach((row) => { const said = row.querySelector("[data-lacks]"); said.textContent = lacks(row); said.hidden = !lacks(row); });
    if (!first) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const inner = first.querySelector("details");
    if (first.dataset.photo && odd(first)) inner.open = true;
    first.scrollIntoView({ block: "center" });
    const field = first.querySelector("[name^=number-], .says.inline input, input[type=file]");
    if (field) field.focus({ preventScroll: true });
  }, true);
  rows.forEach((row) => {
    const details = row.querySelector("details"), usual = details.querySelector('input[type=radio][name^="say-"]');
    details.querySelector("summary").addEventListener("click", () => {
      if (!usual) return;
      const opens = !details.open, chosen = details.querySelector('input[type=radio][name^="say-"]:checked');
      if (opens && chosen && !chosen.value) other(details).checked = true;
      if (!opens) usual.checked = true;
      count();
    });
  });
  form.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type === "file") input.closest("label").classList.toggle("has", Boolean(input.files.length));
    count();
  });
  form.addEventListener("input", count);
  count();
})();
