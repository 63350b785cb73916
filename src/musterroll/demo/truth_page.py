"""The truth report as a page for anybody and as a few lines for the terminal. No script, and nothing is loaded.

WCAG 2.2 AA: one heading a section in order, tables with captions and header cells, contrast above 7:1, no colour alone,
readable at 320 pixels and when printed.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from musterroll.demo.naive import WAYS
from musterroll.demo.truth import REASONS, wilson

_STYLE = """
:root{color-scheme:light}
body{margin:0;font:1.0625rem/1.6 "Noto Sans",system-ui,sans-serif;color:#14181f;background:#fff}
.mark{background:#14181f;color:#fff;padding:.5rem 1rem;font-weight:700;letter-spacing:.06em}
main{max-width:60rem;margin:0 auto;padding:1rem 1rem 4rem}
h1{font-size:1.9rem;line-height:1.2}h2{margin-top:2.5rem;font-size:1.4rem}h3{font-size:1.15rem}
.figure{border-left:.5rem solid #00594c;padding:.25rem 1rem;margin:1.5rem 0}
.figure b{display:block;font-size:2.6rem;line-height:1.15}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:1rem 0}
caption{text-align:left;font-weight:700;padding:.25rem 0}
th,td{border-bottom:1px solid #6b7280;padding:.4rem .75rem .4rem 0;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.ours th,tr.ours td{font-weight:700;background:#e6f2ef}
code{font-size:.95em;white-space:nowrap}
small{display:block;color:#3b4350;font-weight:400}
@media print{.mark{color:#14181f;background:#fff;border:2px solid #14181f}}
"""


def page(results: Sequence[Mapping[str, Any]]) -> str:
    """The whole page for a list of configurations as `report/truth.json` has them."""
    first = results[0]
    return "".join(
        [
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="robots" content="noindex">',
            "<title>DEMONSTRATION: how often the register was wrong about people</title>",
            f"<style>{_STYLE}</style></head><body>",
            '<header class="mark">DEMONSTRATION. Everybody on this page is invented.</header><main>',
            "<h1>How often was the register wrong about people?</h1>",
            _lead(first),
            "<h2>How this was measured</h2>",
            "<p>A simulated town has people of whom everything is known. Five agencies send files about them, with the "
            "errors that such files have: misspelt names, wrong digits, missing rows, numbers borrowed from relatives. "
            "The register sees only those files. Afterwards its answers are compared with the truth.</p>",
            "<p>A call-up is <strong>wrongful</strong> when the person may not be called: dead, not a man, too young "
            "or too old, living in no dwelling of the country, serving or having served, in an institution, a parent "
            "of three minors, the only guardian of a child, or a student.</p>",
            *(_section(each) for each in results),
            "<h2>What the numbers do not say</h2>",
            "<p>The town is simulated; real registers err in other ways. &ldquo;Living in no dwelling&rdquo; stands "
            "for people who moved away. Where no row of any agency shows an exemption, only the person can tell. So "
            "every notice states the facts it rests on, and an answer holds the call at once.</p>",
            "<p>Intervals are Wilson's, 95 %. The same figures for machines are in <code>truth.json</code> beside this "
            "page.</p></main></body></html>\n",
        ]
    )


def _lead(result: Mapping[str, Any]) -> str:
    naive = result["naive"]
    knowable = result["wrongful_knowable"]
    shown = (
        "None of them could have been seen in any row that an agency sent."
        if knowable == 0
        else f"{knowable} of them could have been seen in a row that an agency sent."
    )
    return (
        f'<div class="figure"><b>{result["wrongful"]} of {_n(result["called"])}</b>'
        f"men aged {escape(result['ages'].replace('-', ' to '))} were found callable though the truth says otherwise "
        f"({_share(result['wrongful'], result['called'])}). "
        f"{shown if result['wrongful'] else ''}</div>"
        f"<p>Ordinary matching of the same files would have called {_n(naive['wrongful'])} of {_n(naive['called'])} "
        f"wrongfully ({_share(naive['wrongful'], naive['called'])}). The difference: where a fact is missing or two "
        f"agencies disagree, this register asks instead of assuming.</p>"
    )


def _section(result: Mapping[str, Any]) -> str:
    ages = escape(result["ages"].replace("-", " to "))
    title = f"Men aged {ages} in {result['year']}"
    rows = [_row("Muster Roll", result, ours=True)]
    rows += [_row(f"Way {name}", result["naive"]["ways"][name], note=WAYS[name]) for name in sorted(WAYS)]
    links = result["links"]
    return "".join(
        [
            f"<h2>{title}</h2><p>Seed {result['seed']}, errors at {result['noise']} times the simulator's default. "
            f"{_n(result['truly_callable'])} men may truly be called.</p>",
            f'<div class="scroll" tabindex="0" role="region" aria-label="{title}: figures of each way">',
            f"<table><caption>{title}: four ways to decide from the same files</caption><thead><tr>",
            '<th scope="col">Way</th><th scope="col" class="n">Found callable</th>'
            '<th scope="col" class="n">Wrongful</th><th scope="col" class="n">of those called</th>'
            '<th scope="col" class="n">A row could have shown it</th><th scope="col" class="n">Asked first</th>'
            '<th scope="col" class="n">Missed</th></tr></thead><tbody>',
            *rows,
            "</tbody></table></div>",
            "<p>&ldquo;Asked first&rdquo; and &ldquo;missed&rdquo; are men who may truly be called: the register asks "
            "them or an agency a question before anything else, or decided for them on a row that is wrong.</p>",
            _each(result, ages),
            _asked(result),
            f"<h3>Whose row is it?</h3><p>{_n(links['confirmed'])} rows were joined to a person for certain, "
            f"{_n(links['wrong'])} of them wrongly (precision {_ppm(links['precision_ppm'])}). "
            f"{_ppm(links['recall_ppm'])} of the {_n(links['rows_of_persons'])} rows that have a person in the "
            f"register met them for certain, {_ppm(links['recall_with_possible_ppm'])} with those links that may only "
            "protect.</p>",
        ]
    )


def _row(name: str, counts: Mapping[str, Any], *, note: str = "", ours: bool = False) -> str:
    low, high = wilson(counts["wrongful"], counts["called"])
    interval = f"<small>{_percent(low)} to {_percent(high)}</small>"
    small = f"<small>{escape(note)}</small>" if note else "<small>asks instead of assuming</small>"
    truly = counts["truly_callable"]
    return (
        f'<tr{' class="ours"' if ours else ""}><th scope="row">{escape(name)}{small}</th>'
        f'<td class="n">{_n(counts["called"])}</td><td class="n">{_n(counts["wrongful"])}</td>'
        f'<td class="n">{_share(counts["wrongful"], counts["called"])}{interval}</td>'
        f'<td class="n">{_n(counts["wrongful_knowable"])}</td>'
        f'<td class="n">{_n(counts["undetermined_callable"])}'
        f"<small>{_share(counts['undetermined_callable'], truly)}</small></td>"
        f'<td class="n">{_n(counts["missed"])}<small>{_share(counts["missed"], truly)}</small></td></tr>'
    )


def _each(result: Mapping[str, Any], ages: str) -> str:
    if not result["wrongful_each"]:
        return f"<h3>Each wrongful call-up</h3><p>There is none among men aged {ages}.</p>"
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(each["ref"])}</code></th>'
        f"<td>{escape('; '.join(REASONS[reason] for reason in each['reasons']))}</td>"
        f"<td>{'yes: ' if each['knowable'] else 'no: '}{escape(each['why'])}</td></tr>"
        for each in result["wrongful_each"]
    )
    return (
        '<h3>Each wrongful call-up</h3><div class="scroll" tabindex="0" role="region" '
        f'aria-label="Wrongful call-ups among men aged {ages}">'
        "<table><caption>Each wrongful call-up, and why</caption><thead><tr>"
        '<th scope="col">Person</th><th scope="col">The truth: the person</th>'
        f'<th scope="col">Could a row have shown it?</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _asked(result: Mapping[str, Any]) -> str:
    needs = result["undetermined_by_need"]
    if not needs:
        return ""
    items = "".join(
        f"<li>{escape(_NEEDS.get(name, name.replace('_', ' ')))}: {_n(count)}</li>"
        for name, count in sorted(needs.items(), key=lambda item: (-item[1], item[0]))
    )
    return f"<h3>What is asked first</h3><ul>{items}</ul><p>One person may be asked more than one thing.</p>"


_NEEDS = {
    "lives_in_dwelling": "whether he lives in a dwelling",
    "born": "when he was born",
    "sex": "which sex the civil register holds",
    "scope": "whether the law registers him at all (birth or sex not established)",
    "serving": "whether he is serving",
    "has_served": "whether he has served",
    "in_institution": "whether he is in an institution",
    "full_time_student": "whether he is a student",
    "third_child_born": "whether he has a third child at home",
    "third_dependant_born": "whether he supports a third child",
    "youngest_child_born": "whether he has a child at home",
    "shares_care": "whether somebody shares the care of the child",
    "died_on": "whether the record of a death is his",
}


def lines(results: Sequence[Mapping[str, Any]]) -> str:
    """The report for a terminal, at most 100 columns wide."""
    out = ["TRUTH REPORT (demonstration: the town is simulated, its truth is known)"]
    for result in results:
        out.append("")
        out.append(
            f"  Men {result['ages']}, {result['year']}, seed {result['seed']}, noise {result['noise']}: "
            f"{_n(result['truly_callable'])} may truly be called"
        )
        out.append(f"    {'':26}{'called':>8}{'wrongful':>10}{'share':>9}{'a row shows':>13}{'asked':>8}{'missed':>8}")
        rows = [("Muster Roll", result), *((f"naive {n}", result["naive"]["ways"][n]) for n in sorted(WAYS))]
        for name, counts in rows:
            out.append(
                f"    {name:26}{_n(counts['called']):>8}{_n(counts['wrongful']):>10}"
                f"{_share(counts['wrongful'], counts['called']):>9}{_n(counts['wrongful_knowable']):>13}"
                f"{_n(counts['undetermined_callable']):>8}{_n(counts['missed']):>8}"
            )
        links = result["links"]
        out.append(
            f"    links: precision {_ppm(links['precision_ppm'])}, recall {_ppm(links['recall_ppm'])} "
            f"({_ppm(links['recall_with_possible_ppm'])} with those that may only protect)"
        )
        out.extend(f"    wrongful {each['ref']}: {each['why']}" for each in result["wrongful_each"][:20])
    return "\n".join(out) + "\n"


def table(results: Sequence[Mapping[str, Any]]) -> str:
    """The results as a Markdown table, a row a configuration."""
    rows = [
        "| year, seed, noise, ages | called | wrongful | a row shows it | asked | missed | served, wrong address "
        "| way B: wrongful of called |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in results:
        truly, way_b = each["truly_callable"], each["naive"]
        rows.append(
            f"| {each['year']}, {each['seed']}, {each['noise']}, {each['ages']} | {_n(each['called'])} "
            f"| {each['wrongful']} ({_share(each['wrongful'], each['called'])}) | {each['wrongful_knowable']} "
            f"| {_share(each['undetermined_callable'], truly)} | {_share(each['missed'], truly)} "
            f"| {_n(each['served']['served'])}, {each['served']['misaddressed']} "
            f"| {_n(way_b['wrongful'])} of {_n(way_b['called'])} ({_share(way_b['wrongful'], way_b['called'])}) |"
        )
    return "\n".join(rows) + "\n"


def _n(number: int) -> str:
    return f"{number:,}"


def _share(part: int, whole: int) -> str:
    return _percent(part / whole) if whole else "none"


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %" if share < 0.1 else f"{100 * share:.1f} %"


def _ppm(value: int) -> str:
    return f"{value / 10_000:.2f} %"
