// The question page, one question at a time: every choice is saved at once and the page says truly whether it is.

const { outbox, serverClock } = window;
// Half of a page would take choices and keep none: the plain form, untouched, sends them.
if (!outbox || !serverClock) throw new Error("lost");
const form = document.querySelector("[data-paper]");
const words = document.querySelector("div[data-words]").dataset;
const questions = Array.from(form.querySelectorAll(".question"));
const links = Array.from(form.querySelectorAll(".overview a"));
const header = document.querySelector("[data-saved]");
const said = document.querySelector("[data-said]");
const trouble = document.querySelector("[data-trouble]");
const wayIn = trouble.querySelector("[data-way-in]"); // not on a shared device
const steps = form.querySelector("[data-steps]");
const review = form.querySelector("[data-review]");
const mark = form.querySelector("[data-mark]");
const marksKey = form.dataset.key + ".marks";
const touched = {}; // positions chosen on this page: only they say whether they are stored
let early = []; // positions chosen before this script was there: on a slow line a finger is faster
let marks = readMarks();
let current = 0;
let lastSaid = ""; // what a screen reader was told last of what is saved

function readMarks() {
  try { return JSON.parse(localStorage.getItem(marksKey)) || []; } catch (refused) { return []; }
}

function keepMarks() {
  try { localStorage.setItem(marksKey, JSON.stringify(marks)); } catch (refused) { /* kept while the page is open */ }
}

const VIETNAM = 7 * 3600000; // ms ahead of UTC, whatever zone the phone is set to
const hour = (instant) => new Date(instant + VIETNAM).toISOString().slice(11, 16);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => values[name]);
const boxes = (position) => Array.from(questions[position].querySelectorAll("input"));
const choiceOf = (position) => boxes(position).filter((box) => box.checked).map((box) => box.value).join(",");

const stateOf = (position) => (early.includes(position) ? "sending" : outbox.state(position));

function setChoice(position, choice) {
  const taken = choice ? choice.split(",") : [];
  boxes(position).forEach((box) => { box.checked = taken.includes(box.value); });
}

function say(text, isOut) {
  trouble.querySelector("p").textContent = text;
  if (wayIn) wayIn.hidden = !isOut;
  trouble.hidden = !text;
  if (text) trouble.scrollIntoView({ block: "center" });
}

// --- what is stored ---

function paintQuestion(position) {
  const state = questions[position].querySelector("[data-state]");
  const name = stateOf(position);
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
  const notes = [done && words.answered, marked && words.marked].filter(Boolean).join(", ");
  link.setAttribute("aria-label", words.question + " " + (position + 1) + (notes ? ": " + notes : ""));
}

// A screen reader is told once what became of a choice: not that it is on its way, nor the same number again.
function tellSaved(text, isFirst) {
  if (text === lastSaid) return;
  lastSaid = text;
  if (!isFirst) said.textContent = text;
}

function paintHeader() {
  const [waiting, unwritten] = [outbox.waiting(), outbox.unwritten()];
  const stored = questions.filter((_, position) => choiceOf(position) && stateOf(position) === "stored").length;
  let text = fill(words.allStored, { n: stored, all: questions.length });
  if (early.length) text = words.allSending;
  if (waiting) text = outbox.failures ? fill(words.allWaiting, { n: waiting }) : words.allSending;
  if (unwritten && outbox.failures) text = fill(words.allUnwritten, { n: unwritten });
  if (header.textContent !== text) header.textContent = text;
  if (text !== words.allSending) tellSaved(waiting || unwritten ? text : fill(words.allSaid, { n: stored, all: questions.length }), !lastSaid);
  header.classList.toggle("waiting", waiting > 0 && outbox.failures > 0);
}

function paint() {
  questions.forEach((_, position) => { paintQuestion(position); paintLink(position); });
  paintHeader();
  if (!outbox.failures && trouble.dataset.about === "line") { say(""); trouble.dataset.about = ""; }
}

function choose(position) {
  touched[position] = true;
  outbox.put(position, choiceOf(position));
}

form.addEventListener("change", (event) => {
  if (event.target === mark) return toggleMark();
  choose(Number(event.target.name.slice(1)));
  return undefined;
});

// Enter on an option chooses it; left to itself the browser would send the form and leave the question.
form.addEventListener("keydown", (event) => {
  if (!/^Enter$/.test(event.key) || !event.target.matches("input")) return;
  event.preventDefault();
  event.target.click();
  // A screen reader says "chosen" of the space bar only: with Enter it is told which option it is now.
  if (event.target.type === "radio") said.textContent = event.target.closest("label").textContent.trim();
});

