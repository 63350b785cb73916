"""Invented records for the pages: one a situation, as `register.queries` would give them. No database stands behind."""

from dataclasses import replace

from musterroll.register.queries import draw, ledger
from musterroll.register.queries.demo import SignIn
from musterroll.register.queries.filed import FilingView, LimitView, MayView, StepView
from musterroll.register.queries.record import (
    Answer,
    CallView,
    Disputable,
    Doubt,
    EntryHeld,
    FactHeld,
    Look,
    MyRecord,
    Need,
    NoticeView,
    OutView,
    OwnWord,
    Particular,
    Reason,
    ReceiptView,
    StandingView,
)

YES_NO = (Answer("yes", "Yes"), Answer("no", "No"))

LIABLE = StandingView(
    question="service",
    headline="You are liable to service.",
    label="liable",
    effect="liable",
    callable=True,
    because=(
        Reason(
            "art. 3",
            "(1)",
            "A man enrolled in the civil register who has completed 18 years and not 26 is liable to service.",
            "born",
            "date of birth",
            "2001-05-14",
            "Civil Register",
            "2020-12-31",
            "You were born on 14 May 2001.",
        ),
        Reason(
            "art. 3",
            "(2)",
            "Liability requires residence in a dwelling of the republic.",
            "lives_in_dwelling",
            "lives in a dwelling",
            "yes",
            "Dwelling Register",
            "2020-12-31",
        ),
    ),
    why_not_better=(
        "art. 12 (1) exempts a parent of three children under 18: no third child is known to any register.",
    ),
    needs=(),
    next_change="2027-05-14",
    by_time="You turn 26 on that day.",
    on="2021-03-31",
    own_word=False,
    ways=("exempt: the law asks for service done: yes (established by the Pay Office).",),
    doubts=(
        Doubt(
            "on which day of a common year somebody born on 29 February attains an age",
            "on 1 March",
            "on 28 February",
            "not liable",
        ),
    ),
)
OPEN_QUESTION = replace(
    LIABLE,
    headline="Whether you are liable is not established.",
    label="",
    effect="",
    callable=False,
    because=(),
    why_not_better=(),
    needs=(
        Need("born", "date of birth", ("Civil Register", "you yourself"), "art. 3 (1)"),
        Need("shares_care", "shares the care of the children", ("Dwelling Register",), "art. 12 (3)"),
    ),
    next_change="",
    by_time="",
    possible=("exempt", "liable"),
    at_worst="At worst the answer is: liable. As long as it is not established, you cannot be called.",
    ways=(),
    doubts=(),
)
EXEMPT = replace(
    LIABLE,
    headline="You are exempt from service.",
    label="exempt",
    effect="exempt",
    callable=False,
    because=(
        Reason(
            "art. 11",
            "(1)",
            "Whoever has served is exempt.",
            "has_served",
            "has served",
            "yes",
            "Pay Office of the Armed Forces",
            "2020-12-31",
        ),
    ),
    next_change="never",
    by_time="",
    ways=(),
    doubts=(),
)
FACTS = (
    FactHeld(
        "born",
        "date of birth",
        "2001-05-14",
        "civil",
        "Civil Register",
        "2020-12-31",
        118,
        "2001-05-14",
        "never",
        "2026-06-24",
        "confirmed",
    ),
    FactHeld(
        "sex", "legal sex", "male", "civil", "Civil Register", "2020-12-31", 118, "", "never", "2026-06-24", "confirmed"
    ),
    FactHeld(
        "lives_in_dwelling",
        "lives in a dwelling",
        "yes",
        "dwelling",
        "Dwelling Register",
        "2020-12-31",
        4021,
        "2020-12-31",
        "",
        "2026-06-24",
        "confirmed",
    ),
    FactHeld(
        "full_time_student",
        "full-time student",
        "no",
        "dwelling",
        "Dwelling Register",
        "2020-12-31",
        4021,
        "2020-12-31",
        "",
        "2026-06-24",
        "confirmed",
    ),
    FactHeld(
        "serving",
        "serving now",
        "yes",
        "pay",
        "Pay Office of the Armed Forces",
        "2020-12-31",
        12,
        "2020-01-01",
        "2021-01-01",
        "2026-06-24",
        "possible",
    ),
)
REFUSING = "Child Benefit Office"
"""An agency about whose entry the stand-in takes no word."""
ENTRIES = (
    EntryHeld("e111e111e111e111", "Civil Register", "confirmed", True, "", False),
    EntryHeld("e222e222e222e222", REFUSING, "confirmed", False, "", False),
    EntryHeld("e333e333e333e333", "Dwelling Register", "confirmed", False, "", False),
    EntryHeld("e444e444e444e444", "Pay Office of the Armed Forces", "possible", False, "", False),
    EntryHeld("e555e555e555e555", "Tax Office", "refuted", False, "", False),
    EntryHeld("e666e666e666e666", "Tax Office", "confirmed", False, "2026-11-01T10:00:00Z", True),
    EntryHeld("e777e777e777e777", "Tax Office", "possible", False, "2026-11-01T10:00:00Z", False),
)
FACTS = tuple(replace(one, entry=next(entry.link for entry in ENTRIES if entry.agency == one.agency)) for one in FACTS)
PARTICULARS = (
    Particular("given", "Άρης <b>Ari</b>", "", "", "Civil Register"),
    Particular("family", "بن سالم", "", "", "Civil Register"),
    Particular("number", "000-00-0001", "", "", "Civil Register"),
    Particular("address", "12 Long Meadow Road, Unit 4, Anytown", "2020-12-31", "", "Dwelling Register"),
)
DISPUTABLE = (
    Disputable("born", "date of birth", "date", "2001-05-14", "art. 3 (1)", ()),
    Disputable("sex", "legal sex", "enum", "male", "art. 3 (1)", (Answer("male", "Male"), Answer("female", "Female"))),
    Disputable("lives_in_dwelling", "lives in a dwelling", "bool", "yes", "art. 3 (2)", YES_NO),
    Disputable("full_time_student", "full-time student", "bool", "no", "art. 14 (1)", YES_NO),
    Disputable(
        "third_child_born",
        "birth of the third child",
        "date",
        "never",
        "art. 12 (1)",
        (Answer("never", "There is none"),),
    ),
)
NOTICE = NoticeView(
    number="MR-7QX2-94KD",
    kind="call",
    title="Call to service",
    composed_at="2026-09-25T08:00:00Z",
    channel="e-mail",
    grade="submitted",
    grade_words="The mail server took it on 25 September 2026. Nobody knows yet whether you have it.",
    attempts=("2026-09-25T08:00:02Z: accepted for relay (e-mail)",),
    received=False,
    letter="letters/MR-7QX2-94KD.pdf",
    words=(
        "You are called to service by the public draw of 21 September 2026.",
        "Why: art. 3 (1), you have completed 18 years and not 26 (date of birth 14 May 2001, Civil Register).",
        "Please report by 10 November 2026.",
        "If any of this is wrong, say so: sign in and press “this is wrong”. The call is then on hold.",
    ),
)
CALL = CallView("2026-1", "2001", 14, "0.204417233", "2026-09-21T14:20:00Z", "2026-11-10", "open", "", "")
RECEIPT = ReceiptView("2026-1", 41, 14, "0.204417233", '{"draw":"2026-1","index":41}', label="14")
LATE = ReceiptView("2026-1", 3, 12, "0.191200001", "{}", label="12+S1.1", part="supplement-01")
OUT = (OutView("2026-1", "exempt", ""), OutView("2025-1", "not established", "31"))
LOOK = Look("2026-09-23T09:12:00Z", "District office 4", "4-17", "claim to examine", "C-2026-81")

