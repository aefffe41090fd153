// What a page that was closed too early left on this device goes to the server from any later page of its candidate.
//   <p hidden data-leftover data-key data-late data-token data-seed data-words="… {n} …"></p>

const RETRY = 4000; // ms
let isLeaving = false; // somebody has tapped a link: the page they wait for must not be called back
addEventListener("beforeunload", () => { isLeaving = true; });
addEventListener("pageshow", () => { isLeaving = false; });

async function sendLeft(place) {
  const box = new window.Outbox(place);
  await box.ready;
  if (!box.waiting()) {
    if ("isDone" in place.dataset) box.forgetAll();
    return;
  }
  place.textContent = place.dataset.words.replace("{n}", box.waiting());
  place.hidden = false;
  const send = async () => {
    const told = await box.deliver().catch(() => null);
    if (!told) setTimeout(send, RETRY);
    else if (!isLeaving) location.reload(); // the server says what became of it
  };
  send();
}

document.querySelectorAll("[data-leftover]").forEach(sendLeft);
