// What the phone keeps of a register: the day's list until midnight, and what was tapped until it is sent.
// An event holds a number, a time and what was tapped, and no name: it may outlive the list.
"use strict";

const doorStore = (() => {
  const LISTS = "lists";
  const EVENTS = "events";
  const NOTES = "notes";
  let opening = null;

  function open() {
    opening ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open("door", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore(LISTS, { keyPath: "meeting" });
        asked.result.createObjectStore(EVENTS, { keyPath: "id" });
        asked.result.createObjectStore(NOTES);
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return opening;
  }

  // Strict: it is on the disk when we are told so, even if the battery dies a moment later.
  async function inOne(stores, mode, act) {
    const base = await open();
    return new Promise((resolve, reject) => {
      const work = base.transaction(stores, mode, { durability: "strict" });
      const asked = act(...[stores].flat().map((name) => work.objectStore(name)));
      work.oncomplete = () => resolve(asked?.result);
      work.onerror = () => reject(work.error);
      work.onabort = () => reject(work.error);
    });
  }

  const note = (name) => inOne(NOTES, "readonly", (notes) => notes.get(name));
  const keepNote = (name, value) => inOne(NOTES, "readwrite", (notes) => notes.put(value, name));

  async function device() {
    const known = await note("device");
    if (known) return known;
    const made = crypto.randomUUID();
    await keepNote("device", made);
    return made;
  }

  async function wipe() {
    await inOne(LISTS, "readwrite", (lists) => lists.clear());
  }

  // After midnight in Oslo a list is gone, whoever looks first.
  async function sweep(now) {
    const lists = await inOne(LISTS, "readonly", (kept) => kept.getAll());
    const over = lists.filter((list) => list.until <= now);
    for (const list of over) await inOne(LISTS, "readwrite", (kept) => kept.delete(list.meeting));
    return over.length;
  }

  return {
    device,
    keepNote,
    note,
    sweep,
    wipe,
    list: (meeting) => inOne(LISTS, "readonly", (lists) => lists.get(meeting)),
    keepList: (list) => inOne(LISTS, "readwrite", (lists) => lists.put(list)),
    dropList: (meeting) => inOne(LISTS, "readwrite", (lists) => lists.delete(meeting)),
    events: () => inOne(EVENTS, "readonly", (events) => events.getAll()),
    // With the time of the last one, so that time never goes back on this phone: both are kept, or neither.
    keepEvents: (told, last) =>
      inOne([EVENTS, NOTES], "readwrite", (events, notes) => {
        for (const event of told) events.put(event);
        if (last) notes.put(last, "last");
      }),
    dropEvents: (ids) =>
      inOne(EVENTS, "readwrite", (events) => {
        for (const id of ids) events.delete(id);
      }),
  };
})();