document.addEventListener("outbox", paint);
document.addEventListener("other", ({ detail }) => {
  const changed = detail.choices.filter(([position, choice]) => choiceOf(position) !== choice);
  changed.forEach(([position, choice]) => {
    touched[position] = true;
    setChoice(position, choice);
  });
  if (changed.length && !detail.isSameDevice) sayOther(changed.map(([position]) => position + 1));
  paint();
});

// Beside the sentence that says whose device that is, where both come with one answer.
function sayOther(numbers) {
  const known = [words.elsewhere].filter((text) => !trouble.hidden && trouble.textContent.includes(text));
  say([...known, fill(words.other, { n: numbers.join(", ") })].join(" "));
}
document.addEventListener("elsewhere", () => {
  if (trouble.dataset.told) return;
  trouble.dataset.told = "elsewhere";
  say(words.elsewhere);
});
document.addEventListener("signedout", () => { say(words.signedOut, true); trouble.dataset.about = "line"; });

// --- one question at a time ---

// To the top, but no higher than leaves in sight what is to be read: a low screen or large letters.
function goUp(place) {
  scrollTo(0, 0);
  if (place.getBoundingClientRect().top > innerHeight / 2) place.scrollIntoView();
}

// The focus goes on before what had it goes away: a screen reader that loses it says nothing of where it is next.
function show(position, focus) {
  current = Math.min(Math.max(position, 0), questions.length - 1);
  questions[current].hidden = false;
  if (focus) questions[current].focus({ preventScroll: true });
  questions.forEach((question, index) => { question.hidden = index !== current; });
  const last = current === questions.length - 1;
  form.querySelector("[data-previous]").disabled = current === 0;
  form.querySelector("[data-next]").hidden = last;
  review.classList.toggle("secondary", !last);
  mark.checked = marks.includes(current);
  paint();
  goUp(questions[current]);
}

function fromAddress() {
  const found = /^#cau-(\d+)$/.exec(location.hash);
  return found ? Number(found[1]) - 1 : null;
}

// Shown first: at an address of something hidden the browser takes the focus away from everything.
function go(position) {
  show(position, true);
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

// --- looking over and handing in: nothing of it needs the line ---

const look = document.querySelector("[data-look]");
let isLooking = false;
const listed = { blank: look.querySelector("[data-blank]"), marked: look.querySelector("[data-marked]") };

function listInto(place, positions) {
  place.hidden = positions.length === 0;
  const list = place.querySelector("ol");
  list.textContent = "";
  positions.forEach((position) => {
    const entry = document.createElement("li");
    entry.appendChild(links[position].cloneNode(true)).removeAttribute("aria-current");
    list.appendChild(entry);
  });
}

function lookOver() {
  const every = questions.map((_, position) => position);
  const blank = every.filter((position) => !choiceOf(position));
  const count = { n: questions.length - blank.length, all: questions.length };
  look.querySelector("[data-count]").textContent = fill(words.answeredOf, count);
  listInto(listed.blank, blank);
  listInto(listed.marked, every.filter((position) => marks.includes(position)));
  isLooking = true;
  look.hidden = false;
  look.querySelector("h2").focus({ preventScroll: true });
  said.textContent = fill(words.answeredSaid, count);
  setTimeout(leave, 100);
}

function backTo(position) {
  isLooking = false;
  // Looking over once more says the same number again.
  said.textContent = "";
  form.hidden = false;
  show(position, true);
  say("");
  setTimeout(leave, 100);
}

// A moment after the focus went on: told of both at once, a screen reader says nothing of where it is.
function leave() {
  form.hidden = isLooking;
  look.hidden = !isLooking;
  if (isLooking) goUp(look);
}

form.addEventListener("submit", (event) => { event.preventDefault(); lookOver(); });
look.querySelector("[data-back]").addEventListener("click", () => backTo(current));
document.addEventListener("click", (event) => {
  const link = event.target.closest(".overview a");
  if (!link) return;
  const position = Number(link.hash.slice(5)) - 1; // the address follows
  if (isLooking) backTo(position);
  else show(position, true);
});

// From here on nothing is chosen any more: the paper waits for the line and goes by itself.
let isLocked = false;
let isEnding = false;

function lock(sentence) {
  isLocked = true;
  isLooking = true;
  form.hidden = true;
  look.hidden = false;
  look.querySelector("[data-open]").hidden = true;
  say(sentence);
}

function goOn(sentence) {
  form.querySelectorAll("input").forEach((box) => { box.disabled = false; });
  if (isLocked) {
    isLooking = false;
    look.querySelector("[data-open]").hidden = false;
    form.hidden = false;
    show(current, true);
    look.hidden = true;
  }
  isLocked = false;
  say(sentence || fill(words.moreTime, { time: hour(serverClock.end()) }));
}

// An end that the clock brought while there was no line is not the last word: minutes may have been given meanwhile. Nor
// is a hand-in that was kept here: another device may have gone on.
async function handIn(isKept) {
  const isAsking = !outbox.signedOff();
  await outbox.flush(isAsking && outbox.failures > 0);
  if (outbox.closed) return 0;
  if (isAsking && serverClock.left() > 0) { goOn(); return 0; }
  if (outbox.waiting() || (isAsking && outbox.failures)) return 3000;
  const body = new URLSearchParams(new FormData(look.querySelector("form")));
  body.set("away", window.awayOf(form.dataset.key));
  if (isKept && !isAsking) body.set("signed_off", outbox.signedOff());
  try {
    const answer = await fetch(look.dataset.submit, { method: "POST", credentials: "same-origin", body });
    if (answer.ok && answer.url.endsWith("/receipt")) { location.href = answer.url; return 0; }
    if (answer.status === 409) { // gone on with on another device since: it is handed in there, or here once more
      const { error } = await answer.json();
      outbox.takeBack();
      goOn(error);
      return 0;
    }
    if (answer.status === 401) document.dispatchEvent(new Event("signedout"));
    if (answer.status === 400) await outbox.renew();
  } catch (offline) { /* the signed-off paper stays here and goes when the line is back */ }
  outbox.failures = Math.max(outbox.failures, 1);
  paint();
  return 3000;
}

const LONG = 5000; // ms a hand-in may be under way before the page says that this device keeps it

// Resolves after the first try, to 0 when it was the last.
async function keepHandingIn(isKept) {
  const again = await handIn(isKept);
  if (again) setTimeout(keepHandingIn, again, true);
  return again;
}

// On a good line the receipt is there at once: that the paper waits on this device is said when a try failed or takes long.
look.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (isLocked) return;
  const written = outbox.signOff();
  const tellKept = () => written.then((isWritten) => {
    if (isLocked) lock(isWritten ? fill(words.signedOff, { time: hour(outbox.signedOff()) }) : words.onlyOpen);
  });
  lock(words.submitting);
  const timer = setTimeout(tellKept, LONG);
  keepHandingIn().then((isFailed) => {
    clearTimeout(timer);
    if (isFailed) tellKept();
  });
});

