// The hall's screen: the server's time of day, the time left, and the part that changes, asked for every two seconds.
//   <div data-part="address" data-now="the server's time when it made the page (ms)">   [data-time-of-day]
//   [data-left="until (ms)"] counts down;  [data-lost] is shown while the server cannot be reached
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
    }
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  } finally {
    setTimeout(refresh, EVERY);
  }
}

tick();
setInterval(tick, 250);
refresh();
