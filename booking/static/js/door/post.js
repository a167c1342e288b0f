// Sending what was tapped: in parcels, again and again until the server has answered for each event.
"use strict";

const doorPost = (() => {
  const AT_ONCE = 50;
  const PATIENCE = 15000;

  class SignedOut extends Error {}
  class Lost extends Error {}
  class NoNet extends Error {}
  class OpenAgain extends Error {}

  const base = location.pathname.replace(/staff\/.*$/, "staff/meetings/");

  async function ask(path, options) {
    let answer;
    try {
      answer = await fetch(base + path, {
        cache: "no-store",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
        ...options,
      });
    } catch {
      throw new NoNet();
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
    if (answer.status === 403 || answer.status === 404) throw new Lost();
    if (answer.status === 409) throw new OpenAgain();
    if (answer.status >= 500 || answer.status === 429) throw new NoNet();
    return answer;
  }

  async function fetchList(meeting, list) {
    const headers = { "X-Opened": list.opened };
    if (list.tag) headers["If-None-Match"] = list.tag;
    const answer = await ask(`${meeting}/list`, { headers });
    if (answer.status === 304) return null;
    if (!answer.ok) throw new NoNet();
    return { ...(await answer.json()), opened: list.opened, tag: answer.headers.get("ETag") };
  }

  // A token ends with the sign-in that it came with; any page of this sign-in has the next one.
  async function freshToken() {
    const answer = await ask("token");
    return (await answer.json()).token;
  }

  // A token that has ended is fetched anew once.
  async function post(path, about, options) {
    const once = (token) =>
      ask(path, { method: "POST", ...options, headers: { ...options.headers, "X-CSRFToken": token } });
    let answer = await once(about.token ?? (about.token = await freshToken()));
    if (answer.status === 400) answer = await once((about.token = await freshToken()));
    if (!answer.ok) throw new NoNet();
    return answer.json();
  }

  // Last names are not on the phone: the server tells which rows it is, and nothing else.
  async function findByName(meeting, text, about) {
    return (await post(`${meeting}/find`, about, { body: new URLSearchParams({ text }) })).people;
  }

  async function sendParcel(meeting, events, about) {
    const body = JSON.stringify({
      device: about.device,
      sent: about.now(),
      events: events.map(({ meeting: _meeting, became: _became, code: _code, ...told }) => told),
    });
    const told = await post(`${meeting}/events`, about, { headers: { "Content-Type": "application/json" }, body });
    return told.events;
  }

  // Events stay until their answer is here. What comes back is what became of each.
  async function sendAll(about) {
    const waiting = (await doorStore.events()).filter((event) => !event.became);
    waiting.sort((one, other) => one.at - other.at);
    const byMeeting = Map.groupBy
      ? Map.groupBy(waiting, (event) => event.meeting)
      : waiting.reduce((all, event) => all.set(event.meeting, [...(all.get(event.meeting) ?? []), event]), new Map());
    let lost = null;
    for (const [meeting, events] of byMeeting) {
      try {
        for (let first = 0; first < events.length; first += AT_ONCE) {
          const parcel = events.slice(first, first + AT_ONCE);
          const answers = await sendParcel(meeting, parcel, about);
          await note(parcel, answers);
        }
      } catch (trouble) {
        if (!(trouble instanceof Lost)) throw trouble;
        // Another meeting's register may be lost to us, and this one not.
        lost = trouble;
        await doorStore.dropList(meeting);
      }
    }
    if (lost) about.lost = true;
  }

  async function note(parcel, answers) {
    const became = new Map(answers.map((answer) => [answer.id, answer]));
    const told = parcel.filter((event) => became.has(event.id));
    await doorStore.keepEvents(told.map((event) => ({ ...event, became: became.get(event.id).became, code: became.get(event.id).code })));
  }

  return { fetchList, findByName, sendAll, SignedOut, Lost, NoNet, OpenAgain };
})();