// At the end the server is asked first: this device's clock decides nothing. Then what is waiting goes, then the paper.
async function endOfTime() {
  if (isLocked || isEnding) return;
  isEnding = true;
  const ending = `${words.timeUp} ${words.handingIn}`;
  say(ending);
  form.querySelectorAll("input").forEach((box) => { box.disabled = true; });
  await outbox.flush(true);
  isEnding = false;
  if (outbox.closed || isLocked) return;
  if (serverClock.left() > 0) { goOn(); return; }
  const waiting = outbox.unwritten() ? `${words.timeUp} ${words.onlyOpen}` : fill(words.timeUpWaiting, { n: outbox.waiting() });
  lock(outbox.waiting() ? waiting : ending);
  setTimeout(keepHandingIn, 1500 * Math.random());
}
document.addEventListener("timeup", endOfTime);
document.addEventListener("over", ({ detail }) => { location.href = detail.page || location.pathname; });

// --- begin ---

// Where the focus goes a screen reader says the number of the question and what it asks.
questions.forEach((question, index) => {
  ["labelledby", "describedby"].forEach((name, place) => {
    const part = question.querySelector([".count", ".stem"][place]);
    part.id = name + index;
    question.setAttribute("aria-" + name, part.id);
  });
});

function showKept() {
  questions.forEach((_, position) => {
    const choice = outbox.choiceOf(position);
    if (choice === null || outbox.state(position) === "stored") return;
    touched[position] = true;
    setChoice(position, choice);
  });
}

early = questions.map((_, position) => position)
  .filter((position) => boxes(position).some((box) => box.checked !== box.defaultChecked));
form.querySelector("[data-plain]").hidden = true;
form.querySelector("[data-half]").remove();
steps.hidden = false;
show(fromAddress() === null ? Math.max(0, questions.findIndex((_, position) => !choiceOf(position))) : fromAddress());
outbox.ready.then(() => {
  const chosen = outbox.signedOff() ? [] : early;
  early = [];
  chosen.forEach(choose);
  showKept();
  paint();
  if (outbox.signedOff()) {
    lock(fill(words.signedOff, { time: hour(outbox.signedOff()) }));
    keepHandingIn(true);
  } else if (serverClock.left() === 0) endOfTime(); // opened after the end, before the server has taken the paper
  else outbox.flush();
});
