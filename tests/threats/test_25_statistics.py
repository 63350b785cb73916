"""Attack 25: statistics are used to undo a draw that somebody does not like."""

import json
from dataclasses import replace

from tests.bundles.forged import ANEW, LISTED, REDRAWN, WHOLE, Forged

from musterroll import canonical
from musterroll.draw import attempt, because, transcript


class Flagged(Forged):
    """A level at which two of three fair draws are flagged, stated in the manifest beforehand."""

    def terms(self, at, *, counted):
        terms = super().terms(at, counted=counted)
        return replace(terms, fairness=replace(terms.fairness, alpha="0.999999"))


def test_a_flag_is_told_and_the_order_holds(forge, look) -> None:
    # Which are flagged changes with the verifier, whose digest is in the manifest and so in the seed.
    made = (forge(number, Flagged) for number in (LISTED, WHOLE, ANEW, REDRAWN, 4, 0))
    forged = next(one for one in made if json.loads(one.files["fairness.json"])["verdict"] == "flag")
    said = look(forged)
    assert said.code == 0, said.text
    assert "fairness.json: flag; its 4 figures computed anew. They prove and void nothing" in said.text


def test_figures_cannot_be_made_to_look_worse_or_better(forge, look) -> None:
    forged = forge(WHOLE)
    value = json.loads(forged.files["fairness.json"])
    value["tests"][0]["p"] = "0.000100"
    forged.files["fairness.json"] = canonical.encode(value)
    forged.write_again()
    assert look(forged).refused("the fairness figures are others")


def test_another_level_than_the_one_stated_before_is_refused(forge, look) -> None:
    forged = forge(WHOLE)
    forged.say("fairness.json", alpha="0.5", verdict="flag")
    forged.write_again()
    assert look(forged).refused("the fairness figures are others")


def test_a_flag_is_no_ground_for_another_draw() -> None:
    """There are two grounds, and neither looks at an order."""
    assert {because.POTCHECK, because.FALLBACK} == {"potcheck", "fallback"}
    assert transcript.Because("fallback").ground == "fallback"
    for ground in ("fairness", "flag", "statistics"):
        try:
            transcript.Because(ground)
        except ValueError:
            continue
        raise AssertionError(ground)
    assert attempt.MOST_ATTEMPTS == 3
