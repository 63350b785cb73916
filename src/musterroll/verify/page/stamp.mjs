// A time stamp of an outside authority (RFC 3161): what was stamped, and when, as the authority's answer says.
//
// The authority's own signature is NOT checked here: that needs its certificate and a library. docs/spec/ledger.md 2.9.

import { equal, hex } from "./bytes.mjs";
import { Wrong } from "./report.mjs";
import { second } from "./times.mjs";

const SIGNED_DATA = "2a864886f70d010702";
const TST_INFO = "2a864886f70d0109100104";
const SHA256 = "608648016503040201";

/** {imprint, at}: the hash that was stamped, and the second. */
export function read(bytes, where) {
  try {
    const answer = only(bytes, 0x30);
    const [status, token] = members(answer, 0x30, 0x30);
    const [code] = members(status, 0x02);
    need(code.length === 1 && code[0] <= 1);
    const [type, content] = members(token, 0x06, 0xa0);
    need(hex(type) === SIGNED_DATA);
    const [, , inner] = members(only(content, 0x30), 0x02, 0x31, 0x30);
    const [innerType, wrapped] = members(inner, 0x06, 0xa0);
    need(hex(innerType) === TST_INFO);
    const info = only(only(wrapped, 0x04), 0x30);
    const [version, , imprint, , at] = members(info, 0x02, 0x06, 0x30, 0x02, 0x18);
    need(hex(version) === "01");
    const [algorithm, digest] = members(imprint, 0x30, 0x04);
    const [hash] = members(algorithm, 0x06);
    need(hex(hash) === SHA256 && digest.length === 32);
    return { imprint: digest, at: time(at) };
  } catch (error) {
    if (error instanceof NotDer) throw new Wrong("stamp.form", { where });
    throw error;
  }
}

/** Hold that the stamp is over the bytes with this SHA-256. */
export function check(stamp, digest, where) {
  if (!equal(stamp.imprint, digest)) {
    throw new Wrong("stamp.other", { where, expected: hex(digest), found: hex(stamp.imprint) });
  }
}

class NotDer extends Error {}

function need(truth) {
  if (!truth) throw new NotDer();
}

/** One value at the start of `bytes`: [tag, content, what follows]. Definite, shortest lengths only. */
function value(bytes) {
  need(bytes.length >= 2);
  let length = bytes[1];
  let from = 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    need(count >= 1 && count <= 4 && bytes.length >= 2 + count);
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + bytes[2 + i];
    from += count;
    need(length >= 0x80 && bytes[2] !== 0);
  }
  need(bytes.length >= from + length);
  return [bytes[0], bytes.subarray(from, from + length), bytes.subarray(from + length)];
}

/** The content of the one value that `bytes` must be. */
function only(bytes, tag) {
  const [found, content, rest] = value(bytes);
  need(found === tag && rest.length === 0);
  return content;
}

/** The contents of the first members, which must bear these tags; more may follow. */
function members(bytes, ...tags) {
  let rest = bytes;
  return tags.map((tag) => {
    const [found, content, after] = value(rest);
    need(found === tag);
    rest = after;
    return content;
  });
}

function time(bytes) {
  const spelt = String.fromCharCode(...bytes);
  const found = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.[0-9]+)?Z$/.exec(spelt);
  need(found);
  const at = second(`${found[1]}-${found[2]}-${found[3]}T${found[4]}:${found[5]}:${found[6]}Z`);
  need(at !== null);
  return at;
}
