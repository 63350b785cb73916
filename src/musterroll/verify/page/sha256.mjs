// SHA-256 (FIPS 180-4), synchronous: the browser's own digest is asynchronous and slower for millions of short messages.
//
// The constants are computed: the first 32 bits of the fractional parts of the square and cube roots of the first
// primes. Nothing here has to be believed; the standard's test values are checked in the tests.

const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);

/** The first 32 bits behind the point of the `power`-th root of `n`, with whole numbers only. */
function fraction(n, power) {
  const shifted = BigInt(n) << BigInt(32 * power);
  let low = 0n;
  let high = 1n << 40n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** BigInt(power) <= shifted) low = middle;
    else high = middle - 1n;
  }
  return Number(low & 0xffffffffn) | 0;
}

const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(prime, 2));
const K = Int32Array.from(PRIMES, (prime) => fraction(prime, 3));

/** The 64 words of a block; whoever calls `compress` fills the first 16. One for the whole program: nothing here waits. */
export const W = new Int32Array(64);

/** One step of the hash: `out` = state `from` after the block in W. Each `| 0` keeps a sum within 32 bits. */
export function compress(from, fromAt, out, outAt) {
  for (let t = 16; t < 64; t++) {
    const x = W[t - 15];
    const y = W[t - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[t] = (((s0 + W[t - 7]) | 0) + ((s1 + W[t - 16]) | 0)) | 0;
  }
  let a = from[fromAt];
  let b = from[fromAt + 1];
  let c = from[fromAt + 2];
  let d = from[fromAt + 3];
  let e = from[fromAt + 4];
  let f = from[fromAt + 5];
  let g = from[fromAt + 6];
  let h = from[fromAt + 7];
  for (let t = 0; t < 64; t++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const one = (((s1 + ((e & f) ^ (~e & g))) | 0) + ((K[t] + W[t]) | 0) + h) | 0;
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  out[outAt] = from[fromAt] + a;
  out[outAt + 1] = from[fromAt + 1] + b;
  out[outAt + 2] = from[fromAt + 2] + c;
  out[outAt + 3] = from[fromAt + 3] + d;
  out[outAt + 4] = from[fromAt + 4] + e;
  out[outAt + 5] = from[fromAt + 5] + f;
  out[outAt + 6] = from[fromAt + 6] + g;
  out[outAt + 7] = from[fromAt + 7] + h;
}

/** The state after nothing. */
export function start() {
  return START.slice();
}

/** Fill W with the 64 bytes of `bytes` from `at`. */
export function load(bytes, at) {
  for (let t = 0; t < 16; t++, at += 4) {
    W[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
}

/** Eight words as 32 bytes, into `out` from `at`. */
export function store(words, wordsAt, out, at) {
  for (let i = 0; i < 8; i++, at += 4) {
    const word = words[wordsAt + i];
    out[at] = word >>> 24;
    out[at + 1] = word >>> 16;
    out[at + 2] = word >>> 8;
    out[at + 3] = word;
  }
}

/** A hash that is fed piece by piece. */
export class Hasher {
  constructor() {
    this.state = start();
    this.length = 0;
    this.rest = new Uint8Array(64);
    this.held = 0;
  }

  update(bytes) {
    let at = 0;
    this.length += bytes.length;
    if (this.held) {
      const taken = Math.min(64 - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, taken), this.held);
      this.held += taken;
      at = taken;
      if (this.held < 64) return this;
      load(this.rest, 0);
      compress(this.state, 0, this.state, 0);
      this.held = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) {
      load(bytes, at);
      compress(this.state, 0, this.state, 0);
    }
    if (at < bytes.length) {
      this.rest.set(bytes.subarray(at));
      this.held = bytes.length - at;
    }
    return this;
  }

  /** The hash of all that came, as eight words. */
  words() {
    const last = new Uint8Array(this.held < 56 ? 64 : 128);
    last.set(this.rest.subarray(0, this.held));
    last[this.held] = 0x80;
    const view = new DataView(last.buffer);
    view.setUint32(last.length - 8, Math.floor(this.length / 2 ** 29));
    view.setUint32(last.length - 4, (this.length * 8) % 2 ** 32);
    const state = this.state.slice();
    for (let at = 0; at < last.length; at += 64) {
      load(last, at);
      compress(state, 0, state, 0);
    }
    return state;
  }

  digest() {
    const out = new Uint8Array(32);
    store(this.words(), 0, out, 0);
    return out;
  }
}

export function sha256(...parts) {
  const hasher = new Hasher();
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

/** The state after one whole block of 64 bytes: where many messages begin alike. */
export function midstate(block) {
  const state = start();
  load(block, 0);
  compress(state, 0, state, 0);
  return state;
}

/** SHA-256 of (the 64 bytes of `middle` || the 32 bytes of `bytes` from `at`), as words into `out` from `outAt`. */
export function keyed(middle, bytes, at, out, outAt) {
  for (let t = 0; t < 8; t++, at += 4) {
    W[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  W[8] = 0x80000000 | 0;
  W.fill(0, 9, 15);
  W[15] = 96 * 8;
  compress(middle, 0, out, outAt);
}
