// Bytes and their spellings. One spelling only: lower-case hexadecimal, canonical base64, strict UTF-8.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Int16Array(128).fill(-1);
for (let i = 0; i < 64; i++) VALUES[LETTERS.charCodeAt(i)] = i;

/** The text of bytes that must be UTF-8; null where they are not. A byte order mark is a character like any other. */
export function text(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function utf8(string) {
  return new TextEncoder().encode(string);
}

export function hex(bytes) {
  let out = "";
  for (const byte of bytes) out += byte.toString(16).padStart(2, "0");
  return out;
}

/** The bytes of lower-case hexadecimal, of `length` bytes if given; null for anything else. */
export function unhex(string, length) {
  if (typeof string !== "string" || string.length % 2 || !/^[0-9a-f]*$/.test(string)) return null;
  if (length !== undefined && string.length !== 2 * length) return null;
  const out = new Uint8Array(string.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = parseInt(string.slice(2 * i, 2 * i + 2), 16);
  return out;
}

/** The bytes of canonical base64 with padding; null for any other spelling (spaces, loose bits, no padding). */
export function unbase64(string) {
  if (string.length % 4) return null;
  let length = string.length;
  let padding = 0;
  while (padding < 2 && length && string[length - 1] === "=") {
    length--;
    padding++;
  }
  const out = new Uint8Array((string.length / 4) * 3 - padding);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const code = string.charCodeAt(i);
    const value = code < 128 ? VALUES[code] : -1;
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >>> bits) & 0xff;
    }
  }
  return held & ((1 << bits) - 1) ? null : out;
}

/** The 32 bytes of a commitment in base64url without padding (43 letters); null for any other spelling. */
export function uncommitment(string) {
  if (typeof string !== "string" || !/^[A-Za-z0-9_-]{43}$/.test(string)) return null;
  return unbase64(string.replaceAll("-", "+").replaceAll("_", "/") + "=");
}

export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Below, equal, above (-1, 0, 1) as unsigned bytes: never as text, never by a locale. */
export function compare(a, b) {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return Math.sign(a.length - b.length);
}

export function equal(a, b) {
  return a.length === b.length && compare(a, b) === 0;
}

export function u16(value) {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

/** Eight bytes, big-endian. Numbers here stay below 2^53, so two halves are exact. */
export function u64(value) {
  const out = new Uint8Array(8);
  const view = new DataView(out.buffer);
  view.setUint32(0, Math.floor(value / 2 ** 32));
  view.setUint32(4, value % 2 ** 32);
  return out;
}

/** A decimal number without leading zeroes below 2^53; null for anything else. */
export function decimal(string) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(string)) return null;
  const value = Number(string);
  return Number.isSafeInteger(value) ? value : null;
}
