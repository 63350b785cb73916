// The page: choosing files, starting the check, showing what was found. It opens no connection and keeps nothing.

import { fromDrop, fromInput } from "./chosen.mjs";
import { evidence, filled, languages, pieces, printed } from "./words.mjs";
import { check } from "./worker.mjs";

const LEGEND = { holds: "legendHolds", wrong: "legendWrong", unable: "legendUnable", notShown: "legendNotShown", notStated: "legendNotStated", notChecked: "legendNotChecked" };
const byId = (id) => document.getElementById(id);

/** What is on the screen now. */
const state = { words: languages.en, files: null, report: null, running: null, seconds: 0 };

/** Make the page work. `script` is the text of the page's script, from which the worker is started. */
export function show(script) {
  const run = () => {
    byId("form").hidden = false;
    state.words = languages[wanted()];
    say();
    listen(script);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", run);
  else run();
}

/** The language in the address (`#lang=et` or `#et`), else the browser's first that is here, else English. */
function wanted() {
  const [, named] = /^#(?:lang=)?([a-z]{2})$/.exec(location.hash) ?? [];
  if (Object.hasOwn(languages, named ?? "")) return named;
  const spoken = (navigator.languages ?? []).map((one) => one.slice(0, 2)).find((one) => Object.hasOwn(languages, one));
  return spoken ?? "en";
}

/** Say everything on the page in the chosen language. */
function say() {
  const { words } = state;
  document.documentElement.lang = words.code;
  document.documentElement.dir = words.dir;
  document.title = `Muster Roll: ${words.page.title}`;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words.page[element.dataset.word];
  const nav = byId("languages");
  nav.setAttribute("aria-label", words.page.languages);
  const list = document.createElement("ul");
  for (const one of Object.values(languages)) {
    const link = document.createElement("a");
    link.href = `#lang=${one.code}`;
    link.lang = one.code;
    link.dir = one.dir;
    link.hreflang = one.code;
    link.textContent = one.name;
    if (one === words) link.setAttribute("aria-current", "true");
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  nav.replaceChildren(list);
  byId("legend").replaceChildren(
    ...Object.entries(LEGEND).flatMap(([mark, name]) => [made("dt", words.marks[mark]), made("dd", words.page[name])]),
  );
  sayChosen();
  if (state.report) sayReport();
}

function made(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function listen(script) {
  addEventListener("hashchange", () => {
    state.words = languages[wanted()];
    say();
    // The link that was followed is made anew: keep the keyboard where it was.
    byId("languages").querySelector("[aria-current]")?.focus();
  });
  for (const id of ["folder", "loose"]) {
    byId(id).addEventListener("change", (event) => choose(fromInput(event.target.files)));
  }
  const drop = byId("drop");
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  // A file that misses the field must not replace this page.
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    choose(await fromDrop(event.dataTransfer));
  });
  byId("clear").addEventListener("click", () => {
    byId("folder").value = "";
    byId("loose").value = "";
    choose(null);
    byId("folder").focus();
  });
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    start(script);
  });
  byId("stop").addEventListener("click", stop);
  byId("save").addEventListener("click", save);
}

function choose(files) {
  state.files = files?.pairs.length ? files : null;
  byId("problem").textContent = "";
  sayChosen();
}

function sayChosen() {
  const { files, words } = state;
  byId("clear").hidden = !files;
  const values = { files: files?.pairs.length, folder: files?.name || "-" };
  if (files) byId("chosen").replaceChildren(...sentence(words.page.chosen, values));
  else byId("chosen").textContent = words.page.nothingChosen;
}

