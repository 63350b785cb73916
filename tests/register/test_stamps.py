"""Time stamps are asked of two outside authorities, checked, published; one that is down costs its stamp only."""

import pytest
from tests.registerhome import FREEZE_AT, LETTERS_AT, PROGRAM
from tests.simulators.tsa import Authority, Served

from musterroll.errors import MusterRollError
from musterroll.ledger import stamp, tlogproof


@pytest.fixture
def two(rolled):
    """The rolled stage with two authorities that it trusts."""
    served = [Served(Authority(name, lambda: FREEZE_AT)) for name in ("court-stamp", "post-stamp")]
    trust(rolled, served)
    yield served
    for one in served:
        one.close()


def trust(stage, served) -> None:
    folder = stage.home.path / "trust"
    (folder / "stampers.txt").write_text("".join(f"{one.authority.name} {one.url}\n" for one in served))
    for one in served:
        (folder / f"{one.authority.name}.pem").write_bytes(one.authority.pem)


def stamps(stage) -> list[str]:
    return sorted(str(path.relative_to(stage.home.ledger)) for path in stage.home.ledger.rglob("*.tsr"))


def due(**more):
    from musterroll.register.stamps import stamp_due

    return stamp_due(by=PROGRAM, pause=0.01, timeout=5, **more)


def test_the_newest_checkpoint_is_stamped_by_both_once(rolled, two):
    assert len(due().files) == 2
    size = (rolled.home.ledger / "checkpoint").read_bytes().split(b"\n")[1].decode()
    assert stamps(rolled) == [f"anchor/{size}/court-stamp.tsr", f"anchor/{size}/post-stamp.tsr"]
    folder = rolled.home.ledger / "anchor" / size
    assert (folder / "checkpoint").read_bytes() == (rolled.home.ledger / "checkpoint").read_bytes()
    said = stamp.check((folder / "court-stamp.tsr").read_bytes(), (folder / "checkpoint").read_bytes())
    assert said.at == FREEZE_AT
    assert due().files == ()


def test_an_authority_that_fails_twice_is_asked_a_third_time(rolled, two):
    two[0].down = 2
    assert due().refused == ()
    assert two[0].tries == 3


def test_an_authority_that_is_down_costs_its_stamp_only(rolled, two):
    two[0].down = 99
    done = due()
    assert [problem.code for problem in done.refused] == ["stamp.down"]
    assert "court-stamp did not answer: HTTP 503" in str(done.refused[0])
    assert [path.name for path in done.files] == ["post-stamp.tsr"]


@pytest.mark.parametrize("how", ["refuses", "stamps other bytes", "is not the one we trust"])
def test_what_is_no_stamp_of_this_authority_over_these_bytes_is_not_published(rolled, two, how):
    two[0].authority.status = 2 if how == "refuses" else 0
    two[0].authority.lying = b"x" * 32 if how == "stamps other bytes" else None
    if how == "is not the one we trust":
        (rolled.home.path / "trust" / "court-stamp.pem").write_bytes(two[1].authority.pem)
    done = due(attempts=1)
    assert [problem.code for problem in done.refused] == [
        {"refuses": "stamp.refused", "stamps other bytes": "stamp.other"}.get(how, "stamp.signature")
    ]
    assert [path.name for path in done.files] == ["post-stamp.tsr"]


def test_the_checkpoint_under_which_a_draw_was_fixed_is_stamped_too(called):
    from musterroll.register import log, stamps
    from musterroll.register.models import Draw

    served = [Served(Authority("court-stamp", lambda: LETTERS_AT))]
    trust(called, served)
    entry = Draw.objects.get().entry
    assert stamps.of(entry) == {}
    assert len(due().files) == 2  # that one, and the newest
    held = tlogproof.decode(log.proof_of(entry)).checkpoint
    assert stamp.check(stamps.of(entry)["court-stamp"], held).at == LETTERS_AT
    served[0].close()


def test_without_authorities_nothing_is_asked(rolled):
    assert (due().files, due().refused) == ((), ())


@pytest.mark.parametrize(
    "line", ["court-stamp", "Court https://x.example", "court-stamp ftp://x.example", "no-root https://x.example"]
)
def test_a_list_that_names_no_authority_is_refused(rolled, line):
    (rolled.home.path / "trust" / "stampers.txt").write_text(f"# whom we ask\n{line}\n")
    with pytest.raises(MusterRollError, match=r"stampers.txt, line 2.*stamp.authorities"):
        due()
