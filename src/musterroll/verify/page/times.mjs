// Times: `YYYY-MM-DDTHH:MM:SSZ` and whole seconds since 1970, in UTC; days `YYYY-MM-DD`.

const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/;

/** The second that a time names; null if it is spelt otherwise or no such time exists. */
export function second(string) {
  const found = typeof string === "string" ? TIME.exec(string) : null;
  if (!found) return null;
  const at = Date.parse(string);
  return Number.isNaN(at) || new Date(at).toISOString() !== string.replace("Z", ".000Z") ? null : at / 1000;
}

/** The second at which an hour `YYYY-MM-DDTHHZ` begins. */
export function hour(string) {
  return typeof string === "string" && string.length === 14 ? second(string.replace("Z", ":00:00Z")) : null;
}

export function isDay(string) {
  return typeof string === "string" && string.length === 10 && second(`${string}T00:00:00Z`) !== null;
}

/** A time for people: always UTC, always in this order. */
export function shown(at) {
  const date = new Date(at * 1000);
  return Number.isNaN(date.getTime()) ? String(at) : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
