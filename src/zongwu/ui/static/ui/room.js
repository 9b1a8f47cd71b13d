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
    if (button) button.textContent = (odd === cards ? "交上去" : odd ? `其余 ${cards - odd} 项都在` : `${cards} 项都在`) + sends;
  }
  function say(text, tone) {
    flash.className = `flash ${tone}`;
    flash.textContent = text;
    flash.hidden = false;
    flash.scrollIntoView({ block: "center" });
  }

  form.addEventListener("change", count);
  /* Into the queue first, whatever the phone thinks of its signal; what is answered is told, and the page moves on. */
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(form)].filter(([name, value]) => value && name !== "csrfmiddlewaretoken" && name !== "key"));
    const press = document.querySelector(".dock button");
    if (press) press.disabled = true;
    await window.outbox.add(form.dataset.url, fields, {});
    say("已经存在手机里，有信号时自动上传。", "info");
  });
  window.outbox.watch((told) => {
    const press = document.querySelector(".dock button");
    if (told.stopped) say(told.stopped, "bad");
    if (!told.answered || told.answered.url !== form.dataset.url) return;
    say(told.ok ? `已上传：${told.said.words}` : told.said.problem, told.ok ? "ok" : "bad");
    if (press) press.disabled = false;
    if (told.ok && told.said.url) setTimeout(() => location.assign(told.said.url), 900);
  });
  window.outbox.keepPage([location.pathname + location.search]).catch(() => null);
  count();
})();
