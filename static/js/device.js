// What this device can do for somebody who is to sit a round on it, said in the page's own words when asked.
//   <section hidden data-device data-now="server's ms" data-ask="address"> with [data-check] and [data-found]
// Needs window.deviceStore where the page has it. Nothing is sent but three empty questions.

const device = document.querySelector("[data-device]");
const words = device.dataset;
const found = device.querySelector("[data-found]");
const opened = performance.now();
const TRIES = 3;
const [GOOD, ENOUGH] = [1.5, 5]; // seconds a choice may take to be stored

function say(text, number) {
  const line = document.createElement("li");
  line.textContent = number === undefined ? text : text.replace("{n}", String(number).replace(".", document.documentElement.lang === "vi" ? "," : "."));
  found.appendChild(line);
}

function keepsSmall() {
  try {
    localStorage.setItem("quiz.probe", "1");
    localStorage.removeItem("quiz.probe");
    return true;
  } catch (refused) { return false; }
}

async function keeps() {
  if (!window.deviceStore) return keepsSmall();
  const isKept = await window.deviceStore.keep("quiz.probe", { n: 1 });
  await window.deviceStore.forget("quiz.probe");
  return isKept;
}

// The middle one of three asks, in seconds; null when none came back.
async function trip() {
  const times = [];
  for (let n = 0; n < TRIES; n += 1) {
    const asked = performance.now();
    try {
      const answer = await fetch(words.ask, { cache: "no-store" });
      if (answer.ok) times.push((performance.now() - asked) / 1000);
    } catch (offline) { /* counted as lost */ }
  }
  times.sort((a, b) => a - b);
  return times.length ? times[Math.floor(times.length / 2)] : null;
}

function sayLine(seconds) {
  if (seconds === null) { say(words.lineNone); return; }
  const shown = Math.max(0.1, Math.round(seconds * 10) / 10);
  if (seconds <= GOOD) say(words.line, shown);
  else say(seconds <= ENOUGH ? words.lineSlow : words.lineWeak, shown);
}

function sayClock() {
  const server = Number(words.now) + (performance.now() - opened);
  const minutes = Math.round(Math.abs(Date.now() - server) / 60000);
  if (minutes) say(words.timeOff, minutes);
  else say(words.timeRight);
}

function hasVoice() {
  return Boolean(window.speechSynthesis) && speechSynthesis.getVoices().some(({ lang }) => /^vi([-_]|$)/i.test(lang));
}

device.hidden = false;
device.querySelector("[data-check]").addEventListener("click", async (event) => {
  const button = event.target;
  if (button.hasAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true"); // one that is disabled would lose the focus
  found.textContent = "";
  sayLine(await trip());
  say(await keeps() ? words.keeps : words.keepsNot);
  sayClock();
  say(hasVoice() ? words.voice : words.voiceNone);
  button.removeAttribute("aria-disabled");
});
