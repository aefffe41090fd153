// The server's time on this page. The phone's own clock may be wrong, be set right in the middle, or stand still asleep.
//   <b data-clock="until (ms)" data-now="the server's time when it made the page (ms)">   counts down
//   <span hidden data-wait> around it is shown; [data-at-zero] beside it is hidden until the end,
//                                  when <p data-come data-words="…"> beside it is told that it has come
//   <p data-alarm data-words="… {n} …">  is told when 10, 5 and 1 minutes are left
// window.serverClock: now(), left(), end(), set(serverNow, until), slept(); the document hears "timeup" once, and "woke".

const shown = document.querySelectorAll("[data-clock]");
const alarm = document.querySelector("[data-alarm]");
const ALARMS = [10, 5, 1];
const NAP = 3000; // ms by which the two clocks of this device may differ before it counts as sleep
let base, steady, wall, until, over = false;

function set(serverNow, end) {
  base = serverNow;
  steady = performance.now();
  wall = Date.now();
  if (end) until = end;
  over = over && left() === 0; // minutes given just after the end have an end of their own
}

function slept() {
  return Date.now() - wall - (performance.now() - steady) > NAP;
}

function now() {
  return base + Math.max(performance.now() - steady, slept() ? Date.now() - wall : 0);
}

function left() {
  return Math.max(0, until - now());
}

function text(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  const two = (number) => (number < 10 ? "0" : "") + number;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(seconds % 60);
}

function warn(minutes) {
  const due = ALARMS.filter((mark) => minutes <= mark);
  shown.forEach((clock) => clock.classList.toggle("soon", due.length > 0 && alarm !== null));
  const mark = due[due.length - 1];
  if (alarm && mark && String(mark) !== alarm.dataset.told) {
    // Whoever opens the page with three minutes left sees it on the clock; only a moment just reached is called out.
    if (minutes > mark - 0.2) alarm.textContent = alarm.dataset.words.replace("{n}", mark);
    alarm.dataset.told = mark;
  }
}

function tick() {
  shown.forEach((clock) => {
    const remaining = Math.max(0, Number(clock.dataset.clock) - now());
    const words = text(clock === shown[0] ? left() : remaining);
    if (clock.textContent !== words) clock.textContent = words;
    const waiting = clock.closest("[data-wait]");
    if (waiting) {
      const place = clock.closest("section");
      const come = place.querySelector("[data-come]");
      if (come && remaining === 0 && !waiting.hidden) come.textContent = come.dataset.words;
      waiting.hidden = remaining === 0;
      place.querySelector("[data-at-zero]").hidden = remaining > 0;
    }
  });
  warn(left() / 60000);
  if (left() === 0 && !over) document.dispatchEvent(new Event("timeup"));
  over = left() === 0;
  if (slept()) document.dispatchEvent(new Event("woke"));
}

if (shown.length) {
  // The page was made when its first byte left the server, not when this script came to run.
  const [visit] = performance.getEntriesByType("navigation");
  const since = visit && visit.responseStart ? performance.now() - visit.responseStart : 0;
  set(Number(shown[0].dataset.now) + since, Number(shown[0].dataset.clock));
  tick();
  setInterval(tick, 500);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  // A waiting page has nobody to ask but the server for a new page.
  if (document.querySelector("[data-wait]")) document.addEventListener("woke", () => location.reload());
}

const end = () => until;

window.serverClock = { now, left, end, set, slept };
