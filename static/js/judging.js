// A judge's sheet, saved at every change: kept on this device first, then sent until the server has it.
//   <form data-sheet="where to send" data-key="name on this device" data-stamp="newest the server has" data-words="…|…">
//   each criterion: <div data-criterion data-most data-step> (hundredths) with one text field

const form = document.querySelector("[data-sheet]");
const [savedWord, waitingWord, unwrittenWord, sendingWord, lostWord] = form.dataset.words.split("|");
const state = form.querySelector("[data-state]");
const total = form.querySelector("[data-total]");
const note = form.querySelector("textarea");
const token = form.querySelector("[name=csrf_token]").value;
const marks = [...form.querySelectorAll("[data-criterion]")].map((row) => ({
  row, field: row.querySelector("input"), name: row.dataset.criterion, most: Number(row.dataset.most), step: Number(row.dataset.step),
}));
let newest = Number(form.dataset.stamp);
let sent = newest;
let isWritten = true;
let isSending = false;
let delay = 1000;

const text = (points) => (points % 100 ? (points / 100).toFixed(2).replace(".", ",") : String(points / 100));
function read(field) {
  const found = /^(\d{1,4})(?:[.,](\d{1,2}))?$/.exec(field.value.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0")) : null;
}
const isFit = (mark, points) => points !== null && points <= mark.most && (points % mark.step === 0 || points === mark.most);
const given = () => Object.fromEntries(marks.map((mark) => [mark.name, read(mark.field)]).filter(([, points]) => points !== null));

function say() {
  const isStored = sent >= newest;
  state.textContent = isStored ? (newest ? savedWord : "") : isSending ? sendingWord : isWritten ? waitingWord : unwrittenWord;
  state.classList.toggle("waiting", !isStored && !isSending);
  total.textContent = text(Object.values(given()).reduce((sum, points) => sum + points, 0));
}

function write() {
  const sheet = { marks: given(), note: note.value, stamp: newest };
  try { localStorage.setItem(form.dataset.key, JSON.stringify(sheet)); isWritten = true; } catch { isWritten = false; }
  return sheet;
}

function change() {
  newest = Math.max(newest + 1, Date.now());
  write();
  say();
  send();
}

async function send() {
  const fit = marks.every((mark) => mark.field.value.trim() === "" || isFit(mark, read(mark.field)));
  if (isSending || sent >= newest || !fit) return sent >= newest;
  isSending = true;
  const sheet = write();
  try {
    const answer = await fetch(form.dataset.sheet, {
      method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(sheet),
      signal: AbortSignal.timeout ? AbortSignal.timeout(10000) : undefined,
    });
    if (answer.status === 409 || answer.status === 403) { localStorage.removeItem(form.dataset.key); location.reload(); return false; }
    if (!answer.ok) throw new Error(answer.statusText);
    const kept = (await answer.json()).stamp;
    if (kept > sheet.stamp) newest = Math.max(newest, kept + 1); // another device of this judge was ahead: what is here is newer
    else sent = Math.max(sent, sheet.stamp);
    delay = 1000;
  } catch {
    delay = Math.min(delay * 2, 15000);
  }
  isSending = false;
  say();
  if (sent < newest) setTimeout(send, delay);
  return sent >= newest;
}

function stepper(mark, sign, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.classList.add("button", "secondary");
  button.textContent = sign > 0 ? "+" : "−";
  button.setAttribute("aria-label", `${mark.name} ${words}`);
  button.addEventListener("click", () => {
    const points = (read(mark.field) || 0) + sign * mark.step;
    mark.field.value = text(Math.min(mark.most, Math.max(0, sign < 0 ? Math.ceil(points / mark.step) * mark.step : Math.floor(points / mark.step) * mark.step)));
    mark.field.removeAttribute("aria-invalid");
    change();
  });
  return button;
}

marks.forEach((mark) => {
  mark.field.before(stepper(mark, -1, "−"));
  mark.field.after(stepper(mark, 1, "+"));
  mark.field.addEventListener("change", () => {
    const isWrong = mark.field.value.trim() !== "" && !isFit(mark, read(mark.field));
    mark.field.toggleAttribute("aria-invalid", isWrong);
    mark.row.classList.toggle("wrong", isWrong);
    change();
  });
});
note.addEventListener("change", change);

// What an earlier page of this sheet could not send.
try {
  const left = JSON.parse(localStorage.getItem(form.dataset.key));
  if (left && left.stamp > newest) {
    marks.forEach((mark) => { if (mark.name in left.marks) mark.field.value = text(left.marks[mark.name]); });
    note.value = left.note;
    newest = left.stamp;
    send();
  }
} catch { /* nothing is kept here */ }

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const act = event.submitter ? event.submitter.value : "save";
  while (isSending) await new Promise((done) => setTimeout(done, 100));
  const isStored = sent >= newest || (await send());
  const anyWrong = marks.some((mark) => mark.row.classList.contains("wrong"));
  if (!isStored && !anyWrong) { state.textContent = lostWord; state.classList.add("waiting"); return; }
  const chosen = document.createElement("input");
  chosen.type = "hidden";
  chosen.name = "act";
  chosen.value = act;
  form.append(chosen);
  if (!anyWrong) localStorage.removeItem(form.dataset.key);
  form.submit();
});
window.addEventListener("online", send);
say();
