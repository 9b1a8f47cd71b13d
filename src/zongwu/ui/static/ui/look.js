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
  function count() {
    const wrong = rows.filter(odd);
    rows.forEach((row) => row.classList.toggle("odd", wrong.includes(row)));
    const fine = rows.length - wrong.length;
    if (button) button.textContent = wrong.length ? `${fine ? `${fine} 项正常，` : ""}${wrong.length} 项异常，交` : `${rows.length} 项正常，交`;
  }
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
