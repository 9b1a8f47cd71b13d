/* Scanning on and on: a room's page never changes while thing after thing is held before the camera, typed, or read by a
   keyboard-wedge scanner. The phone judges at once from the list that it holds, so it works without signal; the server's
   word, when it comes, is the one that stands. */
"use strict";
(() => {
  const page = document.querySelector("[data-scan]");
  if (!page) return;
  const $ = (name) => document.querySelector(`[data-${name}]`);
  const NEXT = 2500;
  const TONES = {
    ok: [[880, 90]], moved: [[520, 140], [520, 140]], outside: [[440, 120], [330, 160]], again: [[660, 60], [660, 60], [660, 60]],
    unknown: [[220, 380]], surplus: [[740, 90]], refused: [[180, 500]],
  };
  const BUZZ = { ok: 60, moved: [120, 80, 120], outside: [60, 60, 200], again: [40, 40, 40, 40, 40], unknown: 400, surplus: 60, refused: [400, 100, 400] };
  const room = page.dataset.room;
  let list = { items: {}, codes: {}, rooms: {}, words: {} };
  let lately = { text: "", at: 0 };
  let sound = null;

  const counts = { ok: 0, moved: 0, again: 0, unknown: 0 };
  function count(said) {
    if (said === "outside" || said === "surplus") said = "unknown";
    if (said in counts) counts[said] += 1;
    Object.entries(counts).forEach(([name, number]) => { const at = $(`count-${name}`); if (at) at.textContent = number; });
    const bar = $("bar");
    if (bar) { bar.value = counts.ok; $("seen").textContent = `${counts.ok} / ${bar.max}`; $("left").textContent = bar.max - counts.ok > 0 ? `还差 ${bar.max - counts.ok}` : "都扫到了"; }
  }

  function beep(said) {
    if (navigator.vibrate) navigator.vibrate(BUZZ[said] || 60);
    try {
      sound = sound || new (window.AudioContext || window.webkitAudioContext)();
      let at = sound.currentTime;
      (TONES[said] || TONES.ok).forEach(([pitch, length]) => {
        const tone = sound.createOscillator(), loud = sound.createGain();
        tone.frequency.value = pitch;
        tone.type = said === "unknown" || said === "refused" ? "square" : "sine";
        loud.gain.value = 0.2;
        tone.connect(loud).connect(sound.destination);
        tone.start(at);
        tone.stop(at + length / 1000);
        at += length / 1000 + 0.05;
      });
    } catch { /* a phone that may not sound still shows and shakes */ }
  }

  function icon(name) {
    const drawn = page.querySelector(`template[data-icon="${name}"]`);
    return drawn ? drawn.content.cloneNode(true) : document.createTextNode("");
  }
  function flash(said, title, text) {
    const word = list.words[said] || { tone: "bad", label: title };
    const box = $("flash");
    box.className = `flash ${word.tone}`;
    const span = document.createElement("span"), bold = document.createElement("b");
    bold.textContent = word.label || title;
    span.append(bold, text);
    box.replaceChildren(icon(said), span);
    box.hidden = false;
  }
  function line(key, said, name, text) {
    const word = list.words[said] || { tone: "bad", label: "没有收" };
    const row = document.createElement("li");
    row.dataset.key = key;
    const state = document.createElement("span");
    state.className = `state ${word.tone}`;
    state.append(icon(said), word.label);
    const grow = document.createElement("div"), small = document.createElement("small");
    grow.className = "grow";
    small.textContent = text;
    grow.append(name, small);
    row.append(state, grow);
    return row;
  }

  /* What the phone thinks, from the list: the same rule as the server's, with what it knows. */
  function judge(text) {
    const label = /(?:^|\/p\/)([23456789A-HJ-NP-Z]{8})\/?$/i.exec(text);
    const number = (label && list.codes[label[1].toUpperCase()]) || text.toUpperCase();
    const item = list.items[number];
    if (!item) return { said: "unknown", name: text, text: "台账里没有，先记下" };
    const name = item.name;
    if (list.blind) return { said: item.seen === room ? "again" : "ok", name, text: number, item };
    if (item.seen === room) return { said: "again", name, text: `${number} · 已经扫过`, item };
    if (item.room === room) return { said: "ok", name, text: number, item };
    return { said: "moved", name, text: `${number} · 账上在 ${list.rooms[item.room] || "别处"}`, item };
  }

  async function take(text, quantity) {
    text = text.trim();
    if (!text) return;
    const thought = judge(text);
    if (thought.item) thought.item.seen = room;
    flash(thought.said, thought.name, `${thought.name} ${thought.text}`);
    beep(thought.said);
    count(thought.said);
    const fields = { code: text };
    if (quantity) fields.quantity = quantity;
    const key = await window.outbox.add(page.dataset.url, fields, { said: thought.said, name: thought.name });
    const time = new Date().toLocaleTimeString("zh-CN", { hour12: false });
    $("scans").prepend(line(key, thought.said, thought.name, `${thought.text} · ${time}`));
    while ($("scans").children.length > 60) $("scans").lastChild.remove();
  }

  /* Seen by the camera: the same sticker that stays in view is one scan. */
  function seen(text) {
    const now = Date.now();
    if (text === lately.text && now - lately.at < NEXT) { lately.at = now; return; }
    lately = { text, at: now };
    take(text);
  }

  window.outbox.watch((news) => {
    if (news.stopped) flash("refused", "没有上传", news.stopped);
    if (news.answered) {
      const row = $("scans").querySelector(`[data-key="${news.answered.key}"]`), thought = news.answered.note || {};
      if (!news.ok) {
        flash("refused", "没有收", news.said.problem || "");
        beep("refused");
        if (row) row.replaceWith(line(news.answered.key, "refused", thought.name || "", news.said.problem || ""));
      } else if (news.said.said !== thought.said) {
        /* another phone was quicker, or the register moved meanwhile: the server's word stands, and is told */
        flash(news.said.said, "", `${news.said.name} ${news.said.words}`);
        if (row) row.replaceWith(line(news.answered.key, news.said.said, news.said.name, news.said.words));
      }
    }
  });

  /* --- typed, or read by a scanner that types --- */
  const form = $("typed");
  if (form) form.addEventListener("submit", (event) => {
    const code = form.querySelector("[name=code]"), quantity = form.querySelector("[name=quantity]");
    event.preventDefault();
    take(code.value, quantity && quantity.value);
    code.value = "";
    if (quantity) quantity.value = "";
    code.focus();
  });
  const photo = $("photo");
  if (photo) photo.addEventListener("change", () => { if (photo.files.length) form.submit(); });
  const bare = $("bare");
  if (bare) bare.addEventListener("submit", async (event) => {
    event.preventDefault();
    const note = bare.querySelector("[name=note]"), name = note.value.trim();
    if (!name) return;
    const key = await window.outbox.add(page.dataset.url, { note: name }, { said: "surplus", name });
    flash("surplus", "", name);
    beep("surplus");
    count("surplus");
    $("scans").prepend(line(key, "surplus", name, "没有标签，已记下"));
    note.value = "";
    bare.closest("details").open = false;
  });

  /* --- the camera --- */
  async function reader() {
    if ("BarcodeDetector" in window) {
      const formats = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
      if (formats.includes("qr_code")) {
        const native = new window.BarcodeDetector({ formats: formats.filter((one) => ["qr_code", "code_128", "code_39"].includes(one)) });
        return async (canvas) => (await native.detect(canvas)).map((one) => one.rawValue);
      }
    }
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: page.dataset.reader, onload: resolve, onerror: reject });
      document.head.append(script);
    });
    window.ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => page.dataset.wasm }, fireImmediately: true });
    return async (canvas) => {
      const image = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const found = await window.ZXingWASM.readBarcodes(image, { formats: ["QRCode", "Code128", "Code39"], maxNumberOfSymbols: 1 });
      return found.map((one) => one.text);
    };
  }
  async function watchCamera() {
    const finder = $("finder"), video = $("video");
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    } catch { return; }
    finder.hidden = false;
    await video.play();
    const read = await reader();
    const canvas = document.createElement("canvas");
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 160));
      if (document.hidden || !video.videoWidth) continue;
      canvas.width = 640;
      canvas.height = Math.round(640 * video.videoHeight / video.videoWidth);
      canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0, canvas.width, canvas.height);
      for (const text of await read(canvas).catch(() => [])) seen(text);
    }
  }

  async function begin() {
    const answer = await fetch(page.dataset.list, { credentials: "same-origin" }).catch(() => null);
    if (answer && answer.ok) list = await answer.json();
    else flash("refused", "名单没有取到", "没有信号时先连上网打开一次这间房，以后没信号也能扫。");
    Object.assign(counts, list.counts || {});
    for (const waits of await window.outbox.mine()) {
      if (waits.url !== page.dataset.url) continue;
      const thought = judge(waits.fields.code || waits.fields.note);
      if (thought.item) thought.item.seen = room;
      count((waits.note || {}).said);
    }
    count("");
    page.dataset.ready = "1";
    await window.outbox.keepPage([location.pathname, page.dataset.list], [page.dataset.reader, page.dataset.wasm]);
    watchCamera();
  }
  begin();
})();
