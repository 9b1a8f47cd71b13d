/* A table of inputs that behaves like a spreadsheet: arrows, Enter, and a block pasted whole. */
"use strict";
(() => {
  const table = document.querySelector("[data-matrix]");
  if (!table) return;
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input.cell")]).filter((row) => row.length);
  const where = (cell) => { const row = rows.findIndex((one) => one.includes(cell)); return [row, rows[row].indexOf(cell)]; };
  const go = (row, at) => { const cell = rows[row] && rows[row][at]; if (cell) { cell.focus(); cell.select(); } };
  table.addEventListener("keydown", (event) => {
    if (!event.target.matches("input") || event.isComposing) return;
    const [row, at] = where(event.target), to = { ArrowUp: [row - 1, at], ArrowDown: [row + 1, at], Enter: [row + 1, at] }[event.key];
    if (to) { event.preventDefault(); go(...to); }
  });
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text");
    if (!event.target.matches("input") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const [row, at] = where(event.target);
    text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").forEach((line, down) => line.split("\t").forEach((value, right) => {
      const cell = rows[row + down] && rows[row + down][at + right];
      if (cell) cell.value = value.trim();
    }));
  });
})();
