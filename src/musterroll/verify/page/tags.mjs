// T(x) = SHA-256("muster-roll/" + x + "/v1"): keeps the hashes of one purpose apart from all others (draw.md 1).

import { utf8 } from "./bytes.mjs";
import { sha256 } from "./sha256.mjs";

export function tag(name) {
  return sha256(utf8(`muster-roll/${name}/v1`));
}
