// How many of each stratum: `largest-remainder/v1`, computed anew from the sizes.
//
// 1. A stratum's share is total x size / all sizes: it gets the whole part.
// 2. What is left over goes one each to the largest remainders; ties to the stratum that stands first.
// 3. Strata below the floor get the floor and are set aside with it; the rest is shared anew, until none falls below.
// Source: docs/spec/draw.md 4. Whole numbers only.

export function largestRemainder(sizes, total, floor) {
  const out = new Array(sizes.length).fill(null);
  for (;;) {
    const open = sizes.map((_, i) => i).filter((i) => out[i] === null);
    const wanted = BigInt(total) - BigInt(floor) * BigInt(sizes.length - open.length);
    const shared = share(open.map((i) => sizes[i]), wanted < 0n ? 0n : wanted);
    const below = open.filter((_, j) => shared[j] < floor);
    if (!below.length) {
      open.forEach((i, j) => (out[i] = shared[j]));
      return out;
    }
    for (const i of below) out[i] = floor;
  }
}

function share(sizes, wanted) {
  const all = sizes.reduce((sum, size) => sum + BigInt(size), 0n);
  if (all === 0n) return sizes.map(() => 0);
  const parts = sizes.map((size, i) => {
    const product = wanted * BigInt(size);
    return { i, whole: product / all, rest: product % all };
  });
  let left = wanted - parts.reduce((sum, part) => sum + part.whole, 0n);
  const byRest = [...parts].sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1));
  for (const part of byRest) {
    if (left === 0n) break;
    part.whole += 1n;
    left -= 1n;
  }
  return parts.map((part) => Number(part.whole));
}
