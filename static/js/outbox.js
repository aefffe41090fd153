// Choices on their way to the server. Nothing counts as stored until the server has said so, and nothing counts as
// written on this device until the device has said so.
//   <form data-outbox="where to send" data-late="where to send after the end" data-token data-key="name on this device"
//         data-seed="what the first link follows" data-start data-newest="newest stamp">
// Each page keeps a log of its own, so that two tabs never write over each other, and sends what earlier pages left.
// window.outbox: ready, put(position, choice), state(position), choiceOf(position), waiting(), unwritten(), flush(),
// signOff(), takeBack(), deliver(); null where there is nothing to send. The document hears "outbox" when a state changes,
// "other" (detail: choices [position, choice]) when the server has choices that were not made here, "elsewhere" when the
// card was used on another device, "signedout" when the sign-in has ended, "over" (detail: page, counted, refused) when
// the attempt is closed.

const DEVICE = 2 ** 20; // a stamp is ms since the start · 2²⁰ + the number of this page's log
const PATIENCE = 12000; // ms until a request without an answer is sent again
const ASK = 60000; // ms after which an open page asks for the clock: minutes may have been given, or the round ended
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const randomNumber = () => 1 + (crypto.getRandomValues(new Uint32Array(1))[0] % (DEVICE - 1));
const [POSITION, CHOICE, STAMP, LINK] = [0, 1, 2, 3];

class Outbox {
  constructor(form) {
    this.form = form;
    this.device = randomNumber();
    this.key = form.dataset.key + "." + this.device;
    this.own = { n: 0, log: [], stored: {}, off: null }; // stored: position → newest stamp the server has
    this.records = { [this.key]: this.own }; // every log of this attempt on this device
    this.newest = Number(form.dataset.newest || 0);
    this.failures = 0;
    this.isWritten = true; // whether the device has taken what this page wrote last
    this.sending = null; // the request under way
    this.timer = 0;
    this.closed = false;
    this.heard = performance.now();
    this.ready = window.deviceStore.read(form.dataset.key + ".").then((found) => this.adopt(found));
  }

  // What an earlier page of this attempt left on this device.
  adopt(found) {
    Object.keys(found).filter((key) => Array.isArray((found[key] || {}).log)).forEach((key) => {
      this.records[key] = found[key];
      found[key].log.forEach((entry) => this.saw(entry[STAMP]));
    });
    this.tidy();
    tell("outbox");
  }

  all() {
    return Object.keys(this.records).map((key) => this.records[key]);
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
    const { log } = this.own;
    const previous = log.length ? log[log.length - 1][LINK] : this.form.dataset.seed;
    const stamp = this.stamp();
    log.push([position, choice, stamp, window.linkOf(previous, position, choice, stamp)]);
    this.failures = 0; // a new try: until it has failed nobody is told that the choice is in danger
    this.keep();
    this.flush();
  }

  keep() {
    this.own.n += 1;
    const number = this.own.n;
    this.isWritten = false;
    const kept = window.deviceStore.keep(this.key, this.own).then((isWritten) => {
      if (number === this.own.n) this.isWritten = isWritten;
      tell("outbox");
      return isWritten;
    });
    tell("outbox");
    return kept;
  }

  // The newest entry of each position over all logs, and the newest stamp the server is known to have.
  newestOf(position) {
    let newest = null;
    this.all().forEach(({ log }) => log.forEach((entry) => {
      if (entry[POSITION] === position && (!newest || entry[STAMP] > newest[STAMP])) newest = entry;
    }));
    return newest;
  }

  pending() {
    const newest = {};
    const stored = {};
    this.all().forEach((record) => {
      record.log.forEach((entry) => {
        const known = newest[entry[POSITION]];
        if (!known || entry[STAMP] > known[STAMP]) newest[entry[POSITION]] = entry;
      });
      Object.keys(record.stored).forEach((position) => {
        stored[position] = Math.max(stored[position] || -1, record.stored[position]);
      });
    });
    const late = (position) => !(position in stored) || newest[position][STAMP] > stored[position];
    return Object.keys(newest).filter(late).map((position) => newest[position]);
  }

  waiting() {
    return this.pending().length;
  }

  // How many of those would be gone with this page.
  unwritten() {
    if (this.isWritten) return 0;
    return this.pending().filter((entry) => entry[STAMP] % DEVICE === this.device).length;
  }

  state(position) {
    const entry = this.pending().find((one) => one[POSITION] === position);
    if (!entry) return "stored";
    if (!this.isWritten && entry[STAMP] % DEVICE === this.device) return "unwritten";
    return this.failures ? "waiting" : "sending";
  }

