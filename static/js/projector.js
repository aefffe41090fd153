// The hall's screen: the server's time of day, the time left, and the part that changes, asked for every two seconds.
//   <div data-part="address" data-now="the server's time when it made the page (ms)">   [data-time-of-day]
//   [data-turn data-used data-since data-limit (s) data-words="without a limit|left|last minute|over"]: the stage's clock
//   [data-fit]: as large as fits;  [data-left="until (ms)"] counts down;  [data-lost] is shown while the server cannot be reached
// Without this script the page comes anew every five seconds.

const EVERY = 2000;
const part = document.querySelector("[data-part]");
const lost = document.querySelector("[data-lost]");
const day = document.querySelector("[data-time-of-day]");
let ahead = Number(part.dataset.now) - Date.now(); // ms the server's clock is ahead of this one's
let etag = "";

const two = (number) => String(number).padStart(2, "0");

function tick() {
  const now = Date.now() + ahead;
  day.textContent = new Date(now).toLocaleTimeString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour12: false });
  for (const left of part.querySelectorAll("[data-left]")) {
    const seconds = Math.max(0, Math.ceil((Number(left.dataset.left) - now) / 1000));
    const hours = Math.floor(seconds / 3600);
    left.textContent = `${hours ? `${hours}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }
  turn(now);
}

// As quiz/core/stage_screen.py says it: whole seconds that have passed, what is left of the limit, "+" and what is over.
function turn(now) {
  const clock = part.querySelector("[data-turn]");
  if (!clock) return;
  const since = Number(clock.dataset.since), limit = Number(clock.dataset.limit);
  const seconds = Math.floor((Number(clock.dataset.used) + (since ? Math.max(0, now - since) : 0)) / 1000);
  const state = !limit ? 0 : seconds > limit ? 3 : seconds >= limit - 60 ? 2 : 1;
  const shown = limit ? Math.abs(limit - seconds) : seconds;
  clock.className = `stage-left ${["open", "plenty", "last_minute", "over"][state]}`;
  clock.querySelector("[data-turn-words]").textContent = clock.dataset.words.split("|")[state];
  const text = `${state === 3 ? "+" : ""}${Math.floor(shown / 60)}:${two(shown % 60)}`;
  clock.querySelector("[data-turn-time]").textContent = text;
}

function fit() {
  for (const text of part.querySelectorAll("[data-fit]")) {
    const most = parseFloat(getComputedStyle(text).maxHeight); // none on a phone, where the page scrolls
    let size = Math.min(innerWidth, innerHeight) * .078;
    text.style.fontSize = most ? `${size}px` : "";
    while (most && text.scrollHeight > most && size > 14) {
      size *= .95;
      text.style.fontSize = `${size}px`;
    }
  }
}

async function refresh() {
  try {
    const asked = Date.now();
    const answer = await fetch(part.dataset.part, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
    if (answer.status === 404) { location.reload(); return; }
    if (answer.status !== 200 && answer.status !== 304) throw new Error(answer.statusText);
    const told = Number(answer.headers.get("X-Now"));
    if (told) ahead = told - (asked + Date.now()) / 2;
    if (answer.status === 200) {
      etag = answer.headers.get("ETag") || "";
      part.innerHTML = await answer.text();
      tick();
      fit();
    }
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  } finally {
    setTimeout(refresh, EVERY);
  }
}

tick();
fit();
addEventListener("resize", fit);
setInterval(tick, 250);
refresh();
