// What a page that was closed too early left on this device goes to the server from any later page of its candidate.
//   <p hidden data-leftover data-key data-late data-token data-seed data-words="… {n} …"></p>

const RETRY = 4000; // ms

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
    if (told) location.reload(); // the server says what became of it
    else setTimeout(send, RETRY);
  };
  send();
}

document.querySelectorAll("[data-leftover]").forEach(sendLeft);
