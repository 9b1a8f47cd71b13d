/* Forms of field pages go through the queue: into the phone first, whatever it thinks of its signal, and from there exactly once to
   the server. What the server says is told; what it refuses stays in the phone until somebody decides. */
"use strict";
(() => {
  const flash = document.querySelector("[data-flash]");
  function say(text, tone) {
    if (!flash) return;
    flash.className = `flash ${tone}`;
    flash.textContent = text;
    flash.hidden = false;
    flash.scrollIntoView({ block: "center" });
  }
  const presses = (form) => [...form.elements].filter((one) => one.type === "submit");

  /* Everything of a form that says something; a chosen file goes along, made small by photo.js. */
  function fieldsOf(form, submitter) {
    const said = new FormData(form), fields = {};
    if (submitter && submitter.name) said.append(submitter.name, submitter.value);
    said.forEach((value, name) => {
      const empty = value instanceof File ? !value.size : !value;
      if (!empty && name !== "csrfmiddlewaretoken" && name !== "key") fields[name] = value;
    });
    return fields;
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-queued]")) return;
    event.preventDefault();
    const url = form.dataset.url || location.pathname, pressed = event.submitter;
    const fields = fieldsOf(form, pressed);
    (form.dataset.queued === "step" ? [pressed] : presses(form)).forEach((one) => { if (one) one.disabled = true; });
    try {
      await window.outbox.add(url, fields, { form: form.id, keep: true, filled: form.matches("[data-look]") });
    } catch { // the phone's own store is full or closed: straight to the server, as without a script
      say("手机存不下了，直接上传；请不要离开这一页。", "warn");
      presses(form).forEach((one) => { one.disabled = false; });
      if (pressed && pressed.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: pressed.name, value: pressed.value }));
      form.submit();
      return;
    }
    say("已经存在手机里，有信号时自动上传。", "info");
    form.dispatchEvent(new CustomEvent("queued", { bubbles: true, detail: { fields, pressed } }));
  });

  window.outbox.watch((told) => {
    if (told.stopped) say(told.stopped, "bad");
    if (!told.answered) return;
    const form = told.answered.note && told.answered.note.form && document.getElementById(told.answered.note.form);
    const here = form && (form.dataset.url || location.pathname) === told.answered.url;
    say(told.ok ? `已上传：${told.said.words}` : told.said.problem, told.ok ? "ok" : "bad");
    if (here && !told.ok) presses(form).forEach((one) => { one.disabled = false; });
    if (here && told.ok && told.said.url) setTimeout(() => location.assign(told.said.url), 700);
    else if (told.ok && told.last && document.querySelector("[data-fresh]")) setTimeout(() => location.reload(), 700);
  });

  /* What was handed in without signal is not asked for again. */
  async function markWaiting() {
    for (const link of document.querySelectorAll(".goes a")) {
      const said = link.querySelector(".tap");
      if (said && await window.outbox.waits(link.getAttribute("href"))) said.textContent = "待上传";
    }
  }
  markWaiting();
  document.addEventListener("queued", async () => {
    const list = document.querySelector(".afield .top a");
    if (!navigator.onLine && document.querySelector("[data-look]")) say("已经存在手机里，有信号时自动上传。可以去查下一处了。", "info");
    if (list) list.focus({ preventScroll: true });
  });

  const words = (text) => (text || "").split(" ").filter(Boolean);
  const keep = document.querySelector("[data-keep]");
  if (keep) window.outbox.keepPage(words(keep.dataset.keep), words(keep.dataset.files)).catch(() => null);
})();
