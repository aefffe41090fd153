// Marks that a sheet's own page could not send before it was closed go out from the judge's list.
//   <div data-token> … <span hidden data-left="name on this device" data-to="where to send">: shown while only here

const RETRY = 5000;

async function send(place) {
  const token = place.closest("[data-token]").dataset.token;
  try {
    const sheet = localStorage.getItem(place.dataset.left);
    place.hidden = !sheet;
    if (!sheet) return;
    const answer = await fetch(place.dataset.to, {
      method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: sheet,
    });
    if (answer.status === 409) localStorage.removeItem(place.dataset.left); // handed in meanwhile
    if (answer.status !== 409 && (!answer.ok || answer.redirected)) throw new Error(answer.statusText);
    place.hidden = true;
  } catch {
    setTimeout(() => { if (place.isConnected) send(place); }, RETRY);
  }
}

const sendAll = () => document.querySelectorAll("[data-left]").forEach(send);
sendAll();
document.addEventListener("fresh", sendAll);
