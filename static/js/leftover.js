// What a page that was closed too early left on this device goes to the server from any later page of its candidate.
//   <p hidden data-leftover data-key data-late data-token data-seed data-words="… {n} …"
//      data-paper="where an attempt that is still open is worked on"></p>

const RETRY = 4000; // ms
const TOLD = "leftover.told";
let isLeaving = false; // somebody has tapped a link: the page they wait for must not be called back
addEventListener("beforeunload", () => { isLeaving = true; });
addEventListener("pageshow", () => { isLeaving = false; });

async function sendLeft(place) {
  const box = new window.Outbox(place);
  await box.ready;
  if (box.signedOff() && "paper" in place.dataset) { // handed in without a line: its own page takes it the rest of the way
    location.replace(place.dataset.paper);
    return;
  }
  if (!box.waiting()) {
    if ("isDone" in place.dataset) box.forgetAll();
    return;
  }
  place.textContent = place.dataset.words.replace("{n}", box.waiting());
  place.hidden = false;
  const send = async () => {
    const told = await box.deliver().catch(() => null);
    if (!told) setTimeout(send, RETRY);
    else if (isLeaving) keepTold();
    else location.reload(); // the server says what became of it
  };
  send();
}

// The page that somebody was leaving for may have been made before the answers arrived: it is asked for once more.
function keepTold() {
  try { sessionStorage.setItem(TOLD, "1"); } catch { /* nothing is kept here */ }
}
function wasTold() {
  try {
    const told = sessionStorage.getItem(TOLD);
    sessionStorage.removeItem(TOLD);
    return Boolean(told);
  } catch { return false; }
}

if (wasTold()) location.reload();
else document.querySelectorAll("[data-leftover]").forEach(sendLeft);