CALLED = MyRecord(
    ref="aaaabbbbccccdddd",
    fictional=True,
    on="2021-05-31",
    known_at="2026-11-22T00:00:00Z",
    name="Ari <b>Salem</b> بن سالم",
    standings=(LIABLE,),
    facts=FACTS,
    particulars=PARTICULARS,
    superseded=(Particular("address", "3 Old Street, Anytown", "2019-12-31", "2020-12-31", "Dwelling Register"),),
    own_words=(),
    looks=(LOOK,),
    notices=(NOTICE,),
    calls=(CALL,),
    receipts=(RECEIPT,),
    disputable=DISPUTABLE,
    entries=ENTRIES,
)
HELD_CALL = replace(CALL, state="held", since="2026-11-22T00:10:00Z", why="this is wrong")
WAITING = replace(
    CALLED,
    ref="ffffgggghhhhiiii",
    name="Ola Waits",
    calls=(),
    notices=(),
    receipts=(LATE,),
    superseded=(),
    standings=(replace(LIABLE, effective_from="2021-06-30"),),
)
UNKNOWN = replace(
    CALLED,
    ref="bbbbccccddddeeee",
    name="Mara Quill",
    standings=(OPEN_QUESTION,),
    calls=(),
    notices=(),
    looks=(),
    receipts=(),
    spared=OUT,
    superseded=(),
)
FREE = replace(
    CALLED,
    ref="ccccddddeeeeffff",
    name="Jon Ember",
    standings=(EXEMPT,),
    notices=(),
    looks=(),
    own_words=(OwnWord("has_served", "has served", "yes", "2026-11-21T10:00:00Z", "9f" * 32),),
    calls=(replace(CALL, state="withdrawn", since="2026-09-22T02:00:00Z", why="exempt"),),
)
FILED_STEP = StepView(
    1, "filed", "you said that it is wrong", "person", "you yourself", "2021-03-01", (), False, "", ""
)
REFUSED_STEP = StepView(
    2, "refused", "refused", "registry", "The <b>Registry</b>", "2021-03-10", ("art. 14 (2)",), True, "", ""
)
TOLD_STEP = replace(REFUSED_STEP, told_on="2021-03-12", how="own word")
APPEAL = MayView(
    "appealed", "appeal to the Appeal Board", "person", "you yourself", "2021-04-11", "art. 14 (3)", own=True
)
REFUSED = FilingView(
    code="F-0123456789ab",
    label="full-time studies",
    value="yes",
    against="no",
    filed_on="2021-03-01",
    state="filed",
    formal="refused",
    state_words="What you said waits for a decision.",
    formal_words="What you said was refused.",
    counts_from="",
    steps=(FILED_STEP, REFUSED_STEP),
    limits=(LimitView("appeal", "appeal to the Appeal Board", "", "the person has not been told", "art. 14 (3)"),),
    may=(
        MayView("granted", "found right", "registry", "The Registry", "", "art. 14 (1)", own=False),
        replace(APPEAL, until=""),
    ),
    holds=True,
    free_on="",
    over=False,
    may_take_back=True,
)
TOLD = replace(
    REFUSED,
    counts_from="2021-04-11",
    steps=(FILED_STEP, TOLD_STEP),
    limits=(LimitView("appeal", "appeal to the Appeal Board", "2021-04-11", "", "art. 14 (3)"),),
    may=(APPEAL,),
)
APPEALED = replace(
    TOLD, state="appealed", formal="appealed", formal_words="Your appeal waits for a decision.", limits=(), may=()
)
CLOSED = replace(
    TOLD, code="F-ba9876543210", state="final", formal="final", formal_words="What you said was refused for good.",
    counts_from="", limits=(), may=(), holds=False, over=True, may_take_back=False,
    steps=(FILED_STEP, replace(TOLD_STEP, how="handed over")),
)  # fmt: skip
ENDING = replace(CLOSED, code="F-aaaaaaaaaaaa", over=False, holds=True, free_on="2021-04-26")
FILER = replace(
    CALLED,
    ref="gggghhhhiiiijjjj",
    name="Nia Says",
    calls=(HELD_CALL, replace(CALL, draw="2025-1", why="decided", since="2026-11-22T00:10:00Z")),
    filings=(REFUSED, ENDING, CLOSED),
)
BARE = MyRecord(
    "ddddeeeeffffgggg", True, "2021-05-31", "2026-11-22T00:00:00Z", "No Body", (), (), (), (), (), (), (), (), (), ()
)

