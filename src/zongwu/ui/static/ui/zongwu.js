/* What a page does more with script than without: palette, preview, bulk bar, one submit per form, pickers.
   Every part works on plain links and forms; nothing here is needed. */
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (node) => node.closest("input, textarea, select, [contenteditable]");
  document.documentElement.classList.add("scripted");
  document.addEventListener("change", (event) => {  // a choice on which the rest of the form depends
    const name = event.target.dataset && event.target.dataset.reload;
    if (name) location.assign(`?${new URLSearchParams({ [name]: event.target.value })}`);
  });

  /* --- palette: Ctrl+K or /, arrows, Enter, Ctrl+Enter, Esc --- */
  const palette = $("#palette");
  let before = null;

  function openPalette() {
    if (!palette) return;
    before = document.activeElement;
    palette.hidden = false;
    all("body > :not(#palette)").forEach((node) => node.toggleAttribute("inert", true));
    $("input", palette).select();
    $("input", palette).focus();
  }
  function closePalette() {
    palette.hidden = true;
    all("body > [inert]").forEach((node) => node.removeAttribute("inert"));
    if (before) before.focus();
  }
  function stepHit(by) {
    const hits = all("a.hit", palette);
    if (!hits.length) return;
    const at = hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
    hits.forEach((hit) => hit.setAttribute("aria-selected", "false"));
    const next = hits[(at + by + hits.length) % hits.length];
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
  }
  function openHit(event) {
    const hit = $('a.hit[aria-selected="true"]', palette) || $("a.hit", palette);
    if (!hit) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) window.open(hit.href, "_blank", "noopener");
    else location.assign(hit.href);
  }

  document.addEventListener("keydown", (event) => {
    const open = palette && !palette.hidden;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return open ? closePalette() : openPalette();
    }
    if (open) {
      if (event.key === "Escape") { event.preventDefault(); closePalette(); }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); stepHit(event.key === "ArrowDown" ? 1 : -1); }
      if (event.key === "Enter" && !event.isComposing) openHit(event);
      return undefined;
    }
    if (event.key === "Escape") {
      const menu = $("details.menu[open], details.drawer[open]");
      if (menu) { menu.open = false; $("summary", menu).focus(); } else shutPeek();
    }
    if (event.key === "/" && !typing(event.target) && palette) { event.preventDefault(); openPalette(); }
    if (event.key === "Enter" && event.ctrlKey && event.target.form) event.target.form.requestSubmit();
    return undefined;
  });

  /* --- preview beside the list, on wide screens --- */
  const wide = () => matchMedia("(min-width: 1280px)").matches;
  let opened = null;

  function openPeek(row) {
    const peek = $("#peek");
    if (!peek || !window.htmx) return;
    if (opened) opened.classList.remove("open");
    opened = row;
    row.classList.add("open");
    peek.hidden = false;
    $("#split").classList.remove("bare");
    document.body.classList.add("slim");
    window.htmx.ajax("GET", row.dataset.peek, { target: "#peek", swap: "innerHTML" });
  }
  function shutPeek() {
    const peek = $("#peek");
    if (!peek || peek.hidden) return;
    peek.hidden = true;
    $("#split").classList.add("bare");
    document.body.classList.remove("slim");
    if (opened) { opened.classList.remove("open"); $("a", opened).focus(); opened = null; }
  }

  /* --- bulk bar: how many and how much is chosen, in fen so that nothing is rounded --- */
  const fen = (text) => {
    const [yuan, rest = ""] = text.split(".");
    return Number(yuan) * 100 + Math.sign(Number(yuan) || 1) * Number((rest + "00").slice(0, 2));
  };
  const money = (amount) => (amount / 100).toLocaleString("zh-CN", { minimumFractionDigits: 2 });

  function count() {
    const form = $("#chosen");
    const bar = form && $(".bulk", form);
    if (!bar) return;
    const ticks = all('input[name="ids"]', form);
    const chosen = ticks.filter((tick) => tick.checked);
    ticks.forEach((tick) => tick.closest("tr").classList.toggle("picked", tick.checked));
    bar.hidden = chosen.length === 0;
    $("[data-count]", bar).textContent = chosen.length;
    if ($("[data-sum]", bar)) $("[data-sum]", bar).textContent = money(chosen.reduce((sum, tick) => sum + fen(tick.dataset.amount), 0));
    all("[data-all]", form).forEach((tick) => {
      tick.checked = chosen.length > 0 && chosen.length === ticks.length;
      tick.classList.toggle("some", chosen.length > 0 && chosen.length < ticks.length);
    });
  }

  document.addEventListener("change", (event) => {
    const tick = event.target;
    if (tick.matches("[data-all]")) all('#chosen input[name="ids"]').forEach((one) => { one.checked = tick.checked; });
    if (tick.matches('[data-all], #chosen input[name="ids"]')) count();
  });

  /* --- a drawer whose form comes when it opens: the field that was asked for gets the cursor --- */
  function focusIn(drawer) {
    const field = drawer && drawer.dataset.focus && $(drawer.dataset.focus, drawer);
    if (field) { field.focus(); delete drawer.dataset.focus; }
  }

  /* --- clicks --- */
  document.addEventListener("click", (event) => {
    const at = event.target;
    const menus = all("details.menu[open], details.drawer[open]").filter((menu) => !menu.contains(at));
    menus.forEach((menu) => { menu.open = false; });
    if (at.closest("[data-palette]")) { event.preventDefault(); openPalette(); return; }
    if (at.matches("[data-close]")) { closePalette(); return; }
    if (at.closest("[data-shut]")) { shutPeek(); return; }
    if (at.closest("[data-clear]")) { all("#chosen input").forEach((tick) => { tick.checked = false; }); count(); return; }
    const copy = at.closest("[data-copy]");
    if (copy && navigator.clipboard) { navigator.clipboard.writeText(copy.dataset.copy).then(() => copy.classList.add("on")); return; }
    const opener = at.closest("[data-opens]");
    if (opener) {
      const drawer = document.getElementById(opener.dataset.opens);
      if (drawer) { event.preventDefault(); drawer.open = true; drawer.dataset.focus = opener.getAttribute("href"); focusIn(drawer); }
      return;
    }
    const row = at.closest("tr[data-peek]");
    if (row && wide() && !at.closest("a, button, input, label") && !event.ctrlKey && !getSelection().toString()) openPeek(row);
  });

  /* --- one submit per form: the second press is the first again, so it need not be sent --- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  addEventListener("pageshow", () => all("[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  /* --- long selects become searchable: type characters or initials --- */
  function searchable(select) {
    if (select.dataset.searched || select.multiple || select.options.length < 12) return;
    select.dataset.searched = "1";
    const field = document.createElement("input");
    field.type = "search";
    field.className = "field sieve";
    field.placeholder = "输几个字或首字母来找";
    field.setAttribute("aria-label", `在选项里找：${select.labels[0] ? select.labels[0].textContent.trim() : ""}`);
    const options = [...select.options];
    field.addEventListener("input", () => {
      const words = field.value.trim().toLowerCase();
      const fits = (option) => `${option.text.toLowerCase()} ${option.dataset.initials || ""}`.includes(words);
      select.replaceChildren(...options.filter((option) => !words || !option.value || option.selected || fits(option)));
      const first = options.find((option) => words && option.value && fits(option));
      if (first && !(select.value && fits(select.selectedOptions[0]))) select.value = first.value;
    });
    select.before(field);
  }
  const upgrade = (root) => all(".fields select", root).forEach(searchable);

  document.addEventListener("DOMContentLoaded", () => {
    const here = document.querySelector(".siblings [aria-current]");
    if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 12;  // on a phone the row of pages is longer than the screen
    upgrade(document);
    count();
    document.addEventListener("htmx:afterSwap", (event) => { upgrade(document); count(); focusIn(event.target.closest("details.drawer")); });
  });
})();
