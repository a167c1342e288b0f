// Stands before the pages of the door only, and keeps our own files and an empty register for when there is no net.
// No page about anybody goes into its cache.
"use strict";

const CACHE = "door";
const PATIENCE = 5000;
const scope = new URL(self.registration.scope).pathname;
const SHELL = `${scope}shell`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const page = address.pathname.startsWith(scope) && /^(\d+)\/(\w+)$/.exec(address.pathname.slice(scope.length));
  if (request.mode === "navigate") {
    if (page?.[2] === "register") event.respondWith(register(request, Number(page[1])));
    else if (/^\d+\/people\/\d+$/.test(address.pathname.slice(scope.length))) event.respondWith(beside(request, address, "needs-net"));
    else if (/^\d+\/walk-ins\/new$/.test(address.pathname.slice(scope.length))) event.respondWith(beside(request, address, "no-walk-in"));
  } else if (address.searchParams.has("v")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

async function register(request, meeting) {
  const asked = fetch(request);
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const answer = (await Promise.race([asked, patience])) ?? ((await isKept(meeting)) ? await shell() : await asked);
    if (answer.type === "opaqueredirect") await change((lists) => lists.clear());
    if (answer.status === 404) await change((lists) => lists.delete(meeting));
    return answer;
  } catch {
    return (await shell()) ?? Response.error();
  }
}

// A page that takes a net: without one the register says so.
async function beside(request, address, why) {
  try {
    return await fetch(request);
  } catch {
    return Response.redirect(address.pathname.replace(/(people|walk-ins)\/\w+$/, `register#${why}`), 302);
  }
}

async function shell() {
  const kept = await caches.open(CACHE);
  return kept.match(SHELL);
}

function withLists(mode, act) {
  return new Promise((resolve) => {
    const asked = indexedDB.open("door", 1);
    asked.onerror = () => resolve(undefined);
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onsuccess = () => {
      const work = asked.result.transaction("lists", mode);
      const done = act(work.objectStore("lists"));
      work.oncomplete = () => {
        asked.result.close();
        resolve(done.result);
      };
    };
  });
}

const change = (act) => withLists("readwrite", act);

async function isKept(meeting) {
  return Boolean(await withLists("readonly", (lists) => lists.get(meeting)));
}
