/* A photograph is made small on the phone before it is sent: 1600 px on its longer side, 400 KB at most, and without where it was taken. */
"use strict";
(() => {
  const SIDE = 1600, MOST = 400 * 1024;
  const made = new WeakSet();

  const TRIES = [[1, 0.85], [1, 0.6], [1, 0.35], [0.7, 0.5], [0.5, 0.5], [0.3, 0.5]];

  async function small(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const canvas = document.createElement("canvas"), fits = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    let blob = null;
    for (const [share, quality] of TRIES) {
      canvas.width = Math.max(1, Math.round(picture.width * fits * share));
      canvas.height = Math.max(1, Math.round(picture.height * fits * share));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob && blob.size <= MOST) break;
    }
    picture.close();
    return blob ? new File([blob], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" }) : file;
  }

  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches('input[type=file][accept^="image/"]') || !input.files.length || made.has(input.files[0])) return;
    const sends = input.form && [...input.form.querySelectorAll("button")].filter((button) => button.type === "submit");
    (sends || []).forEach((button) => { button.disabled = true; });
    try {
      const less = await small(input.files[0]), hand = new DataTransfer();
      hand.items.add(less);
      made.add(less);
      input.files = hand.files;
      made.add(input.files[0]);
    } catch { /* what the phone cannot open goes as it is: the server says what is wrong with it */ } finally {
      (sends || []).forEach((button) => { button.disabled = false; });
    }
  });
})();
