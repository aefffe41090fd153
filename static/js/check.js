// The check before handing in: nothing that waits on this device is left behind, and the end of the time hands in.

const { outbox, serverClock } = window;

if (outbox.waiting()) outbox.flush().then(() => outbox.waiting() || location.reload());

document.addEventListener("timeup", async () => {
  await outbox.flush(true);
  if (outbox.closed) return;
  if (outbox.failures) setTimeout(() => document.dispatchEvent(new Event("timeup")), 3000);
  else if (serverClock.left() === 0) setTimeout(() => document.querySelector("[data-time-up-form]").submit(), 1500 * Math.random());
});
document.addEventListener("over", () => { location.href = location.pathname; });
