// A shared device: the receipt makes room for the next one after a while, and the start page forgets what the one before
// left in this browser. Choices that have not reached the server stay until they have.
//   <section data-hall-done="seconds"><form> <button data-stay> <p class="hint">… 20 …
//     <p role="status" data-words="… {n} …">  is told once: whoever hears the page cannot see it count</section>
//   [data-leftover] beside it is shown while choices are being sent
//   <div data-hall-start="/hall"> on the question page: where a device goes back to whose contestant was moved

const done = document.querySelector("[data-hall-done]");
const paper = document.querySelector("[data-hall-start]");
const READ = 15000; // ms to read that one has been moved

if (done) {
  let left = Number(done.dataset.hallDone);
  const stay = done.querySelector("[data-stay]");
  const told = done.querySelector(".hint");
  const said = done.querySelector("[role=status]");
  stay.hidden = false;
  stay.addEventListener("click", () => { left = Math.max(left, 0) + 60; });
  addEventListener("keydown", () => { left = Math.max(left, 60); }); // whoever goes on through the page is not done
  setInterval(() => {
    const sending = document.querySelector("[data-leftover]:not([hidden])");
    if (!sending) left -= 1;
    told.textContent = told.textContent.replace(/\d+/, Math.max(left, 0));
    if (!said.textContent) said.textContent = said.dataset.words.replace("{n}", left);
    if (left === 0) done.querySelector("form").submit();
  }, 1000);
} else if (paper) {
  let leaving = 0;
  document.addEventListener("signedout", () => {
    if (leaving) return;
    leaving = setTimeout(() => {
      leaving = 0;
      if (!window.outbox.waiting()) location.replace(paper.dataset.hallStart); // what still waits is not left behind
    }, READ);
  });
} else {
  try {
    Object.keys(localStorage).filter((key) => /^quiz\..*\.(marks|away)$/.test(key)).forEach((key) => localStorage.removeItem(key));
  } catch (refused) { /* this browser keeps nothing anyway */ }
}

// A page brought back by the back button is asked for anew.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
