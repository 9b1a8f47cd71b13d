/* Press a figure's name and it stands in the text at the cursor. Without script the words can be typed. */
"use strict";
(() => {
  const text = document.querySelector(".writing textarea");
  if (!text) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    text.setRangeText(button.dataset.insert, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  });
})();
