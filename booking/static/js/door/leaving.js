// Signing out takes the day's list off the phone. What could not be sent stays, without a name, and is told of.
"use strict";

for (const form of document.querySelectorAll('form[action$="/sign-out"], form[action$="/sign-out-everywhere"]')) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.leaves || !window.isSecureContext || !window.indexedDB) return;
    event.preventDefault();
    form.dataset.leaves = "yes";
    try {
      const about = { now: () => Date.now(), device: await doorStore.device(), token: null };
      await doorPost.sendAll(about).catch(() => {});
      const unsent = (await doorStore.events()).filter((told) => !told.became && !told.looked).length;
      if (unsent) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name: "unsent", value: String(unsent) });
        form.append(field);
      }
      await doorStore.wipe();
    } catch {
      // Then the answer to the form wipes it.
    }
    form.submit();
  });
}
