/* What a phone did without signal waits here and is sent exactly once: each piece has a key made on the phone, and the
   server answers a key that it knows with what it answered before. All field pages share this queue. */
"use strict";
window.outbox = (() => {
  const NAME = "zongwu", STORE = "outbox", AGAIN = 15000, PATIENCE = 8;
  const who = document.body ? document.body.dataset.who : "";
  const watchers = new Set();
  let sending = false;

  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  async function store(mode, work) {
    const base = await opened;
    return new Promise((resolve, reject) => {
      const turn = base.transaction(STORE, mode);
      const asked = work(turn.objectStore(STORE));
      turn.oncomplete = () => resolve(asked && asked.result);
      turn.onabort = turn.onerror = () => reject(turn.error);
    });
  }
  const all = async () => (await store("readonly", (box) => box.getAll())).sort((one, other) => one.order - other.order);
  const mine = async () => (await all()).filter((one) => one.who === who && !one.problem);
  const refused = async () => (await all()).filter((one) => one.who === who && one.problem);

  /* Whether something for this address waits. */
  const waits = async (url) => (await mine()).some((one) => one.url === url);

  /* A key that nobody else makes; randomUUID is missing where the page is not encrypted. */
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* At the head of every field page: what waits, and whether there is signal. */
  function chip(waiting, others) {
    const shown = document.querySelector("[data-waiting]"), online = navigator.onLine;
    if (!shown) return;
    shown.hidden = !waiting && !others && online;
    shown.className = `state ${online && !waiting ? "ok" : "warn"}`;
    const words = [waiting ? `待上传 ${waiting}` : online ? "" : "没有信号", others ? `别人的 ${others} 条等他登录` : ""];
    shown.querySelector("[data-words]").textContent = words.filter(Boolean).join("，");
  }

  /* What the server refused and a page asked to keep: told with the reason until somebody sends it again or lets it go. */
  async function held() {
    const box = document.querySelector("[data-unsent]"), drawn = document.getElementById("unsent-row");
    if (!box || !drawn) return;
    const rows = (await refused()).map((one) => {
      const row = drawn.content.cloneNode(true);
      row.querySelector("[data-problem]").textContent = one.problem;
      row.querySelector("[data-again]").addEventListener("click", () => again(one));
      row.querySelector("[data-drop]").addEventListener("click", () => drop(one));
      return row;
    });
    box.replaceChildren(...rows);
    box.hidden = !rows.length;
  }
  async function again(one) {
    const fresh = { ...one };
    delete fresh.problem;
    await store("readwrite", (box) => box.put(fresh));
    await tell();
    flush();
  }
  async function drop(one) {
    await store("readwrite", (box) => box.delete(one.key));
    await tell();
  }

  async function tell() {
    const waiting = (await all()).filter((one) => !one.problem);
    const others = waiting.filter((one) => one.who !== who).length;
    chip(waiting.length - others, others);
    await held();
  }

  /* Put it into the box first, then try to send: what is in the box survives a dead battery. */
  async function add(url, fields, note) {
    const one = { key: newKey(), who, url, fields, note, order: Date.now() + Math.random(), device_at: new Date().toISOString() };
    await store("readwrite", (box) => box.add(one));
    await tell();
    flush();
    return one.key;
  }

  async function send(one) {
    const body = new FormData();
    Object.entries({ ...one.fields, key: one.key, device_at: one.device_at }).forEach(([name, value]) => body.append(name, value));
    const token = document.cookie.split("; ").map((pair) => pair.split("=")).find(([name]) => /csrf/i.test(name));
    return fetch(one.url, {
      method: "POST", body, credentials: "same-origin", redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": token ? decodeURIComponent(token[1]) : "" },
    });
  }

  /* In the order in which it was done. A refusal is an answer: it is told, and the piece leaves the box. */
  async function flush() {
    if (sending || !navigator.onLine) return;
    sending = true;
    try {
      for (const one of await mine()) {
        let answer;
        try { answer = await send(one); } catch { break; }
        const fault = answer.status >= 500, tries = (one.tries || 0) + 1;
        if (answer.type === "opaqueredirect" || answer.status === 401 || (fault && tries < PATIENCE)) {
          if (fault) await store("readwrite", (box) => box.put({ ...one, tries }));
          watchers.forEach((watch) => watch({ stopped: fault ? "服务器忙，过一会儿再传。" : "登录已过期，请重新登录，扫过的都还在手机里。" }));
          break;
        }
        const unread = answer.status === 403 ? "没有权限做这一步，或者页面放得太久了；请刷新后再试。" : fault ? "服务器一直收不下这一条，请告诉管理员。" : "服务器的回答看不懂，请把这一条记下来告诉管理员。";
        const said = await answer.json().catch(() => ({ problem: unread }));
        const here = one.note && one.note.filled && one.url === location.pathname && document.getElementById(one.note.form);
        const stays = !answer.ok && one.note && one.note.keep && (!here || fault); // what is still filled in on this page needs no copy
        await store("readwrite", (box) => (stays ? box.put({ ...one, problem: said.problem || "没有收下，请告诉管理员。" }) : box.delete(one.key)));
        const last = !(await mine()).length;
        watchers.forEach((watch) => watch({ answered: one, said, ok: answer.ok, last }));
      }
    } finally {
      sending = false;
      await tell();
    }
  }

  /* Pages that stay open without signal, with the program's files that they need. */
  async function keepPage(keep, more = []) {
    if (!("serviceWorker" in navigator)) return;
    await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    const ready = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType("resource").map((one) => one.name).filter((url) => url.includes("/static/"));
    navigator.serviceWorker.addEventListener("message", (event) => { if (event.data.kept) document.body.dataset.kept = "1"; });
    ready.active.postMessage({ who, keep, files: [...files, ...more].filter(Boolean) });
  }

  addEventListener("online", flush);
  addEventListener("offline", tell);
  setInterval(flush, AGAIN);
  return { add, flush, mine, waits, keepPage, watch: (watch) => { watchers.add(watch); tell(); } };
})();
