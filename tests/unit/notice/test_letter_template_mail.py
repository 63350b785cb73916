"""Letters and mails as data: every part is there, nothing is left open, nothing is given away."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from musterroll import dates
from musterroll.errors import MusterRollError
from musterroll.notice import mail, template
from musterroll.notice.letter import Letter, Office, Reason, Row, Step
from musterroll.notice.template import Template, Words

LETTERS = Path("packs/example/letters")
WORDS = (LETTERS / "words.en.yaml").read_text()
CALL = (LETTERS / "call.en.yaml").read_text()
MAIL = (LETTERS / "mail.en.yaml").read_text()
REASON = Reason(
    "art. 4 (1)", "Enrolled in the civil register.", "You are enrolled.", "Civil register, 31 December 2020"
)
FIELDS = {
    "report_on": "10 May 2021",
    "draw": "demo-2026-a",
    "stratum": "2001",
    "place": "7",
    "called": "60",
    "entrants": "412",
    "decided_on": "31 December 2020",
}


def call() -> Template:
    return template.parse(CALL, where="call.en.yaml")


def letter(fields: dict[str, str] = FIELDS, of: Template | None = None, **changed) -> Letter:
    given = {
        "number": "2026-000017",
        "dated": "25 September 2026",
        "office": Office("Registry of Service", ("1 Registry Square",)),
        "recipient": ["Ada Example", "12 Cross Street"],
        "reference": "abcdefghijklmnop",
        "reasons": [REASON],
        "check_code": "7K2M-9QXB-0DA",
        "policy": "ab" * 32,
        "fictional": True,
    }
    return (of or call()).fill(fields, **{**given, **changed})


def code_of(action, *arguments, **named) -> str:
    with pytest.raises(MusterRollError) as caught:
        action(*arguments, **named)
    return caught.value.code


@pytest.mark.parametrize("path", sorted(Path("packs").glob("*/letters/*.yaml")), ids=str)
def test_every_letter_of_every_pack_can_be_read(path: Path):
    read = {"words": template.parse_words, "mail": mail.parse}.get(path.name.partition(".")[0], template.parse)
    assert read(path.read_text(), where=path.name).language == path.name.split(".")[1]


def test_a_letter_says_what_by_when_why_and_how_to_say_it_is_wrong():
    one = letter()
    assert one.heading == "You are called to service: report on 10 May 2021"
    assert one.glance[0].value == "10 May 2021"
    assert one.steps[-1].by == "10 May 2021"
    assert one.reasons == (REASON,)
    assert any("on hold at once" in sentence for sentence in one.wrong)
    assert len(one.digest) == 64


@pytest.mark.parametrize(
    "part",
    ["number", "dated", "recipient", "heading", "lead", "why", "wrong", "rights", "genuine", "check_code", "policy"],
)
def test_a_letter_that_lacks_a_part_does_not_exist(part):
    whole = letter()
    with pytest.raises(ValueError, match="is not sent"):
        replace(whole, **{part: type(getattr(whole, part))()})


def test_a_letter_runs_in_one_of_two_directions():
    with pytest.raises(ValueError):
        replace(letter(), direction="up")


@pytest.mark.parametrize("part", ["article", "words", "fact", "source"])
def test_a_reason_that_cites_nothing_is_no_reason(part):
    with pytest.raises(ValueError):
        replace(REASON, **{part: ""})


def test_a_letter_with_a_hole_in_it_reaches_nobody():
    with pytest.raises(MusterRollError, match="decided_on, draw") as caught:
        letter({name: text for name, text in FIELDS.items() if name not in ("decided_on", "draw")})
    assert caught.value.code == "letter.place"
    assert code_of(letter, {**FIELDS, "draw": ""}) == "letter.place"


def test_what_is_put_into_a_place_is_never_read_for_places_again():
    assert "{place}" in letter({**FIELDS, "draw": "{place}"}).lead[0]


def test_whoever_cannot_read_the_sheet_gets_everything_it_says_in_its_order():
    one = replace(
        letter(),
        lead=("Lead.",),
        glance=(Row("Report on", "10 May 2021"),),
        steps=(Step("Read the reasons."), Step("Report.", "10 May 2021")),
        why=("Why.",),
        wrong=("Wrong.",),
        rights=("Rights.",),
        genuine=("Genuine.",),
    )
    assert one.paragraphs == (
        "Lead.",
        "Report on: 10 May 2021",
        "Read the reasons.",
        "Report. (10 May 2021)",
        "Why.",
        "art. 4 (1): Enrolled in the civil register. You are enrolled. (Civil register, 31 December 2020)",
        "Wrong.",
        "Rights.",
        "Genuine.",
    )


def test_a_letter_names_the_classes_to_which_the_law_sends_no_such_letter():
    assert call().nothing_to == ()
    assert template.parse((LETTERS / "withdrawn.en.yaml").read_text(), where="withdrawn").nothing_to == ("ended",)


def test_another_word_is_another_digest():
    assert letter().digest != letter(dated="26 September 2026").digest
    assert letter().digest == letter().digest


def test_somebody_gets_the_letter_in_the_first_of_their_languages_that_there_is():
    english = call()
    finnish, arabic = replace(english, language="fi"), replace(english, language="ar", direction="rtl")
    templates = [english, finnish, arabic]
    assert template.choose(templates, "call", ["sv", "ar", "fi"]) is arabic
    assert template.choose(templates, "call", ["sv"]) is english
    assert template.choose(templates, "call", []) is english
    assert code_of(template.choose, templates, "summons", ["en"]) == "letter.none"


def test_dates_are_written_as_the_language_writes_them():
    words = template.parse_words(WORDS, where="words")
    assert words.written(dates.parse_day("2026-09-05")) == "5 September 2026"
    assert b"September" in words.encode()


def test_words_name_twelve_months_and_a_direction():
    words = template.parse_words(WORDS, where="words")
    for wrong in ({"direction": "up"}, {"months": words.months[:11]}):
        with pytest.raises(ValueError):
            replace(words, **wrong)
    assert isinstance(words, Words)


def changed(text: str, /, **members) -> str:
    fields = yaml.safe_load(text)
    for name, value in members.items():
        if value is None:
            del fields[name]
        else:
            fields[name] = value
    return yaml.safe_dump(fields)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (template.parse, "{"),
        (template.parse, "text"),
        (template.parse, changed(CALL, wrong=None)),
        (template.parse, changed(CALL, urgent=["Now!"])),
        (template.parse, changed(CALL, lead=[7])),
        (template.parse, changed(CALL, lead=7)),
        (template.parse, changed(CALL, glance=[{"label": "x"}])),
        (template.parse, changed(CALL, steps=["x"])),
        (template.parse, changed(CALL, nothing_to=7)),
        (template.parse, changed(CALL, nothing_to=[7])),
        (template.parse_words, changed(WORDS, months=["only one"])),
        (template.parse_words, changed(WORDS, months=7)),
        (template.parse_words, changed(WORDS, page=7)),
        (mail.parse, changed(MAIL, text=7)),
        (mail.parse, changed(MAIL, subject=["x"])),
        # What a mail may not say: a link, or anything about the person.
        (mail.parse, changed(MAIL, text=["Click https://registry.example"])),
        (mail.parse, changed(MAIL, subject="You are called, {name}")),
    ],
)
def test_words_that_are_not_what_they_should_be_are_refused(read, text):
    assert code_of(read, text, where="here") == "letter.malformed"


def test_a_mail_says_that_there_is_a_notice_and_nothing_else():
    message = mail.parse(MAIL, where="mail").fill(
        number="2026-000017",
        message_id="notice.2026-000017@registry.example",
        office="Registry of Service",
        sender="registry@registry.example.invalid",
        recipient="ada@example.invalid",
    )
    assert message.subject == "You have a notice (2026-000017)"
    assert message.message_id == "notice.2026-000017@registry.example"
    assert "call" not in message.text.lower()
    assert message.text.endswith("\n")
    assert not message.text.endswith("\n\n")


def test_a_demonstration_says_so_in_subject_and_text():
    message = mail.parse(MAIL, where="mail").fill(
        number="2026-000017",
        message_id="n@b.invalid",
        office="R",
        sender="a@b.invalid",
        recipient="c@example.invalid",
        demonstration="DEMONSTRATION: x",
    )
    assert message.subject.startswith("DEMONSTRATION: ")
    assert message.text.startswith("DEMONSTRATION: x\n\n")


def test_a_demonstration_that_sends_sooner_says_so_in_its_mark_and_no_other_does():
    words = template.parse_words(WORDS, where="words.en.yaml")
    assert words.of_demonstration(72, 72) == words
    assert words.of_demonstration(3, 72).demonstration == (
        f"{words.demonstration} Letters go out 3 hours after the order is public, not 72."
    )
