/* Keeps the pages of the field open without signal: what was open before is shown again, files of the program come from the
   store. Pages belong to the person who opened them; another person's are thrown away when somebody else begins. */
"use strict";
const FILES = "files-1";
const FIELD = /\/(count|field)\//;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (!event.data || !event.data.who) return;
  const mine = `pages-${event.data.who}`;
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== FILES && name !== mine) await caches.delete(name);
    const pages = await caches.open(mine);
    for (const url of event.data.keep || []) {
      const answer = await fetch(url, { credentials: "same-origin" }).catch(() => null);
      if (answer && answer.ok && !answer.redirected) await pages.put(url, answer);
    }
    const files = await caches.open(FILES);
    await Promise.all((event.data.files || []).map((url) => files.match(url).then((had) => had || files.add(url).catch(() => null))));
    if (event.source) event.source.postMessage({ kept: true });
  })());
});

async function kept(request) {
  for (const name of await caches.keys()) {
    const found = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (found) return found;
  }
  return null;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) {
    event.respondWith(kept(event.request).then((found) => found || fetch(event.request)));
  } else if (FIELD.test(url.pathname)) {
    event.respondWith(fetch(event.request).catch(async () => (await kept(event.request)) || Response.error()));
  }
});
