// How often, and for how long in all, no page of a paper was in sight on this device: absences of ten seconds and more.
// Nothing of it is sent before the hand-in; what happened before a reload or in another tab counts with it.
// window.awayOf(key) → "how often,ms", null where this device knows nothing. Pages with [data-outbox] count.

const SHORTEST = 10000; // ms
const [OFTEN, LONG, SINCE] = [0, 1, 2]; // SINCE: the server's time when the page went out of sight, 0 while it is seen
const counted = document.querySelector("[data-outbox]");
const memory = {}; // what a browser that keeps nothing would forget

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key + ".away"));
    return Array.isArray(kept) ? kept : memory[key];
  } catch (refused) { return memory[key]; }
}

function write(key, value) {
  memory[key] = value;
  try { localStorage.setItem(key + ".away", JSON.stringify(value)); } catch (refused) { /* kept while the page is open */ }
}

// After the end, and after the hand-in, nobody is away any more.
function withAbsence([often, long, since]) {
  const length = since ? Math.min(window.serverClock.now(), window.serverClock.end()) - since : 0;
  return length < SHORTEST ? [often, long, 0] : [often + 1, long + Math.round(length), 0];
}

window.awayOf = (key) => {
  const known = read(key);
  if (!known) return null;
  const told = counted && known[SINCE] ? withAbsence(known) : known;
  return told[OFTEN] + "," + told[LONG];
};

if (counted) {
  const { key } = counted.dataset;
  const look = () => {
    const known = read(key) || [0, 0, 0];
    if (!document.hidden) write(key, withAbsence(known));
    else if (!known[SINCE] && !window.outbox.signedOff()) write(key, [known[OFTEN], known[LONG], Math.round(window.serverClock.now())]);
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
  look();
}
