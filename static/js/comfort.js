// Size of the text and ground of the page without loading it anew, and reading aloud where the browser can.
//   <details data-comfort data-css data-listen="…" data-stop="…"> with buttons name="text|ground"
//   .question and [data-read] get a button that reads their .stem, their choices and their [data-aloud]

const panel = document.querySelector("[data-comfort]");
const root = document.documentElement;
const chosen = (name) => panel.querySelector(`[name=${name}][aria-pressed=true]`).value;

function dress() {
  if (!document.querySelector(`link[href="${panel.dataset.css}"]`)) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = panel.dataset.css;
    link.onerror = () => { // without a line: once it is back
      link.remove();
      addEventListener("online", dress, { once: true });
    };
    document.head.appendChild(link);
  }
  root.className = `text-${chosen("text")} ground-${chosen("ground")}`;
  document.cookie = `comfort=${chosen("text")}.${chosen("ground")}; path=/; max-age=31536000; samesite=lax`;
}

function choose(event) {
  const button = event.target.closest("button");
  if (!button) return;
  event.preventDefault();
  panel.querySelectorAll(`[name=${button.name}]`).forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  dress();
}

if (panel) panel.addEventListener("click", choose);

// --- reading aloud ---

const speech = window.speechSynthesis;
let reading = null; // { button } whose text is being read

function hush() {
  if (reading) reading.button.textContent = panel.dataset.listen;
  reading = null;
  speech.cancel();
}

function read(button, place, voice) {
  hush();
  const mine = { button };
  const done = () => { if (reading === mine) hush(); };
  reading = mine;
  button.textContent = panel.dataset.stop;
  const parts = Array.from(place.querySelectorAll(".stem, .hint, .choice>span, [data-aloud]"));
  parts.forEach((part, index) => {
    const sentence = new SpeechSynthesisUtterance(part.textContent);
    sentence.voice = voice;
    sentence.lang = voice.lang;
    sentence.rate = 0.9;
    sentence.onerror = done;
    if (index === parts.length - 1) sentence.onend = done;
    speech.speak(sentence);
  });
}

// The plain voice of the country before one of a region's way of speaking: some browsers list those first.
function vietnamese() {
  const voices = speech.getVoices().filter(({ lang }) => /^vi([-_]|$)/i.test(lang));
  return voices.find(({ lang }) => /^vi([-_]vn)?$/i.test(lang)) || voices[0];
}

function offer() {
  const voice = vietnamese();
  if (!voice || document.querySelector("[data-listening]")) return;
  document.querySelectorAll(".question, [data-read]").forEach((place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.dataset.listening = "";
    button.textContent = panel.dataset.listen;
    button.addEventListener("click", () => (reading && reading.button === button ? hush() : read(button, place, voice)));
    const heading = place.querySelector("h2");
    if (heading) heading.after(button);
    else place.prepend(button);
  });
}

if (panel && speech) {
  offer();
  speech.addEventListener("voiceschanged", offer); // many browsers learn their voices late
  addEventListener("hashchange", hush);
  addEventListener("pagehide", hush);
  document.addEventListener("submit", hush); // looking over, handing in, answering
  document.addEventListener("timeup", hush);
}
