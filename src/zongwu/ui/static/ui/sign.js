/* A field to sign in with a finger or a mouse: strokes as points of a 1000 x 400 field, drawn as lines.
   What was signed last is offered again; 重签 clears it. */
"use strict";
(() => {
  const WIDTH = 1000, HEIGHT = 400, MOST = 1500;
  const SVG = "http://www.w3.org/2000/svg";

  function path(points) {
    return "M" + points.map((point) => point.join(",")).join("L");
  }

  function pad(field) {
    const svg = field.querySelector("svg");
    const kept = document.getElementById(field.dataset.sign);
    let strokes = [], line = null, count = 0;

    function draw(points) {
      const made = document.createElementNS(SVG, "path");
      made.setAttribute("class", "ink");
      made.setAttribute("d", path(points));
      svg.append(made);
      return made;
    }
    function keep() {
      kept.value = strokes.map((points) => points.map((point) => point.join(",")).join(" ")).join(";");
      field.classList.toggle("signed", strokes.length > 0);
    }
    function show(text) {
      strokes = text.split(";").filter(Boolean).map((stroke) => stroke.split(" ").map((point) => point.split(",").map(Number)));
      strokes.forEach(draw);
      keep();
    }
    function at(event) {
      const box = svg.getBoundingClientRect();
      const x = Math.round((event.clientX - box.left) / box.width * WIDTH);
      const y = Math.round((event.clientY - box.top) / box.height * HEIGHT);
      return [Math.min(Math.max(x, 0), WIDTH), Math.min(Math.max(y, 0), HEIGHT)];
    }

    svg.addEventListener("pointerdown", (event) => {
      if (count > MOST) return;
      event.preventDefault();
      svg.setPointerCapture(event.pointerId);
      strokes.push([at(event)]);
      line = draw(strokes[strokes.length - 1]);
    });
    svg.addEventListener("pointermove", (event) => {
      if (!line || count > MOST) return;
      const points = strokes[strokes.length - 1], [x, y] = at(event), [px, py] = points[points.length - 1];
      if (Math.abs(x - px) + Math.abs(y - py) < 6) return;
      points.push([x, y]);
      count += 1;
      line.setAttribute("d", path(points));
    });
    ["pointerup", "pointercancel"].forEach((name) => svg.addEventListener(name, () => { line = null; keep(); }));
    field.querySelector("[data-resign]").addEventListener("click", () => {
      svg.querySelectorAll(".ink").forEach((one) => one.remove());
      strokes = [];
      count = 0;
      keep();
    });
    if (kept.value || field.dataset.last) show(kept.value || field.dataset.last);
  }

  /* common words: a press puts them into the field before */
  document.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-say]");
    if (!phrase) return;
    const field = document.getElementById(phrase.dataset.say);
    field.value = phrase.textContent.trim();
    field.focus();
  });

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-sign]").forEach(pad));
})();
