// The label of somebody in a supplement: `1234+S1.1`, the first of supplement 1 between place 1234 and the next.
//
// Inside a stratum everybody is gone through in ascending (K, C), each K with the seed of its own list: the main list, or
// the list drawn anew in its place. Source: docs/spec/draw.md 8.

import { compareC } from "./order.mjs";
import { replaced } from "./supplement.mjs";

export async function label(drawn, mine, stratum, leaf) {
  const { id } = mine.list.strata[stratum];
  const main = replaced(drawn, id) ? drawn.further.find((one) => one.manifest.value.stratum === id) : drawn;
  const own = { words: mine.keys.of(leaf, 0).slice(), bytes: leaf.slice(mine.list.ahead) };
  let place = 0;
  let before = null;
  await each(main, id, (one) => {
    if (!below(one, own)) return;
    place++;
    if (!before || below(before, one)) before = one;
  });
  let number = 1;
  await each(mine, id, (one) => {
    if (below(one, own) && (!before || below(before, one))) number++;
  });
  return `${place}+S${mine.manifest.value.number}.${number}`;
}

async function each({ list, keys }, id, call) {
  const stratum = list.strata.findIndex((one) => one.id === id);
  if (stratum < 0) return;
  const end = list.firsts[stratum + 1];
  for (let first = list.firsts[stratum]; first < end; first += 131_072) {
    const bytes = await list.leaves(first, Math.min(end, first + 131_072));
    for (let at = 0; at < bytes.length; at += list.length) {
      const c = at + list.ahead;
      call({ words: keys.of(bytes, at).slice(), bytes: bytes.slice(c, c + 32) });
    }
  }
}

function below(one, other) {
  for (let i = 0; i < 8; i++) if (one.words[i] !== other.words[i]) return one.words[i] >>> 0 < other.words[i] >>> 0;
  return compareC(one.bytes, 0, other.bytes, 0) < 0;
}
