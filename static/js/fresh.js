// Keeps parts of a page as the server has them now: asks for this very page every five seconds and replaces
// each [data-fresh] that differs. Where [data-fresh-key] has another value, the page itself comes anew.
// The document hears "fresh" after a replacement. Without this script the page stays as it was opened.

const EVERY = 5000;
const keyOf = (page) => page.querySelector("[data-fresh-key]")?.dataset.freshKey;
const plain = (part) => part.innerHTML.replace(/name="csrf_token" value="[^"]*"/g, ""); // another one in every answer
const isTyping = () => document.activeElement.matches("input, textarea, select");
const known = [...document.querySelectorAll("[data-fresh]")].map(plain);

// Where the reader's keys are must survive the replacement: the same link or button is focused again.
function replace(part, newer) {
  const here = document.activeElement;
  const name = part.contains(here) ? here.textContent : "";
  const open = [...part.querySelectorAll("details")].map((one) => one.open);
  part.innerHTML = newer.innerHTML;
  part.querySelectorAll("details").forEach((one, place) => { one.open = open[place] ?? one.open; });
  if (name) [...part.querySelectorAll("a, button, summary")].find((one) => one.textContent === name)?.focus();
}

async function refresh() {
  if (document.hidden || isTyping()) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (isTyping()) return;
    if (keyOf(page) !== keyOf(document)) { location.reload(); return; }
    const [old, newer] = [document, page].map((one) => [...one.querySelectorAll("[data-fresh]")]);
    old.forEach((part, place) => {
      const text = newer[place] ? plain(newer[place]) : known[place];
      if (text === known[place]) return;
      known[place] = text;
      replace(part, newer[place]);
      document.dispatchEvent(new Event("fresh"));
    });
  } catch { /* the next time */ }
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
