// A judge's sheet, saved at every change: kept on this device first, then sent until the server has it.
//   <form data-sheet="where to send" data-key="name on this device" data-stamp="newest the server has" data-words="…|…"
//         data-empty="what a criterion without points is told">
//   each criterion: <div data-criterion data-most data-step (hundredths) data-unfit="…"> with <p class="error"> and one field
//   [data-bar] total, state and handing in; [data-ask] the question that comes before handing in

const form = document.querySelector("[data-sheet]");
const [savedWord, waitingWord, unwrittenWord, sendingWord, lostWord, signedOutWord, unfitWord] = form.dataset.words.split("|");
const state = form.querySelector("[data-state]");
const note = form.querySelector("textarea");
const token = form.querySelector("[name=csrf_token]").value;
const bar = form.querySelector("[data-bar]");
const ask = form.querySelector("[data-ask]");
const yes = ask.querySelector("[data-yes]");
const marks = [...form.querySelectorAll("[data-criterion]")].map((row) => ({
  row, field: row.querySelector("input"), error: row.querySelector(".error"), name: row.dataset.criterion,
  most: Number(row.dataset.most), step: Number(row.dataset.step),
}));
const TYPED = 600; // ms without a key until what was typed is kept
const FIRM = 700; // ms in which the question before handing in takes no answer: a double tap is none
let newest = Number(form.dataset.stamp);
let sent = newest;
let isWritten = true;
let isSending = false;
let isCut = false; // the last sending did not arrive
let isLost = false; // the judge said yes, and the line was gone: said until handing in is asked for again
let refused = ""; // what the server said against the last sending, if it was not the line
let delay = 1000;
let typing = 0;

