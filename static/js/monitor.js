// Figures that refresh by themselves: asks for the changing part every five seconds, and replaces it only when it differs.
// Without this script the page shows the figures of the moment it was opened.

const EVERY = 5000;
const part = document.querySelector("[data-part]");
const said = document.querySelector("[data-refreshed]");
const pause = document.querySelector("[data-pause]");
const [stopWord, goWord, updatedWord, lostWord] = pause.dataset.words.split("|");
let etag = "";
let paused = false;

const clock = () => new Date().toLocaleTimeString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour12: false });
let last = clock();

function say(word) { said.textContent = `${word} ${last}`; }

// Where the reader's keys are must survive the replacement: the same link is focused again.
function replace(html) {
  const here = document.activeElement;
  const address = part.contains(here) ? here.getAttribute("href") : null;
  part.innerHTML = html;
  if (address) [...part.querySelectorAll("a")].find((link) => link.getAttribute("href") === address)?.focus();
  showCopy();
}

async function refresh() {
  const reading = part.contains(document.activeElement) && document.activeElement.matches("textarea");
  if (paused || document.hidden || reading) return;
  try {
    const answer = await fetch(part.dataset.part, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
    if (answer.redirected || answer.status === 403 || answer.status === 404) { location.reload(); return; }
    if (answer.status === 200) {
      etag = answer.headers.get("ETag") || "";
      replace(await answer.text());
    } else if (answer.status !== 304) throw new Error(answer.statusText);
    last = clock();
    say(updatedWord);
  } catch {
    say(lostWord);
  }
}

function showCopy() {
  const button = part.querySelector("[data-copy]");
  if (!button) return;
  const told = part.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const text = document.getElementById(button.dataset.copy);
    text.focus({ preventScroll: true });
    text.setSelectionRange(0, text.value.length); // select() alone does not take on older phones
    const copied = document.execCommand("copy"); // the newer way is refused on the plain HTTP of a hall
    told.textContent = copied ? button.dataset.done : button.dataset.failed;
    if (copied) button.focus(); // else the text stays chosen for the reader's own hand
  });
}

pause.hidden = false;
pause.textContent = stopWord;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? goWord : stopWord;
  if (!paused) refresh();
});
showCopy();
say(updatedWord);
setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
