// What a page keeps on this device beyond its own life: in IndexedDB and in the browser's small store, whichever it may.
// A value is an object with a number n that grows with every change; of two copies the one with the larger n counts.
// window.deviceStore: keep(key, value) → Promise of true once it is on the device, read(prefix) → Promise of
// {key: value}, forget(key). None of them ever fails; on a device that keeps nothing keep() answers false.

const SLOW = 2000; // ms after which IndexedDB counts as not there: some private windows never answer
const database = window.idbKeyval;
const within = (work, otherwise) => Promise.race([
  work().catch(() => otherwise),
  new Promise((resolve) => { setTimeout(resolve, SLOW, otherwise); }),
]);

function keepSmall(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch (refused) { return false; }
}

function readSmall(prefix) {
  const found = {};
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach((key) => {
      try { found[key] = JSON.parse(localStorage.getItem(key)); } catch (damaged) { /* not one of ours */ }
    });
  } catch (refused) { /* nothing kept here */ }
  return found;
}

const waiting = {}; // key → the newest value IndexedDB has not written yet; it writes one at a time

function keepLarge(key, value) {
  const copy = JSON.parse(JSON.stringify(value));
  if (waiting[key]) { waiting[key].value = copy; return waiting[key].done; }
  const job = { value: copy };
  waiting[key] = job;
  job.done = within(() => Promise.resolve().then(() => {
    delete waiting[key];
    return database.set(key, job.value).then(() => true);
  }), false);
  return job.done;
}

window.deviceStore = {
  async keep(key, value) {
    const small = keepSmall(key, value); // at once: the page may be closed before IndexedDB has answered
    const large = keepLarge(key, value);
    return small || large;
  },

  async read(prefix) {
    const found = readSmall(prefix);
    const rows = await within(() => Promise.resolve().then(() => database.entries()), []);
    rows.filter(([key]) => String(key).startsWith(prefix)).forEach(([key, value]) => {
      if (!found[key] || (value && value.n > found[key].n)) found[key] = value;
    });
    return found;
  },

  async forget(key) {
    try { localStorage.removeItem(key); } catch (refused) { /* was not there */ }
    await within(() => Promise.resolve().then(() => database.del(key)), undefined);
  },
};
