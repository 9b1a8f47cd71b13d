/* A room looked through: the button says how many are there. */
"use strict";
(() => {
  const form = document.querySelector("[data-room]");
  if (!form) return;
  const cards = Number(form.dataset.cards);
  const button = document.querySelector("[data-all]");
  const sends = form.elements.for.value ? "，送签" : "";

  function count() {
    const wrong = new FormData(form);
    let odd = 0;
    wrong.forEach((value, name) => { odd += name.startsWith("how-") && value ? 1 : 0; });
    if (button) button.textContent = (odd === cards ? "交上去" : odd ? `其余 ${cards - odd} 项都在` : `${cards} 项都在`) + sends;
  }
  form.addEventListener("change", count);
  count();
})();
