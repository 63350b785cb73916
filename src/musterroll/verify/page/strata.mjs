// How a list is divided: by what the law's charter allows, and by nothing else.
//
// 1. Each id has the form that `by` gives.
// 2. Strata that agree in the classes before have, in the next, classes that do not overlap; unknown in the last only.
// 3. Each stratum has at least `least` people, unless there is only one, or an article forbids merging.
// Source: docs/spec/draw.md 4.

const YEAR = /^born-(?:([0-9]{4})(?:-([0-9]{4}))?(-or-unknown)?|(unknown))$/;

const CLASSES = {
  "birth-year": (id) => {
    const [found, first, last, joined, unknown] = YEAR.exec(id) ?? [];
    if (found === undefined) return null;
    if (unknown) return { low: null, high: null, unknown: true, single: true };
    if (last !== undefined && last <= first) return null;
    return { low: first, high: last ?? first, unknown: Boolean(joined), single: !last && !joined };
  },
  sex: (id) => range(id, /^[a-z]{1,16}$/),
  "territory-1": (id) => range(id, /^[A-Za-z0-9-]{1,32}$/),
  "territory-2": (id) => range(id, /^[A-Za-z0-9-]{1,32}$/),
};

function range(id, form) {
  const values = id.split("_");
  if (values.length > 2 || !values.every((value) => form.test(value))) return null;
  const [first, last] = values;
  const unknown = values.at(-1) === "unknown";
  if (last === undefined) return { low: unknown ? null : first, high: unknown ? null : first, unknown, single: true };
  if (first === "unknown" || (!unknown && last <= first)) return null;
  return { low: first, high: unknown ? first : last, open: unknown, unknown, single: false };
}

/** The attributes of a partition; null where this page does not know the division. */
export function attributes(partition) {
  const { by, merge } = partition;
  if (by === "birth-year") return merge === "neighbour/v1" ? [by] : null;
  if (!Array.isArray(by) || !["product/v1", "none/v1"].includes(merge)) return null;
  if (by.some((one) => typeof one !== "string" || !Object.hasOwn(CLASSES, one)) || new Set(by).size !== by.length) return null;
  if (by.includes("territory-1") && by.includes("territory-2")) return null;
  if (merge === "none/v1" && !by.length) return null;
  return by;
}

/** The code of what is wrong with the strata under a partition; null where all is right. */
export function fault(partition, strata) {
  const names = attributes(partition);
  const single = partition.merge === "none/v1";
  if (!names.length) return strata.length === 1 && strata[0].id === "all" ? null : "strata.id";
  const rows = [];
  for (const { id } of strata) {
    const parts = id.split(".");
    if (parts.length !== names.length) return "strata.id";
    const classes = parts.map((part, i) => CLASSES[names[i]](part));
    if (classes.some((one) => one === null || (single && !one.single))) return "strata.id";
    rows.push({ parts, classes });
  }
  for (let depth = 0; depth < names.length; depth++) {
    const groups = new Map();
    for (const { parts, classes } of rows) {
      const before = parts.slice(0, depth).join(".");
      if (!groups.has(before)) groups.set(before, new Map());
      groups.get(before).set(parts[depth], classes[depth]);
    }
    for (const group of groups.values()) if (overlaps([...group.values()])) return "strata.overlap";
  }
  if (!single && strata.length > 1 && strata.some(({ size }) => size < partition.least)) return "strata.small";
  return null;
}

function overlaps(classes) {
  const known = classes.filter((one) => one.low !== null).sort((a, b) => (a.low < b.low ? -1 : 1));
  for (let i = 1; i < known.length; i++) if (known[i].low <= known[i - 1].high) return true;
  const unknown = classes.filter((one) => one.unknown);
  if (unknown.length > 1) return true;
  // Unknown stands in the last class only: on its own, or joined to the highest values.
  return unknown.length === 1 && unknown[0].low !== null && unknown[0] !== known.at(-1);
}

/** Whether a birth date belongs to a stratum's class of birth years; null where the strata are not divided so. */
export function bornIn(partition, id, born) {
  const names = partition ? attributes(partition) : null;
  const at = names ? names.indexOf("birth-year") : -1;
  if (at < 0) return null;
  const found = CLASSES["birth-year"](id.split(".")[at] ?? "");
  if (!found) return false;
  if (born === "unknown") return found.unknown;
  return found.low !== null && found.low <= born.slice(0, 4) && born.slice(0, 4) <= found.high;
}
