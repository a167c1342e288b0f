// Passkeys: asks the browser to make or to use one, and sends what it signed with the form.
// Without this file, or in a browser that knows no passkeys, the section stays hidden and a code is typed instead.
"use strict";

const known = "credentials" in navigator && window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;

async function optionsToMake(section, form) {
  const answer = await fetch(section.dataset.optionsUrl, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
  });
  if (answer.redirected || !answer.ok) {
    // The sign-in is over, or the password is asked for again: the page itself says so best.
    window.location.reload();
    return null;
  }
  return PublicKeyCredential.parseCreationOptionsFromJSON(await answer.json());
}

async function signed(section, form) {
  if (section.dataset.passkey === "use") {
    const options = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(section.dataset.options));
    return navigator.credentials.get({ publicKey: options });
  }
  const options = await optionsToMake(section, form);
  return options && navigator.credentials.create({ publicKey: options });
}

for (const section of document.querySelectorAll("[data-passkey]")) {
  if (!known) continue;
  section.hidden = false;
  const form = section.querySelector("form");
  const trouble = section.querySelector("[data-passkey-trouble]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    try {
      const credential = await signed(section, form);
      if (!credential) return;
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
}