  choiceOf(position) {
    const entry = this.newestOf(position);
    return entry ? entry[CHOICE] : null;
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

  post(address, body, leaving) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const done = () => clearTimeout(timer);
    const answer = fetch(address, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": this.form.dataset.token },
      body: JSON.stringify(body),
      signal: stop.signal,
      keepalive: leaving === true,
    });
    answer.then(done, done);
    return answer;
  }

  request(leaving) {
    const responses = this.pending().map((entry) => entry.slice(POSITION, LINK));
    return this.post(this.form.dataset.outbox, { responses }, leaving);
  }

  // Returns 0, or the ms after which to try again.
  async send() {
    const asked = performance.now();
    try {
      const answer = await this.request();
      if (answer.ok) return this.take(await answer.json(), performance.now() - asked);
      if (answer.status === 401) tell("signedout");
      if (answer.status === 400 && await this.renew()) return 1;
      if (answer.status === 409) {
        const told = await this.deliver();
        return told ? this.end(told) : this.later();
      }
      if (answer.status === 404 || answer.status === 403) return this.end({});
    } catch (offline) { /* no line, or too slow a one: the same choices are sent again */ }
    return this.later();
  }

  later() {
    this.failures += 1;
    return Math.min(20000, 1000 * 2 ** Math.min(this.failures - 1, 5)) * (0.6 + 0.4 * Math.random());
  }

  take(answer, trip) {
    this.failures = 0;
    this.heard = performance.now();
    window.serverClock.set(answer.now + trip / 2, answer.deadline);
    if (answer.elsewhere) tell("elsewhere");
    answer.stored.forEach(([position, , stamp]) => {
      this.saw(stamp);
      this.own.stored[position] = Math.max(this.own.stored[position] || 0, stamp);
    });
    const newer = answer.stored.filter(([position, , stamp]) => {
      const mine = this.newestOf(position);
      return !mine || mine[STAMP] < stamp;
    });
    if (newer.length) tell("other", { choices: newer });
    if (answer.stored.length) this.keep();
    this.tidy();
    return 0;
  }

  // Logs of earlier pages of which nothing is waiting any more, and nothing was handed in, are done with.
  tidy() {
    const waiting = this.pending().map((entry) => entry[STAMP] % DEVICE);
    Object.keys(this.records).filter((key) => key !== this.key).forEach((key) => {
      const record = this.records[key];
      if (record.off || !record.log.length || waiting.includes(record.log[0][STAMP] % DEVICE)) return;
      delete this.records[key];
      window.deviceStore.forget(key);
    });
  }

  // --- after the end ---

  // The candidate has handed in on this device; from now on nothing is chosen any more. Resolves to whether it is written.
  signOff() {
    const last = Number(this.form.dataset.start) + Math.floor(this.newest / DEVICE); // of a choice, by a clock set back since
    this.own.off = this.own.off || Math.max(Math.round(window.serverClock.now()), last);
    return this.keep();
  }

  // The paper is open after all: another device has gone on with it.
  takeBack() {
    Object.keys(this.records).filter((key) => this.records[key].off).forEach((key) => {
      this.records[key].off = null;
      this.records[key].n += 1;
      window.deviceStore.keep(key, this.records[key]);
    });
  }

  signedOff() {
    return this.all().map((record) => record.off).find(Boolean) || null;
  }

  // The attempt is closed: hand over every log with something the server has not got. Resolves to what became of
  // it, null when it has to be tried again.
  async deliver() {
    const waiting = this.pending().map((entry) => entry[STAMP] % DEVICE);
    const sum = { counted: 0, refused: 0, page: "" };
    for (const key of Object.keys(this.records)) {
      const { log, off } = this.records[key];
      if (log.length && waiting.includes(log[0][STAMP] % DEVICE)) {
        const answer = await this.post(this.form.dataset.late, { log, signed_off: off, away: window.awayOf(this.form.dataset.key) });
        if (answer.status === 401) { tell("signedout"); return null; }
        if (answer.status === 400 && await this.renew()) return this.deliver();
        if (!answer.ok && answer.status !== 409) return null;
        const told = answer.ok ? await answer.json() : { counted: 0, refused: log.length };
        sum.counted += told.counted;
        sum.refused += told.refused;
        sum.page = told.page || sum.page;
      }
      window.deviceStore.forget(key);
      delete this.records[key];
    }
    return sum;
  }

  forgetAll() {
    Object.keys(this.records).forEach((key) => window.deviceStore.forget(key));
  }

  end(sum) {
    this.closed = true;
    tell("over", sum);
    return 0;
  }

  // After signing in again this page needs the new session's token; the queue goes on as it was. Tells if there was one.
  async renew() {
    const page = await (await fetch(location.href, { credentials: "same-origin" })).text();
    const fresh = new DOMParser().parseFromString(page, "text/html");
    const form = Array.from(fresh.querySelectorAll("[data-token]")).find((one) => one.dataset.key === this.form.dataset.key);
    const token = form ? form.dataset.token : this.form.dataset.token;
    const isNew = token !== this.form.dataset.token;
    this.form.dataset.token = token;
    const [old, given] = [document, fresh].map((place) => place.querySelectorAll("[name=csrf_token]"));
    if (given.length) old.forEach((field) => { field.value = given[0].value; });
    return isNew;
  }

  leave() {
    if (this.waiting() && !this.closed) this.request(true).catch(() => {});
  }
}

const desk = document.querySelector("[data-outbox]");
window.Outbox = Outbox;
window.outbox = desk ? new Outbox(desk) : null;
if (desk) {
  const hurry = () => window.outbox.flush(window.serverClock.slept());
  addEventListener("online", hurry);
  addEventListener("pageshow", hurry);
  document.addEventListener("woke", () => window.outbox.sending || window.outbox.failures || window.outbox.flush(true));
  // Looked at again, the page asks what another device has chosen meanwhile.
  document.addEventListener("visibilitychange", () => (document.hidden ? window.outbox.leave() : window.outbox.flush(true)));
  addEventListener("pagehide", () => window.outbox.leave());
  setInterval(() => {
    if (!document.hidden && performance.now() - window.outbox.heard > ASK) window.outbox.flush(true);
  }, ASK / 12);
  // Another tab of this browser chose something: this page shows it too.
  addEventListener("storage", ({ key, newValue }) => {
    if (!key || !newValue || !key.startsWith(desk.dataset.key + ".") || key === window.outbox.key) return;
    const record = JSON.parse(newValue);
    if (!Array.isArray(record.log) || !record.log.length) return;
    window.outbox.records[key] = record;
    const [position, , stamp] = record.log[record.log.length - 1];
    window.outbox.saw(stamp);
    tell("other", { choices: [[position, window.outbox.choiceOf(position)]], isSameDevice: true });
    tell("outbox");
  });
}
