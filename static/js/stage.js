// The stage clock runs on by the server's time: <section data-stage-clock data-used data-since data-now data-limit> (ms).

const clock = document.querySelector("[data-stage-clock]");
const shown = clock.querySelector("[data-stage-time]");
const [used, since, limit] = ["used", "since", "limit"].map((name) => Number(clock.dataset[name] || 0));
const ahead = Number(clock.dataset.now) - performance.now();

function show() {
  const seconds = Math.floor((used + Math.max(0, performance.now() + ahead - since)) / 1000);
  shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (!limit) return;
  clock.classList.toggle("over", seconds * 1000 > limit);
  clock.classList.toggle("soon", seconds * 1000 <= limit && seconds * 1000 >= limit - 60000);
}

if (since) { show(); setInterval(show, 250); }