async function start(script) {
  const { words, files } = state;
  const alone = byId("alone").checked;
  const receipt = byId("receipt").files[0] ?? null;
  const problem = !files ? words.page.needFiles : alone && !receipt ? words.page.needReceipt : "";
  byId("problem").textContent = problem;
  if (problem) return byId(!files ? "folder" : "receipt").focus();
  const asked = { name: files.name, pairs: files.pairs, policy: byId("policy").files[0] ?? null, receipt, alone };
  state.report = null;
  byId("result").hidden = true;
  busy(true);
  byId("step").textContent = words.page.working;
  byId("bar").removeAttribute("value");
  const began = performance.now();
  try {
    const report = await run(asked, script);
    state.seconds = (performance.now() - began) / 1000;
    state.report = report;
    busy(false);
    sayReport();
    byId("result-heading").focus();
  } catch (error) {
    busy(false);
    byId("problem").textContent =
      error === stopped ? words.page.stopped : filled(words.page.failed, { message: String(error?.message ?? error) });
    byId("start").focus();
  }
}

function busy(on) {
  byId("working").hidden = !on;
  byId("stop").hidden = !on;
  byId("start").disabled = on;
  if (on) byId("stop").focus();
}

const stopped = new Error("stopped");

function stop() {
  state.running?.(stopped);
}

function told({ step, share }) {
  const text = state.words.progress[step];
  // The live region is written only when the step changes, or it would be read out all the time.
  if (byId("step").textContent !== text) byId("step").textContent = text;
  byId("bar").value = Math.min(1, share);
}

/** In a worker made from this page's own script; where the browser allows none, here, with pauses. */
function run(asked, script) {
  return new Promise((done, failed) => {
    let halted = false;
    const here = () => {
      state.running = (why) => {
        halted = true;
        failed(why);
      };
      const rest = () => new Promise((go, halt) => setTimeout(() => (halted ? halt(stopped) : go())));
      check(asked, told, rest).then(done, failed);
    };
    let worker;
    try {
      worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    } catch {
      here();
      return;
    }
    let alive = false;
    state.running = (why) => {
      worker.terminate();
      failed(why);
    };
    worker.onmessage = ({ data }) => {
      alive = true;
      if (data.report) {
        worker.terminate();
        done(data.report);
      } else if (data.failed !== undefined) {
        worker.terminate();
        failed(new Error(data.failed));
      } else {
        told(data);
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      if (alive) failed(new Error(event.message));
      else here();
    };
    worker.postMessage(asked);
  });
}

/** A sentence as nodes: each value stands for itself, whatever the direction of the text around it. */
function sentence(template, values) {
  return pieces(template, values).map((piece) => (piece.text === undefined ? isolated(piece.value) : document.createTextNode(piece.text)));
}

function isolated(value) {
  const digits = /^[0-9a-f]{16,}$/.test(value);
  const element = made(digits ? "code" : "bdi", value, digits ? "value" : undefined);
  if (digits) element.dir = "ltr";
  return element;
}

function sayReport() {
  const { report, words } = state;
  byId("result").hidden = false;
  byId("result-heading").replaceChildren(...sentence(words.page.resultHeading, { status: report.status }));
  const verdict = byId("result-words");
  verdict.textContent = words.results[report.status];
  verdict.dataset.status = report.status;
  byId("took").textContent = filled(words.page.seconds, { seconds: state.seconds.toFixed(1) });
  byId("sections").replaceChildren(...report.sections.filter((section) => section.lines.length).map(part));
}

function part(section) {
  const { words } = state;
  const out = document.createElement("section");
  const heading = document.createElement("h3");
  heading.append(...sentence(words.lines[section.code], section.values));
  const list = made("ul", undefined, "lines");
  for (const line of section.lines) {
    const item = made("li", undefined, line.mark);
    const body = document.createElement("span");
    body.append(...sentence(words.lines[line.code], line.values));
    item.append(made("span", words.marks[line.mark], "mark"), body);
    const shown = evidence(line, words);
    if (shown.length) {
      const facts = document.createElement("dl");
      for (const [word, value] of shown) {
        const fact = document.createElement("dd");
        fact.append(isolated(value));
        facts.append(made("dt", word), fact);
      }
      item.append(facts);
    }
    list.append(item);
  }
  out.append(heading, list);
  return out;
}

function save() {
  const { report, words } = state;
  const link = document.createElement("a");
  const text = `${printed(report, words)}\n`;
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = words.page.saveName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

