// How the register looks: rows, counts and what is said of them, from the list and what was tapped since.
"use strict";

const doorRows = (() => {
  const byId = (id) => document.getElementById(id);
  const words = Object.fromEntries(
    [...(byId("door-words")?.content.children ?? [])].map((word) => [word.dataset.word, word.textContent]),
  );
  const part = (id) => byId(id).content.cloneNode(true);
  const say = (name, facts = {}) => words[name]?.replace(/\{(\w+)\}/g, (_all, fact) => facts[fact]) ?? "";
  const plural = (name, n) => say(`${name}-${n === 1 ? "one" : "many"}`, { n });

  function change(element, property, value) {
    // A screen reader speaks of what is written anew, even if it is the same.
    if (element && element[property] !== value) element[property] = value;
  }

  function newRow(person, meeting) {
    const row = part("door-row").querySelector("li");
    row.id = `person-${person.id}`;
    row.dataset.person = person.id;
    row.querySelector(".register-person").href = `${meeting}/people/${person.id}`;
    return row;
  }

  function setStanding(row, standing) {
    if (row.dataset.standing === standing) return;
    row.dataset.standing = standing;
    const [icon, word] = part(`standing-${standing}`).children;
    row.querySelector(".register-ring").replaceChildren(...icon.childNodes);
    change(row.querySelector(".register-standing"), "textContent", word.textContent);
    for (const each of ["came", "did_not_come", "not_known"]) row.classList.toggle(`register-${each}`, each === standing);
    row.querySelector(".register-tap button").setAttribute("aria-pressed", String(standing === "came"));
  }

  function setPerson(row, person) {
    change(row.querySelector(".register-name"), "textContent", person.name);
    change(row.querySelector(".register-about"), "textContent", ` – ${person.name}`);
    change(row.querySelector(".register-age"), "textContent", person.detail);
    change(row.querySelector(".register-siblings"), "hidden", !person.sibling);
    row.classList.toggle("register-sibling", person.sibling);
    const shown = person.marks.join(" ");
    if (row.dataset.marks !== shown) {
      row.dataset.marks = shown;
      row.querySelector(".register-marks").replaceChildren(...person.marks.map((mark) => part(`mark-${mark}`)));
    }
  }

  function showRow(row, person, tapped) {
    setPerson(row, person);
    setStanding(row, tapped?.standing ?? person.standing);
    change(row.querySelector(".register-disagree"), "hidden", !person.disagree || Boolean(tapped));
    change(row.querySelector(".register-waits"), "hidden", !tapped || Boolean(tapped.became));
  }

  function showPeople(list, tapped, meeting) {
    for (const group of document.querySelectorAll("[data-group]")) {
      const people = list.people.filter((person) => person.group === group.dataset.group);
      const rows = group.querySelector("ul");
      people.forEach((person, place) => {
        const row = byId(`person-${person.id}`) ?? newRow(person, meeting);
        showRow(row, person, tapped.get(person.id));
        // Moving a row takes the focus away, so only one that stands elsewhere is moved.
        if (rows.children[place] !== row) rows.insertBefore(row, rows.children[place] ?? null);
      });
      while (rows.children.length > people.length) rows.lastElementChild.remove();
      change(group, "hidden", people.length === 0);
    }
  }

  function showCounts(headcount) {
    for (const counter of document.querySelectorAll("[data-band]")) {
      const count = headcount[counter.dataset.band];
      change(counter.querySelector(".counter-count"), "textContent", String(count));
      change(counter.querySelector(".counter-minus"), "disabled", count === 0);
    }
  }

  function showTally(list, tapped, headcount) {
    const came = list.people.filter((person) => (tapped.get(person.id)?.standing ?? person.standing) === "came").length;
    const { adults, ...children } = headcount;
    const droppedIn = Object.values(children).reduce((sum, count) => sum + count, 0);
    const expected = list.people.filter((person) => person.group === "expected").length;
    const tally = { present: came + droppedIn + list.others, expected, dropped_in: droppedIn, adults };
    for (const [name, number] of Object.entries(tally)) {
      change(document.querySelector(`[data-tally=${name}]`), "textContent", String(number));
    }
  }

  // What was tapped and is not in the list yet stands above the list; counts are added to its sums.
  function show(list, events) {
    const tapped = new Map();
    const headcount = { ...list.headcount };
    for (const event of events.filter((each) => each.became !== "refused" && each.became !== "late")) {
      if (event.person) tapped.set(event.person, event);
      if (event.band) headcount[event.band] += event.delta;
    }
    for (const band of Object.keys(headcount)) headcount[band] = Math.max(0, headcount[band]);
    showPeople(list, tapped, list.meeting);
    showCounts(headcount);
    showTally(list, tapped, headcount);
  }

  function find(text) {
    const wanted = text.trim().toLocaleLowerCase("nb");
    let found = 0;
    for (const row of document.querySelectorAll("[data-person]")) {
      const name = row.querySelector(".register-name").textContent.toLocaleLowerCase("nb");
      const isWanted = wanted.length >= 4 ? name.includes(wanted) : name.split(" ").includes(wanted);
      row.hidden = Boolean(wanted) && !isWanted && isAsked(wanted);
      if (!row.hidden) found += 1;
    }
    return isAsked(wanted) ? found : null;
  }

  // By number: whom the server found by a name that is not on the phone.
  function showOnly(numbers) {
    for (const row of document.querySelectorAll("[data-person]")) row.hidden = !numbers.includes(Number(row.dataset.person));
    return document.querySelectorAll("[data-person]:not([hidden])").length;
  }

  function isAsked(wanted) {
    if (wanted.length >= 4) return true;
    const names = [...document.querySelectorAll(".register-name")].map((name) => name.textContent.toLocaleLowerCase("nb").split(" ")[0]);
    return wanted.length > 0 && names.includes(wanted);
  }

  return { byId, change, find, part, plural, say, show, showOnly };
})();
