// Small kindnesses on pages that already work without them.

// Reading starts at what went wrong, also where the address names another place: the browser would go there afterwards.
const first = document.querySelector("[data-focus]");
if (first) {
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  first.focus();
}

// A second tap on a slow line does not send the form twice; coming back to the page frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 8000);
});
addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent));

// The menu stands open on a wide screen in browsers that cannot do it by style.
const wide = matchMedia("(min-width: 48em)");
const openMenus = () => document.querySelectorAll("[data-open-wide]").forEach((menu) => { menu.open = wide.matches; });
wide.addEventListener("change", openMenus);
openMenus();

// <button data-print>: prints the page; hidden until a script can do it.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});

// A page that waits says so when the line goes, and what is safe meanwhile.
const offline = document.querySelector("[data-offline]");
const sayOffline = () => { offline.hidden = navigator.onLine; };
if (offline) {
  addEventListener("online", sayOffline);
  addEventListener("offline", sayOffline);
  sayOffline();
}
