// Writing somebody down takes a net: a name, a guardian's address and a yes are never kept on the phone.
// Without a net the form stays as it is, nothing typed is lost, and the count that works without one is offered.
"use strict";

(() => {
  const PATIENCE = 8000;
  const notice = document.getElementById("no-net");
  const forms = document.querySelectorAll("main form[method=post]");

  async function hasNet() {
    if (!navigator.onLine) return false;
    const token = location.pathname.replace(/\d+\/walk-ins\/.*$/, "token");
    try {
      const answer = await fetch(token, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      return answer.type === "opaqueredirect" || answer.status < 500;
    } catch {
      return false;
    }
  }

  function tell() {
    notice.hidden = false;
    notice.focus();
  }

  for (const form of forms) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (form.dataset.asks) return;
      form.dataset.asks = "yes";
      const has = await hasNet();
      delete form.dataset.asks;
      if (has) form.submit();
      else tell();
    });
  }

  addEventListener("online", () => {
    notice.hidden = true;
  });
})();
