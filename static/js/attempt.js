// The question page, one question at a time: every choice is saved at once and the page says truly whether it is.

const { outbox, serverClock } = window;
const form = document.querySelector("[data-paper]");
const words = document.querySelector("div[data-words]").dataset;
const questions = Array.from(form.querySelectorAll(".question"));
const links = Array.from(form.querySelectorAll(".overview a"));
const header = document.querySelector("[data-saved]");
const trouble = document.querySelector("[data-trouble]");
const steps = form.querySelector("[data-steps]");
const review = form.querySelector("[data-review]");
const mark = form.querySelector("[data-mark]");
const marksKey = form.dataset.key + ".marks";
const touched = {}; // positions chosen on this page: only they say whether they are stored
let marks = readMarks();
let current = 0;

function readMarks() {
  try { return JSON.parse(localStorage.getItem(marksKey)) || []; } catch (refused) { return []; }
}

function keepMarks() {
  try { localStorage.setItem(marksKey, JSON.stringify(marks)); } catch (refused) { /* kept while the page is open */ }
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => values[name]);
const boxes = (position) => Array.from(questions[position].querySelectorAll("input"));
const choiceOf = (position) => boxes(position).filter((box) => box.checked).map((box) => box.value).join(",");

function setChoice(position, choice) {
  const taken = choice ? choice.split(",") : [];
  boxes(position).forEach((box) => { box.checked = taken.includes(box.value); });
}

function say(text) {
  trouble.querySelector("p").textContent = text;
  trouble.hidden = !text;
  if (text) trouble.scrollIntoView({ block: "center" });
}

// --- what is stored ---

function paintQuestion(position) {
  const state = questions[position].querySelector("[data-state]");
  const name = outbox.state(position);
  const known = choiceOf(position) || position in touched;
  state.hidden = !known;
  state.className = "state " + name;
  state.textContent = known ? words[name] : "";
}

function paintLink(position) {
  const link = links[position];
  const done = choiceOf(position) !== "";
  const marked = marks.includes(position);
  link.classList.toggle("done", done);
  link.classList.toggle("marked", marked);
  if (position === current) link.setAttribute("aria-current", "step");
  else link.removeAttribute("aria-current");
  const notes = [done && words.answered, marked && words.marked].filter(Boolean);
  link.querySelector(".unseen").textContent = notes.length ? ": " + notes.join(", ") : "";
}

function paintHeader() {
  const waiting = outbox.waiting();
  const stored = questions.filter((_, position) => choiceOf(position) && outbox.state(position) === "stored").length;
  let text = fill(words.allStored, { n: stored, all: questions.length });
  if (waiting) text = outbox.failures ? fill(words.allWaiting, { n: waiting }) : words.allSending;
  if (header.textContent !== text) header.textContent = text;
  header.classList.toggle("waiting", waiting > 0 && outbox.failures > 0);
}

function paint() {
  questions.forEach((_, position) => { paintQuestion(position); paintLink(position); });
  paintHeader();
  if (!outbox.failures && trouble.dataset.about === "line") { say(""); trouble.dataset.about = ""; }
}

form.addEventListener("change", (event) => {
  if (event.target === mark) return toggleMark();
  const position = Number(event.target.name.slice(1));
  touched[position] = true;
  outbox.put(position, choiceOf(position));
  return undefined;
});

document.addEventListener("outbox", paint);
document.addEventListener("other", ({ detail }) => {
  setChoice(detail.position, detail.choice);
  say(fill(words.other, { n: detail.position + 1 }));
  paint();
});
document.addEventListener("signedout", () => { say(words.signedOut); trouble.dataset.about = "line"; });

// --- one question at a time ---

function show(position, focus) {
  current = Math.min(Math.max(position, 0), questions.length - 1);
  questions.forEach((question, index) => { question.hidden = index !== current; });
  const last = current === questions.length - 1;
  form.querySelector("[data-previous]").disabled = current === 0;
  form.querySelector("[data-next]").hidden = last;
  review.classList.toggle("secondary", !last);
  mark.checked = marks.includes(current);
  paint();
  scrollTo(0, 0);
  if (focus) questions[current].focus({ preventScroll: true });
}

function fromAddress() {
  const found = /^#cau-(\d+)$/.exec(location.hash);
  return found ? Number(found[1]) - 1 : null;
}

function go(position) {
  location.hash = "cau-" + (position + 1);
}

function toggleMark() {
  marks = marks.filter((position) => position !== current).concat(mark.checked ? [current] : []);
  keepMarks();
  paint();
}

form.querySelector("[data-previous]").addEventListener("click", () => go(current - 1));
form.querySelector("[data-next]").addEventListener("click", () => go(current + 1));
addEventListener("hashchange", () => show(fromAddress() || 0, true));

// --- handing in ---

form.addEventListener("submit", (event) => {
  event.preventDefault();
  outbox.flush().then(() => {
    if (outbox.waiting()) { say(fill(words.unsent, { n: outbox.waiting() })); trouble.dataset.about = "line"; return; }
    const marked = marks.map((position) => position + 1).sort((a, b) => a - b).join(",");
    location.href = form.dataset.check + (marked ? "?marked=" + marked : "");
  });
});

// At the end the server is asked first: this device's clock decides nothing. Then what is waiting goes, then the paper.
document.addEventListener("timeup", async () => {
  say(words.timeUp);
  await outbox.flush(true);
  if (outbox.closed) return;
  if (outbox.failures) { setTimeout(() => document.dispatchEvent(new Event("timeup")), 3000); return; }
  if (serverClock.left() > 0) { say(""); return; }
  setTimeout(() => document.querySelector("[data-time-up-form]").submit(), 1500 * Math.random());
});
document.addEventListener("over", () => { location.href = location.pathname; });

// --- begin ---

Object.keys(outbox.pending).forEach((position) => {
  touched[position] = true;
  setChoice(Number(position), outbox.pending[position][0]);
});
form.querySelector("[data-plain]").hidden = true;
steps.hidden = false;
show(fromAddress() === null ? Math.max(0, questions.findIndex((_, position) => !choiceOf(position))) : fromAddress());
outbox.flush();
