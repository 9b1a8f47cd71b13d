/* The counter: + and −, what is left of each, the sum, 照上次再来, and slips that were put aside on this phone. */
"use strict";
(() => {
  const KEY = "zongwu-held", form = document.querySelector("[data-counter]");
  const held = () => { try { return JSON.parse(localStorage.getItem(KEY) || "{}"); } catch { return {}; } };
  const keep = (all) => localStorage.setItem(KEY, JSON.stringify(all));

  const shelf = document.querySelector("[data-held]");
  if (shelf) {
    const list = shelf.querySelector("[data-held-list]");
    Object.entries(held()).forEach(([receiver, one]) => {
      const link = document.createElement("a"), item = document.createElement("li");
      link.href = `?${new URLSearchParams({ receiver, place: one.place, form: one.form || "issue", due_on: one.due_on || "", ...one.rows })}`;
      link.textContent = `${one.name}：${Object.keys(one.rows).length} 种`;
      item.append(link);
      list.append(item);
      shelf.hidden = false;
    });
  }
  if (!form) return;

  const rows = () => [...form.querySelectorAll("[data-rows] li[data-price]")];
  const box = (row) => row.querySelector("input");
  /* In the item's own unit, as the slip will say it: 2箱 is as many 包 as two boxes hold. A unit that nobody knows is NaN. */
  const asked = (row) => {
    const fits = /^(\d+(?:\.\d+)?)\s*(\S*)$/.exec(box(row).value.trim()), sizes = JSON.parse(row.dataset.sizes);
    return !box(row).value.trim() ? 0 : fits && (!fits[2] || fits[2] in sizes) ? Number(fits[1]) * (sizes[fits[2]] || 1) : Number.NaN;
  };
  const number = (row) => asked(row) || 0, unit = (row) => Object.entries(JSON.parse(row.dataset.sizes)).find(([, size]) => size === 1)[0];
  const plain = (many) => String(Math.round(many * 1000) / 1000);

  function said(row) {
    const many = number(row), left = Number(row.dataset.here) - many, alarm = Number(row.dataset.alarm), quota = row.dataset.quota;
    const words = row.querySelector("[data-says]");
    row.classList.toggle("on", many > 0);
    if (Number.isNaN(asked(row))) { words.className = "ink-bad"; words.textContent = `「${box(row).value.trim()}」看不懂，请写数字，可以带单位：${Object.keys(JSON.parse(row.dataset.sizes)).join("、")}`; return; }
    if (!many) { words.className = ""; words.textContent = `库里 ${row.dataset.here}${quota === "" ? "" : `，定额还能领 ${quota}`}`; return; }
    const packed = /\D$/.test(box(row).value.trim()) ? `合 ${plain(many)} ${unit(row)}，` : "";
    const over = left < 0, full = quota !== "" && many >= Number(quota), low = alarm > 0 && left <= alarm;
    words.className = over || (full && many > Number(quota)) ? "ink-bad" : full || low ? "ink-warn" : "";
    words.textContent = packed + (over ? `只有 ${row.dataset.here}，不够` : `领后剩 ${plain(left)}${full ? (many > Number(quota) ? `，超过定额 ${quota}` : "，定额已满") : low ? `，低于 ${plain(alarm)}` : ""}`);
  }
  function told() {
    const chosen = rows().filter(number), pieces = chosen.reduce((sum, row) => sum + number(row), 0);
    rows().forEach(said);
    form.querySelector("[data-many]").textContent = chosen.length ? `${chosen.length} 种 ${plain(pieces)} 件` : "还没有选";
    const sum = chosen.reduce((total, row) => total + number(row) * Number(row.dataset.price), 0);
    form.querySelector("[data-sum]").textContent = chosen.length ? `大约 ${sum.toFixed(2)} 元` : "";
    document.querySelector("[data-go]").textContent = chosen.length ? `出库 ${plain(pieces)} 件` : "出库";
  }
  function set(row, many) { box(row).value = plain(Math.max(0, many)); told(); }

  form.addEventListener("click", (event) => {
    const press = event.target.closest("[data-less], [data-more]");
    if (press) set(press.closest("li"), number(press.closest("li")) + ("more" in press.dataset ? 1 : -1));
    if (event.target.closest("[data-repeat]")) {
      const again = JSON.parse(form.dataset.again);
      rows().forEach((row) => { const many = again[box(row).name.slice(2)]; if (many) box(row).value = plain(number(row) + Number(many)); });
      told();
    }
  });
  form.addEventListener("input", told);
  form.addEventListener("change", (event) => {
    if (event.target.name === "form") form.querySelector("[data-due]").hidden = event.target.value !== "loan";
  });
  const other = form.querySelector("[data-other]");
  if (other) other.addEventListener("change", () => {
    if (!other.value) return;
    const data = new URLSearchParams({ place: form.elements.place.value, receiver: form.dataset.receiver, form: form.elements.form.value });
    rows().filter(number).forEach((row) => data.set(box(row).name, box(row).value));
    data.set(`q-${other.value}`, "1");
    location.assign(`?${data}`);
  });
  const hold = document.querySelector("[data-hold]");
  hold.addEventListener("click", () => {
    const chosen = Object.fromEntries(rows().filter(number).map((row) => [box(row).name, box(row).value]));
    keep({ ...held(), [form.dataset.receiver]: { name: form.dataset.name, place: form.elements.place.value, form: form.elements.form.value, due_on: form.elements.due_on.value, rows: chosen } });
    location.assign(location.pathname);
  });
  form.addEventListener("submit", () => { const all = held(); delete all[form.dataset.receiver]; keep(all); });
  told();
})();
