/* A text of rows as a table: Enter and the arrows go on, a block of a spreadsheet is pasted whole. The textarea stays the form's field. */
"use strict";
(() => {
  const make = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
    node.append(...children);
    return node;
  };

  function table(area) {
    const columns = JSON.parse(area.dataset.grid);
    const offers = area.dataset.offers ? JSON.parse(area.dataset.offers) : [];
    const list = make("datalist", { id: `${area.id}_offers` }, ...offers.map((word) => make("option", { value: word })));
    const head = make("tr", {}, ...columns.map(([, label, , numeric]) => make("th", numeric ? { scope: "col", class: "num" } : { scope: "col" }, label)), make("th", { scope: "col" }, make("span", { class: "unseen" }, "删行")));
    const body = make("tbody");
    const grid = make("table", { class: "grid" }, make("thead", {}, head), body);
    const given = columns.some((column) => column[5]);
    const cells = (row) => [...row.querySelectorAll("input")];
    const rows = () => [...body.rows];

    /* What the rows come to, to hold against the invoice. Quantities in packs (2箱) are understood by the server only. */
    const sum = columns.some(([key]) => key === "quantity") && columns.some(([key]) => key === "price") ? make("p", { class: "sumbar", "aria-live": "polite" }) : null;
    function tell() {
      if (!sum) return;
      const fixed = columns.some(([key, , , , , given]) => key === "quantity" && given);
      const typed = (row, key) => row.querySelector(`[data-key=${key}]`).value.replace(/[,，\s]/g, "");
      const many = (row) => Number(fixed ? Number.parseFloat(typed(row, "quantity")) : typed(row, "quantity") || Number.NaN), price = (row) => Number(typed(row, "price"));
      const lines = rows().filter((row) => typed(row, "price")), priced = lines.filter((row) => Number.isFinite(price(row))), plain = priced.filter((row) => Number.isFinite(many(row)));
      const total = plain.reduce((all, row) => all + Math.round(many(row) * price(row) * 100), 0) / 100;
      sum.hidden = !lines.length;
      sum.textContent = `${plain.length} 行，合计 ${total.toLocaleString("zh-CN", { minimumFractionDigits: 2 })} 元${priced.length > plain.length ? `；另 ${priced.length - plain.length} 行带单位，保存时再算` : ""}${lines.length > priced.length ? `；${lines.length - priced.length} 行的单价不是数字` : ""}`;
    }
    function keep() {
      tell();
      area.value = rows().map((row) => cells(row).map((cell) => cell.value.replace(/[\t\r\n]+/g, " ").trim())).filter((line) => line.some(Boolean)).map((line) => line.join("\t")).join("\n");
    }
    function add(values = [], before = null) {
      const row = make("tr");
      columns.forEach(([key, label, wide, numeric, offered, fixed], at) => {
        const cell = make("input", { class: `cell w${wide}${numeric ? " num" : ""}`, "aria-label": label, "data-key": key, autocomplete: "off" });
        if (numeric) cell.setAttribute("inputmode", "text");
        if (offered && offers.length) cell.setAttribute("list", list.id);
        cell.value = values[at] || "";
        if (fixed) { cell.readOnly = true; cell.tabIndex = -1; }
        row.append(make("td", { "data-label": label }, cell));
      });
      if (given) { body.insertBefore(row, before); return row; }
      const off = make("button", { type: "button", class: "act s plain off", "aria-label": "删掉这一行" }, "×");
      off.addEventListener("click", () => { row.remove(); if (!body.rows.length) add(); keep(); });
      row.append(make("td", {}, off));
      body.insertBefore(row, before);
      return row;
    }
    function go(row, at) {
      const next = rows()[row] || (given ? null : add());
      if (!next) return;
      cells(next)[Math.min(at, columns.length - 1)].focus();
    }

    body.addEventListener("input", (event) => {
      const row = event.target.closest("tr");
      if (!given && row === body.lastElementChild && event.target.value) add();
      keep();
    });
    body.addEventListener("keydown", (event) => {
      if (event.isComposing || !event.target.matches("input")) return;
      const row = event.target.closest("tr"), at = cells(row).indexOf(event.target), number = rows().indexOf(row);
      if (event.key === "Enter") { event.preventDefault(); const next = cells(row).findIndex((cell, place) => place > at && !cell.readOnly); if (next > 0) cells(row)[next].focus(); else go(number + 1, columns.findIndex((column) => !column[5])); }
      if (event.key === "ArrowDown" && !event.target.hasAttribute("list")) { event.preventDefault(); go(number + 1, at); }
      if (event.key === "ArrowUp" && !event.target.hasAttribute("list") && number > 0) { event.preventDefault(); go(number - 1, at); }
    });
    body.addEventListener("paste", (event) => {
      const text = (event.clipboardData || window.clipboardData).getData("text");
      if (!/[\t\n]/.test(text.trim())) return;
      event.preventDefault();
      let row = event.target.closest("tr");
      const first = cells(row).indexOf(event.target);
      text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").forEach((line, at) => {
        if (at) row = row.nextElementSibling || (given ? null : add());
        if (!row) return;
        line.split("\t").forEach((value, by) => { const cell = cells(row)[first + by]; if (cell && !cell.readOnly) cell.value = value.trim(); });
      });
      if (!given && body.lastElementChild === row) add();
      keep();
    });

    area.value.split("\n").filter((line) => line.trim()).forEach((line) => add(line.split("\t")));
    JSON.parse(area.dataset.wrong || "[]").forEach((at) => { if (body.rows[at - 1]) cells(body.rows[at - 1]).forEach((cell) => cell.setAttribute("aria-invalid", "true")); });
    if (!given) add();
    area.hidden = true;
    area.removeAttribute("required");
    area.after(list, make("div", { class: "gridbox" }, grid), ...(sum ? [sum] : []));
    tell();
    const label = document.querySelector(`label[for="${area.id}"]`);
    if (label) label.addEventListener("click", () => cells(body.rows[0])[0].focus());
  }

  const begin = (root) => root.querySelectorAll("textarea[data-grid]:not([hidden])").forEach(table);
  begin(document);
  document.addEventListener("htmx:afterSettle", (event) => begin(event.target));
})();
