// The links of the log a device keeps: each is made of the one before it and the choice, so that a change shows.
// window.linkOf(previous, position, choice, stamp): 32 hexadecimal digits, the first half of a SHA-256.
// The browser's own SHA-256 is only there on HTTPS, and a hall may have none.

const primes = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
const fraction = (number) => ((number % 1) * 2 ** 32) | 0;
const ROUNDS = primes.map((prime) => fraction(Math.cbrt(prime)));
const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const turn = (word, by) => (word >>> by) | (word << (32 - by));

function padded(text) {
  const bytes = Array.from(text, (letter) => letter.charCodeAt(0));
  const bits = bytes.length * 8;
  bytes.push(128);
  while (bytes.length % 64 !== 56) bytes.push(0);
  return bytes.concat([0, 0, 0, 0], [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255));
}

function schedule(bytes, at) {
  const words = [];
  for (let i = 0; i < 16; i += 1) {
    const byte = at + 4 * i;
    words[i] = (bytes[byte] << 24) | (bytes[byte + 1] << 16) | (bytes[byte + 2] << 8) | bytes[byte + 3];
  }
  for (let i = 16; i < 64; i += 1) {
    const [early, late] = [words[i - 15], words[i - 2]];
    const mixed = (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)) + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
    words[i] = (words[i - 16] + words[i - 7] + mixed) | 0;
  }
  return words;
}

function sha256(text) {
  const bytes = padded(text);
  let state = START;
  for (let at = 0; at < bytes.length; at += 64) {
    const words = schedule(bytes, at);
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i];
      const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    state = [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) | 0);
  }
  return state.map((word) => ("0000000" + (word >>> 0).toString(16)).slice(-8)).join("");
}

window.linkOf = (previous, position, choice, stamp) => sha256([previous, position, choice, stamp].join("|")).slice(0, 32);
