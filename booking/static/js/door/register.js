// The register on a phone: a tap shows at once, is kept on the phone, and is sent when there is a net.
"use strict";

(() => {
  const { byId, change, find, part, plural, say, show, showOnly } = doorRows;
  const door = byId("door");
  if (!door || !window.isSecureContext || !window.indexedDB) return;

  const EVERY = 15000;
  const LONGEST = 60000;
  const meeting = Number(/\/(\d+)\/register$/.exec(location.pathname)?.[1]) || null;
  const isShell = meeting !== null && !door.dataset.opened;
  const isLive = document.querySelector("[data-group]") !== null;
  const about = { token: null, device: null, now: () => Math.round(Date.now() + offset) };
  let offset = 0;
  let last = 0;
  let list = null;
  let events = [];
  const keeping = new Set();
  let trouble = null;
  let said = null;
  let mentioned = null;
  let looking = null;
  let busy = null;
  let again = false;
  let pause = EVERY;
  let timer = null;
  let closesAnyway = false;

  const ready = start();
  ready.then(() => sync(), () => {});

  async function start() {
    const [kept, name, behind, latest] = await Promise.all([
      doorStore.events(), doorStore.device(), doorStore.note("offset"), doorStore.note("last"),
    ]);
    events = kept;
    about.device = name;
    offset = behind ?? 0;
    last = Math.max(latest ?? 0, ...kept.map((event) => event.at));
    await doorStore.sweep(about.now());
    if (!meeting) return;
    if (!isShell) list = { opened: door.dataset.opened };
    else await startWithoutNet();
    watchMidnight();
    byId("door").querySelector(".door-find").hidden = !isLive;
  }

  async function startWithoutNet() {
    trouble = "no-net";
    list = (await doorStore.list(meeting)) ?? null;
    if (!list) {
      trouble = "not-here";
      return;
    }
    document.querySelector("h1").textContent = list.title;
    byId("door-when").textContent = `${list.when} · ${list.room}`;
    byId("door-register").hidden = false;
    // Somebody looks at it: that goes on record as soon as there is a net.
    await record({ looked: true });
    // Led here from a page that takes a net.
    if (location.hash === "#needs-net") mention("needs-net");
    if (["#no-walk-in", "#counters"].includes(location.hash)) offerCount();
  }

  // An id that grows with time: of two taps at one moment the later one on this phone stands.
  function newId(at) {
    const time = at.toString(16).padStart(12, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
  }

  // A tap shows at once in its row.
  async function record(what) {
    last = Math.max(about.now(), last + 1);
    const event = { id: newId(last), at: last, meeting, ...what };
    events.push(event);
    keeping.add(event.id);
    if (!what.looked) mentioned = null;
    refresh();
    try {
      await doorStore.keepEvents([event], last);
    } catch (problem) {
      events = events.filter((each) => each.id !== event.id);
      throw problem;
    } finally {
      keeping.delete(event.id);
      refresh();
    }
  }

  const own = () => events.filter((event) => event.meeting === meeting).sort((one, other) => one.at - other.at);
  const unsent = () => events.filter((event) => !event.became && !event.looked).length;

  function refresh() {
    if (list?.people && isLive) show(list, own());
    showState();
  }

  function refusals(of) {
    if (!of.length) return [];
    const codes = [...new Set(of.map((event) => event.code))];
    return [plural("refused", of.length), ...codes.map((code) => say(`refused-${code}`))];
  }

  function showState() {
    const state = byId("door-state");
    // Until a tap is on the phone's disk, what was said before it still holds – unless that was that all is sent.
    if (keeping.size && !state.hidden && !state.classList.contains("is-sent")) return;
    const late = events.filter((event) => event.became === "late");
    const refused = events.filter((event) => event.became === "refused");
    const waits = unsent();
    const lines = [
      mentioned ? say(mentioned) : "",
      waits ? plural("waits", waits) : "",
      trouble ? say(trouble) : "",
      late.length ? plural("late", late.length) : "",
      ...refusals(refused),
      meeting && !trouble && list?.closed && isLive ? say("closed") : "",
    ].filter(Boolean);
    const isWell = lines.length === 0;
    const isSerious = (trouble && trouble !== "no-net") || late.length > 0 || refused.length > 0;
    change(state, "hidden", isWell && !meeting);
    change(state.querySelector("p"), "textContent", isWell ? say("sent") : lines.join(" "));
    state.className = `door-state ${isWell ? "is-sent" : isSerious ? "is-trouble" : "is-waiting"}`;
    setIcon(state, isWell ? "tick" : waits ? "hourglass" : "warning");
    showWays(state, late.length + refused.length > 0);
    tell(trouble ?? (late.length || refused.length ? "answers" : "well"), lines.join(" ") || say("sent"));
  }

  function setIcon(state, name) {
    if (state.dataset.icon === name) return;
    state.dataset.icon = name;
    state.querySelector(".door-icon").replaceChildren(part(`icon-${name}`));
  }

  function showWays(state, hasAnswers) {
    const way = state.querySelector("a");
    change(way, "hidden", trouble !== "signed-out");
    way.href = `${door.dataset.signIn}?next=${location.pathname}`;
    change(state.querySelector("button"), "hidden", !hasAnswers);
  }

  // Spoken only when something else is the matter, not at every tap.
  function tell(what, words) {
    if (said !== null && said !== what) byId("door-said").textContent = words;
    said = what;
  }

  async function gone(why) {
    trouble = why;
    list = null;
    byId("door-register")?.remove();
    byId("door-find")?.closest(".door-find").remove();
    showState();
  }

  function watchMidnight() {
    const left = (list?.until ?? Infinity) - about.now();
    if (left <= 0) doorStore.sweep(about.now()).then(() => gone("over"));
    else if (left < Infinity) setTimeout(watchMidnight, Math.min(left + 1, 600000));
  }

  function sync() {
    again = busy !== null;
    busy ??= (async () => {
      do {
        again = false;
        await once();
      } while (again && !trouble);
      busy = null;
      refresh();
      plan();
    })();
    return busy;
  }

  async function once() {
    try {
      await doorPost.sendAll(about);
      await takeAnswers();
      if (list) await takeList();
      if (!["over", "lost", "not-here"].includes(trouble)) trouble = null;
      mentioned = null;
      pause = EVERY;
    } catch (problem) {
      await takeAnswers();
      await meet(problem);
    }
  }

  // What was tapped meanwhile is not in the store yet: only what was answered is taken from there.
  async function takeAnswers() {
    const answered = new Map((await doorStore.events()).filter((event) => event.became).map((event) => [event.id, event]));
    events = events.map((event) => answered.get(event.id) ?? event);
  }

  async function takeList() {
    const settled = events.filter((event) => event.became === "taken" || event.became === "known" || (event.looked && event.became));
    const asked = Date.now();
    const fresh = await doorPost.fetchList(meeting, list);
    if (fresh) {
      offset = Math.round(fresh.now - (asked + Date.now()) / 2);
      about.token = fresh.token;
      const isFirst = !list.people;
      const { token: _token, ...kept } = fresh;
      list = kept;
      if (list.open) await doorStore.keepList(list);
      else await doorStore.dropList(meeting);
      await doorStore.keepNote("offset", offset);
      if (isFirst) {
        watchMidnight();
        keepFiles();
      }
    }
    await doorStore.dropEvents(settled.map((event) => event.id));
    const over = new Set(settled.map((event) => event.id));
    events = events.filter((event) => !over.has(event.id));
    if (list.open !== isLive && !unsent() && !events.some((event) => event.became)) location.reload();
  }

  async function meet(problem) {
    if (problem instanceof doorPost.SignedOut) {
      await doorStore.wipe();
      await gone("signed-out");
    } else if (problem instanceof doorPost.Lost) {
      await doorStore.dropList(meeting);
      await gone("lost");
    } else if (problem instanceof doorPost.OpenAgain) {
      await doorStore.dropList(meeting);
      location.reload();
    } else {
      if (trouble !== "not-here") trouble = "no-net";
      pause = Math.min(pause * 2, LONGEST);
    }
  }

  function plan() {
    clearTimeout(timer);
    if (document.hidden || ["signed-out", "lost", "over"].includes(trouble)) return;
    if (meeting || unsent()) timer = setTimeout(sync, trouble ? Math.min(pause, LONGEST) : EVERY);
  }

  // Our own files and the empty register, so that the page opens where there is no net.
  async function keepFiles() {
    const cache = await caches.open("door");
    const files = [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")].map((file) => file.src || file.href);
    for (const file of files) if (!(await cache.match(file))) await cache.add(file);
    const shell = new URL(door.dataset.shell.split("?")[0], location).href;
    await cache.put(shell, await fetch(door.dataset.shell, { cache: "no-store" }));
    for (const kept of await cache.keys()) if (![...files, shell].includes(kept.url)) await cache.delete(kept);
    await navigator.serviceWorker?.register(door.dataset.worker);
    await navigator.storage?.persist?.();
  }

  async function tap(form) {
    try {
      await ready;
      if (!list) return;
      await record(toldBy(form));
    } catch {
      notKept(form);
      return;
    }
    sync();
  }

  // A phone that is full, say: with a net the plain form does the same. Without one the tap is taken back, and told of.
  function notKept(form) {
    if (!trouble && navigator.onLine && form.getAttribute("action")) {
      form.submit();
      return;
    }
    mention("not-kept");
  }

  function toldBy(form) {
    const counter = form.closest("[data-band]");
    if (counter) return { band: counter.dataset.band, delta: Number(form.dataset.delta) };
    const row = form.closest("[data-person]");
    const wanted = form.classList.contains("register-absent") ? "did_not_come" : "came";
    const standing = row.classList.contains(`register-${wanted}`) ? "not_known" : wanted;
    row.querySelector("details").open = false;
    byId("door-said").textContent = say(standing, { name: row.querySelector(".register-name").textContent });
    return { person: Number(row.dataset.person), standing };
  }

  async function read() {
    const answered = events.filter((event) => event.became === "late" || event.became === "refused");
    await doorStore.dropEvents(answered.map((event) => event.id));
    events = events.filter((event) => !answered.includes(event));
    showState();
    sync();
  }

  async function closes(event, way) {
    if (!unsent() || closesAnyway) return;
    event.preventDefault();
    await sync();
    closesAnyway = unsent() > 0;
    if (!closesAnyway) location.assign(way.href);
    else byId("door-state").querySelector("p").textContent = `${plural("waits", unsent())} ${say("close-waits")}`;
  }

  // It stands until the next tap, or until there is a net.
  function mention(what) {
    mentioned = what;
    showState();
    byId("door-said").textContent = say(what);
  }

  // No name of who just comes is kept on a phone. The count takes its place, and is one tap away.
  function offerCount() {
    byId("counters")?.focus();
    mention("no-walk-in");
  }

  function tellFound(words) {
    change(byId("door-found"), "hidden", !words);
    change(byId("door-found"), "textContent", words);
    byId("door-said").textContent = words;
  }

  function look() {
    const text = byId("door-find").value.trim();
    const found = find(text);
    clearTimeout(looking);
    tellFound(found === null ? "" : plural("found", found));
    if (found === 0 && text.length >= 4) looking = setTimeout(() => lookFurther(text), 400);
  }

  async function lookFurther(text) {
    let numbers = null;
    try {
      if (navigator.onLine) numbers = await doorPost.findByName(meeting, text, about);
    } catch {
      // The next sending meets what is the matter.
    }
    if (byId("door-find").value.trim() !== text) return;
    tellFound(numbers ? plural("found", showOnly(numbers)) : say("find-no-net"));
  }

  function clicked(event) {
    const way = event.target.closest("a");
    const hasNoNet = trouble === "no-net" || !navigator.onLine;
    if (way?.matches(".register-person") && hasNoNet) {
      event.preventDefault();
      mention("needs-net");
    } else if (way?.matches('a[href$="/walk-ins/new"], a[href="#counters"]') && (hasNoNet || isShell)) {
      event.preventDefault();
      if (hasNoNet) offerCount();
      else location.assign(location.pathname.replace(/register$/, "walk-ins/new"));
    } else if (way?.matches('a[href$="/close"]')) closes(event, way);
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.closest(".register-row, .counter")) return;
    event.preventDefault();
    tap(event.target);
  });
  document.addEventListener("click", clicked);
  byId("door-state").querySelector("button").addEventListener("click", read);
  byId("door-find").addEventListener("input", look);
  addEventListener("online", () => ready.then(sync));
  addEventListener("offline", () => {
    trouble ??= "no-net";
    showState();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ready.then(sync);
  });
})();