const text = (points) => (points % 100 ? (points / 100).toFixed(2).replace(".", ",") : String(points / 100));
function read(field) {
  const found = /^(\d{1,4})(?:[.,](\d{1,2}))?$/.exec(field.value.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0")) : null;
}
function isFit(mark) {
  const points = read(mark.field);
  return points !== null && points <= mark.most && (points % mark.step === 0 || points === mark.most);
}
const isWrong = (mark) => mark.field.value.trim() !== "" && !isFit(mark);
const given = () => Object.fromEntries(marks.filter(isFit).map((mark) => [mark.name, read(mark.field)]));

function say() {
  const isStored = sent >= newest;
  const isUnfit = marks.some((mark) => isWrong(mark) && !mark.error.hidden); // no points, so it is nowhere kept
  const waits = isSending || !isCut ? sendingWord : isWritten ? waitingWord : unwrittenWord;
  state.textContent = isUnfit ? unfitWord : isLost && isWritten && !refused ? lostWord : isStored ? (newest ? savedWord : "") : refused || waits;
  state.classList.toggle("waiting", isUnfit || isLost || (!isStored && isCut && !isSending));
  const total = text(Object.values(given()).reduce((sum, points) => sum + points, 0));
  form.querySelectorAll("[data-total]").forEach((place) => { place.textContent = total; });
}

function complain(mark, sentence) {
  mark.error.textContent = sentence;
  mark.error.hidden = !sentence;
  mark.row.classList.toggle("wrong", Boolean(sentence));
  if (sentence) mark.field.setAttribute("aria-invalid", "true"); else mark.field.removeAttribute("aria-invalid");
}

function write() {
  const sheet = { marks: given(), note: note.value, stamp: newest };
  try { localStorage.setItem(form.dataset.key, JSON.stringify(sheet)); isWritten = true; } catch { isWritten = false; }
  return sheet;
}

function change() {
  clearTimeout(typing);
  typing = 0;
  newest = Math.max(newest + 1, Date.now());
  write();
  say();
  send();
}
function type() {
  clearTimeout(typing);
  typing = setTimeout(change, TYPED);
  say();
}

// Sends the sheet when the server has not got it, or anyway; tells whether the server has it now.
async function send(anyway = false) {
  if (isSending || (sent >= newest && !anyway)) return sent >= newest;
  isSending = true;
  const sheet = write();
  let isThere = false;
  try {
    const answer = await fetch(form.dataset.sheet, {
      method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(sheet),
      signal: AbortSignal.timeout ? AbortSignal.timeout(10000) : undefined,
    });
    if (answer.status === 409) localStorage.removeItem(form.dataset.key); // handed in already
    if (answer.status === 409 || answer.status === 403) { location.reload(); return false; }
    refused = answer.status === 401 || answer.redirected ? signedOutWord : answer.status === 400 ? (await answer.json()).error : "";
    if (!answer.ok || refused) throw new Error(answer.statusText);
    const kept = (await answer.json()).stamp;
    if (kept > sheet.stamp) newest = Math.max(newest, kept + 1); // another device of this judge was ahead: what is here is newer
    else { sent = Math.max(sent, sheet.stamp); isThere = sent >= newest; }
    delay = 1000;
    isCut = false;
  } catch {
    delay = Math.min(delay * 2, 15000);
    isCut = true;
  }
  isSending = false;
  say();
  if (sent < newest) setTimeout(send, isCut ? delay : 0);
  return isThere;
}

// The steps of one criterion: its own, and whole points where its own are less, tens where there are many. Between them
// the field.
const small = (mark) => Math.floor(mark.most / mark.step) * mark.step;
function stepper(mark, amount) {
  const button = document.createElement("button");
  button.type = "button";
  button.classList.add("button", "secondary");
  button.textContent = `${amount > 0 ? "+" : "−"}${text(Math.abs(amount))}`;
  button.setAttribute("aria-label", `${mark.name} ${button.textContent}`);
  button.addEventListener("click", () => {
    const here = read(mark.field) || 0;
    const there = here + amount;
    const onStep = (amount < 0 ? Math.ceil(there / mark.step) : Math.floor(there / mark.step)) * mark.step;
    mark.field.value = text(there >= mark.most ? mark.most : Math.max(0, Math.min(small(mark), onStep)));
    complain(mark, "");
    change();
  });
  return button;
}

marks.forEach((mark) => {
  const larger = mark.step < 100 ? (mark.most >= 300 ? [100] : []) : mark.most >= 3000 ? [1000] : [];
  const amounts = [mark.step, ...larger];
  amounts.forEach((amount) => {
    mark.field.parentElement.prepend(stepper(mark, -amount));
    mark.field.parentElement.append(stepper(mark, amount));
  });
  mark.field.setAttribute("aria-describedby", `${mark.field.getAttribute("aria-describedby")} ${mark.error.id}`);
  mark.field.addEventListener("input", () => { if (!isWrong(mark)) complain(mark, ""); type(); });
  mark.field.addEventListener("change", () => { complain(mark, isWrong(mark) ? mark.row.dataset.unfit : ""); change(); });
});
note.addEventListener("input", type);
note.addEventListener("change", change);
form.querySelectorAll("[data-plain]").forEach((button) => { button.hidden = true; }); // every change is saved at once

// What was typed before this script was there (on a slow line a finger is faster), and what an earlier page of this
// sheet could not send; the former is newer.
const early = [...marks.map((mark) => mark.field), note].filter((field) => field.value !== field.defaultValue)
  .map((field) => [field, field.value]);
try {
  const left = JSON.parse(localStorage.getItem(form.dataset.key));
  if (left && left.stamp > newest) {
    marks.forEach((mark) => { mark.field.value = mark.name in left.marks ? text(left.marks[mark.name]) : ""; });
    note.value = left.note;
    newest = left.stamp;
    send();
  }
} catch { /* nothing is kept here */ }
early.forEach(([field, value]) => {
  field.value = value;
  field.dispatchEvent(new Event("change"));
});

// Handing in: every criterion has points, the judge says yes, the server has the sheet.
function show(isAsking) {
  ask.hidden = !isAsking;
  bar.hidden = isAsking;
  yes.disabled = isAsking;
  if (!isAsking) return;
  setTimeout(() => { yes.disabled = false; yes.focus({ preventScroll: true }); }, FIRM);
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  isLost = false;
  if (typing) change(); else say();
  const unfit = marks.filter((mark) => !isFit(mark));
  unfit.forEach((mark) => complain(mark, isWrong(mark) ? mark.row.dataset.unfit : form.dataset.empty));
  if (!unfit.length) { show(true); return; }
  unfit[0].field.focus({ preventScroll: true });
  unfit[0].row.scrollIntoView({ block: "center" });
});
ask.querySelector("[data-no]").addEventListener("click", () => show(false));
yes.addEventListener("click", async () => {
  yes.disabled = true;
  while (isSending) await new Promise((done) => setTimeout(done, 100));
  const isThere = await send(true) || await send(true); // the second where another device was ahead
  if (!isThere) {
    isLost = !refused;
    show(false);
    say();
    if (refused) state.textContent = refused;
    state.classList.add("waiting");
    return;
  }
  const chosen = document.createElement("input");
  Object.assign(chosen, { type: "hidden", name: "act", value: "submit" });
  form.append(chosen);
  localStorage.removeItem(form.dataset.key);
  form.submit();
});
addEventListener("online", () => send());
addEventListener("pageshow", () => show(false));
say();
