"""Where a filing stands, on the person's page: what it says, and the three things that a person can do there."""

from tests.portal import example
from tests.portal.test_requests import Answer, Visitor


def filer(gallery: str) -> Visitor:
    return Visitor(gallery).sign_in(example.FILER.ref)


def said(answer: Answer) -> str:
    """The words of a page as they are read: values stand in tags of their own."""
    return answer.words.replace(" :", ":").replace("( ", "(").replace(" )", ")")


def post(visitor: Visitor, path: str = "/my-record/where-it-stands/", **fields: str) -> Answer:
    """As `Visitor.post`, without opening the start page: that puts the invented records back."""
    return visitor.ask(path, {**fields, "csrfmiddlewaretoken": visitor.token("/my-record/")})


def begin(visitor: Visitor, what: str, step: str = "", filing: str = example.REFUSED.code) -> str:
    answer = post(visitor, "/my-record/where-it-stands/begin/", what=what, filing=filing, step=step)
    assert answer.status == 302
    return answer.headers["Location"]


def test_the_record_says_what_stands_what_may_happen_and_that_untold_no_time_runs(gallery: str) -> None:
    page = said(filer(gallery).ask("/my-record/"))
    assert "Full-time studies: you say yes" in page
    assert "What you said was refused. This does not count yet. No time runs against you" in page
    assert "because of art. 14 (2)" in page
    assert "Found right · The Registry (art. 14 (1))" in page
    assert "It keeps you from being called until 26 April 2021." in page
    assert "This is closed. It holds nothing any more." in page
    assert "a carrier handed it to you; recorded 12 March 2021" in page
    assert "What you said was decided on, and nothing holds the call any more." in page


def test_a_title_of_an_office_is_shown_and_never_run(gallery: str) -> None:
    text = filer(gallery).ask("/my-record/").text
    assert "The &lt;b&gt;Registry&lt;/b&gt;" in text
    assert "The <b>Registry</b>" not in text


def test_who_says_received_is_told_first_what_it_does_and_then_their_last_day(gallery: str) -> None:
    visitor = filer(gallery)
    assert begin(visitor, "received", "2") == "/my-record/where-it-stands/"
    check = visitor.ask("/my-record/where-it-stands/").words
    assert "From today the law’s time runs" in check
    assert "You do not say that the decision is right." in check
    assert post(visitor).headers["Location"] == "/my-record/where-it-stands/done/"
    done = said(visitor.ask("/my-record/where-it-stands/done/"))
    assert "Saved: you received the decision" in done
    assert "Appeal to the Appeal Board: the last day is 11 April 2021 (art. 14 (3))" in done


def test_only_what_the_record_offers_can_be_begun(gallery: str) -> None:
    visitor = filer(gallery)
    for what, step, filing in (
        ("received", "1", example.REFUSED.code),  # the person's own step
        ("received", "2", "F-999999999999"),
        ("step", "granted", example.REFUSED.code),  # an office's
        ("step", "dismissed", example.REFUSED.code),
        ("back", "", example.CLOSED.code),
        ("lift", "", example.REFUSED.code),
    ):
        assert begin(visitor, what, step, filing) == "/my-record/"
    assert visitor.ask("/my-record/where-it-stands/").headers["Location"] == "/my-record/"
    assert visitor.ask("/my-record/where-it-stands/done/").headers["Location"] == "/my-record/"
    assert visitor.ask("/my-record/where-it-stands/begin/").status == 405


def test_nobody_reaches_it_without_being_signed_in_and_no_code_stands_in_an_address(gallery: str) -> None:
    stranger = Visitor(gallery)
    for path in ("/my-record/where-it-stands/", "/my-record/where-it-stands/done/"):
        assert stranger.ask(path).headers["Location"].startswith("/sign-in") or stranger.ask(path).status == 302
    visitor = filer(gallery)
    assert example.REFUSED.code not in begin(visitor, "back")
    other = Visitor(gallery).sign_in(example.CALLED.ref)
    assert begin(other, "back") == "/my-record/"


def test_a_refusal_of_the_law_is_shown_as_it_is(gallery: str) -> None:
    visitor = filer(gallery)
    begin(visitor, "received", "2")
    post(visitor)
    begin(visitor, "step", "appealed")
    post(visitor)
    begin(visitor, "back")
    refused = post(visitor)
    assert refused.status == 200
    assert "The law does not let this happen now." in refused.words