PEOPLE = (
    SignIn(CALLED.ref, CALLED.name, "Called by the draw, with a letter. What happens if a fact behind it is wrong?"),
    SignIn(UNKNOWN.ref, UNKNOWN.name, "Nobody knows enough to say: not established, so not callable."),
    SignIn(FREE.ref, FREE.name, "Was called, then the pay office’s list showed the service: call withdrawn."),
    SignIn(WAITING.ref, WAITING.name, "A new fact makes it worse: not yet."),
    SignIn(FILER.ref, FILER.name, "Said that something is wrong, and it was decided on."),
    SignIn(BARE.ref, BARE.name, "Nothing is held."),
)
BROKEN_REF = "eeeeffffgggghhhh"
RECORDS = {101: CALLED, 102: UNKNOWN, 103: FREE, 104: BARE, 105: WAITING, 106: FILER}

DRAW = draw.DrawView(
    draw="2026-1",
    title="Draw of 2026",
    article="art. 20 of the Service Act",
    pack="The Example Republic, Service Act",
    pack_digest="ab" * 32,
    reference_day="2020-12-31",
    size=1312,
    strata=tuple(draw.StratumView(str(year), 160 + year % 7, 8) for year in range(1995, 2003)),
    manifest_sha256="cd" * 32,
    chain="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    round=32398885,
    round_at="2026-09-21T14:13:39Z",
    ceremony="3 1 4 1 5 9 2 6",
    seed="ef" * 32,
    order_sha256="12" * 32,
    called="60",
    steps=(
        draw.StepView("terms fixed", "2026-09-10T00:00:00Z", "The list of sealed entries was fixed and published.", 7),
        draw.StepView("ceremony", "2026-09-21T12:00:00Z", "Digits were drawn by hand, in public.", 9),
        draw.StepView(
            "result", "2026-09-21T14:20:00Z", "The beacon’s number came; everybody’s place was worked out.", 10
        ),
        draw.StepView("order of call", "2026-09-21T14:20:00Z", "The order of call was published.", -1),
    ),
    files=(
        draw.FileView("manifest.json", "draws/2026-1/manifest.json", 2214, "ab" * 32),
        draw.FileView("verify.py", "draws/2026-1/verify.py", 41214, "cd" * 32),
    ),
    command="python3 verify.py .",
    attempt=2,
    because="potcheck",
    count=draw.CountView(
        "Statistics Office",
        50,
        "holds",
        (
            draw.CellView("birth-year", "1995", 165, 165, off=False),
            draw.CellView("birth-year", "unknown", 0, None, off=False),
            draw.CellView("district", "north", 640, 635, off=False),
        ),
    ),
    fairness=draw.FairnessView("unremarkable", review=False, tests=(draw.TestView("B1", "0.720000"),)),
    parts=(
        draw.PartView("supplement", 1, "", 33398885, "2026-10-26T07:33:39Z", held=False),
        draw.PartView("stratum", 1, "born-1997", 33398885, "2026-10-26T07:33:39Z", held=True),
    ),
    audit=draw.AuditView(299, 32600485, "2026-09-28T14:13:39Z", 303, 1),
)
LEDGER = ledger.LedgerView(
    origin="demo.register.example/ledger/2026",
    size=1204,
    root="34" * 32,
    published_at="2026-09-25T08:00:00Z",
    checkpoint="demo.register.example/ledger/2026\n1204\nNDQ0NDQ=\n\n— demo.register.example/ledger/2026 AAAA\n",
    cosigners=(
        ledger.CosignerView("north.witness.example", "2026-09-25T08:00:05Z"),
        ledger.CosignerView("south.witness.example", "2026-09-25T08:00:06Z"),
    ),
    quorum=3,
    waiting=2,
    kinds=(("act", 1190), ("import", 9)),
    entries=(ledger.PublicEntry(0, "pack", "2026-06-01T00:00:00Z", "pack example 1.0"),),
)
