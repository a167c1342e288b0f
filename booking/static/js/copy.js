// Copies an address with one press. Without this file the field can be selected and copied by hand.
"use strict";

for (const box of document.querySelectorAll("[data-copy]")) {
  const field = box.querySelector("input");
  const button = box.querySelector("button");
  const said = box.querySelector("[data-copy-said]");
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = button.dataset.copied;
    } catch {
      // Not every browser lets a page write to the clipboard.
      field.focus();
      field.select();
      said.textContent = button.dataset.select;
    }
  });
}
