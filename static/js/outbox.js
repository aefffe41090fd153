// Choices on their way to the server. Nothing counts as stored until the server has said so.
//   <form data-outbox="where to send" data-token data-key="name in this browser" data-start data-newest="newest stamp">
// window.outbox: put(position, choice), state(position), waiting(), flush(); it is null where there is nothing to send.
// The document hears "outbox" when a state changes, "other" (detail: position, choice) when another device's newer
// choice came back, "over" when the attempt is closed, "signedout" when the sign-in has ended.

const DEVICE = 2 ** 20; // a stamp is ms since the start · 2²⁰ + a number of this device
const PATIENCE = 12000; // ms until a request without an answer is sent again
const desk = document.querySelector("[data-outbox]");
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

// This browser may refuse to keep anything; then the page keeps the queue alone.
const kept = {
  read(key) {
    try { return JSON.parse(localStorage.getItem(key)) || {}; } catch (refused) { return {}; }
  },
  write(key, value) {
    try {
      if (Object.keys(value).length) localStorage.setItem(key, JSON.stringify(value));
      else localStorage.removeItem(key);
    } catch (refused) { /* nothing to do: the page still has it */ }
  },
};

function deviceNumber() {
  const known = kept.read("quiz.device").number;
  if (known) return known;
  const number = 1 + (crypto.getRandomValues(new Uint32Array(1))[0] % (DEVICE - 1));
  kept.write("quiz.device", { number });
  return number;
}

class Outbox {
  constructor(form) {
    this.form = form;
    this.device = deviceNumber();
    this.newest = Number(form.dataset.newest);
    this.pending = kept.read(form.dataset.key); // position → [choice, stamp]
    Object.keys(this.pending).forEach((position) => this.saw(this.pending[position][1]));
    this.failures = 0;
    this.sending = null; // the request under way
    this.timer = 0;
    this.closed = false;
  }

  // A choice made after seeing another is newer, whatever the clocks say.
  saw(stamp) {
    this.newest = Math.max(this.newest, stamp);
  }

  stamp() {
    const since = Math.max(0, Math.floor(window.serverClock.now() - Number(this.form.dataset.start)));
    this.newest = Math.max(since, Math.floor(this.newest / DEVICE) + 1) * DEVICE + this.device;
    return this.newest;
  }

  put(position, choice) {
    this.pending[position] = [choice, this.stamp()];
    this.keep();
    this.failures = 0;
    this.flush();
  }

  keep() {
    kept.write(this.form.dataset.key, this.pending);
    tell("outbox");
  }

  waiting() {
    return Object.keys(this.pending).length;
  }

  state(position) {
    if (!(position in this.pending)) return "stored";
    return this.failures ? "waiting" : "sending";
  }

  // Send what is waiting; with nothing waiting, ask for the time when told to. Resolves when the answer is in.
  flush(ask) {
    if (this.closed) return Promise.resolve();
    if (this.sending) return this.sending.then(() => (this.waiting() ? this.flush() : undefined));
    if (!ask && !this.waiting()) return Promise.resolve();
    clearTimeout(this.timer);
    this.sending = this.send().then((again) => {
      this.sending = null;
      tell("outbox");
      if (!again && this.waiting() && !this.closed) return this.flush();
      if (again) this.timer = setTimeout(() => this.flush(true), again);
      return undefined;
    });
    tell("outbox");
    return this.sending;
  }

  request(leaving) {
    const responses = Object.keys(this.pending).map((position) => [Number(position), ...this.pending[position]]);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const done = () => clearTimeout(timer);
    const answer = fetch(this.form.dataset.outbox, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": this.form.dataset.token },
      body: JSON.stringify({ responses }),
      signal: stop.signal,
      keepalive: leaving === true,
    });
    answer.then(done, done);
    return answer;
  }

  // Returns 0, or the ms after which to try again.
  async send() {
    const asked = performance.now();
    try {
      const answer = await this.request();
      if (answer.ok) return this.take(await answer.json(), performance.now() - asked);
      if (answer.status === 401) tell("signedout");
      if (answer.status === 400 && await this.renew()) return 1;
      if (answer.status === 409 || answer.status === 404 || answer.status === 403) {
        this.closed = true;
        tell("over");
        return 0;
      }
    } catch (offline) { /* no line, or too slow a one: the same choices are sent again */ }
    this.failures += 1;
    return Math.min(20000, 1000 * 2 ** Math.min(this.failures - 1, 5)) * (0.6 + 0.4 * Math.random());
  }

  take(answer, trip) {
    this.failures = 0;
    window.serverClock.set(answer.now + trip / 2, answer.deadline);
    answer.stored.forEach(([position, choice, stamp]) => {
      this.saw(stamp);
      const mine = this.pending[position];
      if (!mine || mine[1] > stamp) return; // chosen again meanwhile: that one goes next
      delete this.pending[position];
      if (mine[1] < stamp && mine[0] !== choice) tell("other", { position, choice });
    });
    this.keep();
    return 0;
  }

  // After signing in again this page needs the new session's token; the queue goes on as it was. Tells if there was one.
  async renew() {
    const page = await (await fetch(location.href, { credentials: "same-origin" })).text();
    const form = new DOMParser().parseFromString(page, "text/html").querySelector("[data-outbox]");
    const token = form && form.dataset.key === this.form.dataset.key ? form.dataset.token : this.form.dataset.token;
    const isNew = token !== this.form.dataset.token;
    this.form.dataset.token = token;
    return isNew;
  }

  leave() {
    if (this.waiting() && !this.closed) this.request(true).catch(() => {});
  }
}

window.outbox = desk ? new Outbox(desk) : null;
if (desk) {
  const hurry = () => window.outbox.flush(window.serverClock.slept());
  addEventListener("online", hurry);
  addEventListener("pageshow", hurry);
  document.addEventListener("woke", () => window.outbox.sending || window.outbox.failures || window.outbox.flush(true));
  document.addEventListener("visibilitychange", () => (document.hidden ? window.outbox.leave() : hurry()));
  addEventListener("pagehide", () => window.outbox.leave());
}

// The receipt says what never left this browser, and forgets it.
const receipt = document.querySelector("[data-forget]");
if (receipt) {
  receipt.hidden = !Object.keys(kept.read(receipt.dataset.forget)).length;
  kept.write(receipt.dataset.forget, {});
  kept.write(receipt.dataset.forget + ".marks", {});
}
