// Keying an answer sheet with few strokes: a question with one answer goes on by itself, Enter goes on, never sends.

const keys = [...document.querySelectorAll("input[data-boxes]")];
const isWhole = (key) => /^[-–?0]$/.test(key.value) || (!("several" in key.dataset) && /^[a-z1-9]$/i.test(key.value));
const go = (key, step) => {
  const next = keys[keys.indexOf(key) + step];
  if (next) { next.focus(); next.select(); }
};

keys.forEach((key) => {
  key.addEventListener("input", (event) => {
    if (event.inputType !== "deleteContentBackward" && isWhole(key)) go(key, 1);
  });
  key.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (/^Enter$/.test(event.key)) { event.preventDefault(); go(key, 1); }
    if (/^Backspace$/.test(event.key) && !key.value) { event.preventDefault(); go(key, -1); }
  });
});
const start = keys.find((key) => !key.value || key.getAttribute("aria-invalid"));
if (start && !document.querySelector("[data-focus]")) start.focus();
