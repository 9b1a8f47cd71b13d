/* A room looked through: the button says how many are there, and without signal the answer waits in the queue. */
"use strict";
(() => {
  const form = document.querySelector("[data-room]");
  if (!form) return;
  const cards = Number(form.dataset.cards);
  const button = document.querySelector("[data-all]");
  const flash = form.querySelector("[data-flash]");
  const sends = form.elements.for.value ? "，送签" : "";

  function count() {
    const wrong = new FormData(form);
    let odd = 0;
    wrong.forEach((value, name) => { odd += name.startsWith("how-") && value ? 1 : 0; });
    if (button) button.textContent = (odd ? `其余 ${cards - odd} 件都在` : `${cards} 件都在`) + sends;
  }
  function say(text, tone) {
    flash.className = `flash ${tone}`;
    flash.textContent = text;
    flash.hidden = false;
    flash.scrollIntoView({ block: "center" });
  }

  form.addEventListener("change", count);
  form.addEventListener("submit", async (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(form)].filter(([name, value]) => value && name !== "csrfmiddlewaretoken" && name !== "key"));
    await window.outbox.add(form.dataset.url, fields, {});
    say("没有信号，已经存在手机里，有信号时自动上传。", "info");
  });
  window.outbox.watch((told) => {
    const waits = document.querySelector("[data-waiting]");
    if ("waiting" in told) { waits.hidden = !told.waiting; waits.textContent = `待上传 ${told.waiting}`; }
    if (told.answered && told.answered.url === form.dataset.url) say(told.ok ? `已上传：${told.said.words}` : told.said.problem, told.ok ? "ok" : "bad");
    if (told.stopped) say(told.stopped, "bad");
  });
  window.outbox.keepPage([location.pathname]).catch(() => null);
  count();
})();
