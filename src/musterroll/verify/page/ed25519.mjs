// Ed25519 signatures (RFC 8032): by the browser where it can, else by the bundled script.

import { ed25519 } from "@noble/curves/ed25519.js";

let ableBrowser;

/** Whether the holder of `key` (32 bytes) signed `message`. */
export async function signed(key, message, signature) {
  if (key.length !== 32 || signature.length !== 64 || ofSmallOrder(key)) return false;
  const subtle = globalThis.crypto?.subtle;
  if (subtle && ableBrowser !== false) {
    let imported;
    try {
      imported = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
      ableBrowser = true;
    } catch (error) {
      if (ableBrowser) return false;
      ableBrowser = false;
    }
    if (imported) return subtle.verify({ name: "Ed25519" }, imported, signature, message);
  }
  return signedByScript(key, message, signature);
}

/** Whether whoever likes can sign with this key, over anything; or it is none. */
function ofSmallOrder(key) {
  try {
    return ed25519.Point.fromBytes(key).isSmallOrder();
  } catch {
    return true;
  }
}

/** The same without the browser's help. */
export function signedByScript(key, message, signature) {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}
