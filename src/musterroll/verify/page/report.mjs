// What was found, as marks, codes and values; the words stand in words/*.mjs, one file a language.
//
// 1. Marks: `holds`, `wrong`, `unable` (could not look), `notShown`, `notStated`, `notChecked`.
// 2. Status: 1 something is wrong; 2 it could not look; 3 not shown or not stated; 0 all holds. 1 outweighs 2, 2 outweighs 3.
// 3. A line about something wrong carries what was expected, what was found and where, for a third party.

/** Something is wrong. `values` fill the placeholders of the sentence; `expected`, `found` and `where` stand below it. */
export class Wrong extends Error {
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

/** It could not be looked at: a file is missing, or of a version that this page does not know. */
export class Unable extends Wrong {}

export class Report {
  /** `progress(code, share)` is told how far it has come, a share from 0 to 1. */
  constructor(progress = () => {}) {
    this.sections = [];
    this.progress = progress;
  }

  section(code, values = {}) {
    this.sections.push({ code, values, lines: [] });
  }

  line(mark, code, values = {}) {
    this.sections.at(-1).lines.push({ mark, code, values });
  }

  holds(code, values) {
    this.line("holds", code, values);
  }

  notShown(code, values) {
    this.line("notShown", code, values);
  }

  notStated(code, values) {
    this.line("notStated", code, values);
  }

  notChecked(code, values) {
    this.line("notChecked", code, values);
  }

  /** Do `work`; what is wrong, or cannot be looked at, becomes a line. Whether it went to its end. */
  async attempt(work) {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      this.line(error instanceof Unable ? "unable" : "wrong", error.code, error.values);
      return false;
    }
  }

  get status() {
    const marks = new Set(this.sections.flatMap((section) => section.lines.map((line) => line.mark)));
    if (marks.has("wrong")) return 1;
    if (marks.has("unable") || !marks.has("holds")) return 2;
    return marks.has("notShown") || marks.has("notStated") ? 3 : 0;
  }
}
