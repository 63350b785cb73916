"""What the server answers to requests that no page makes, and what no answer may give away."""

import http.client
import http.cookiejar
import io
import re
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.portal import example
from tests.portal.conftest import portal

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Visitor:
    """A browser's requests by hand: keeps cookies, follows nothing, sends the headers it is given."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.jar = http.cookiejar.CookieJar()

    def ask(
        self, path: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> "Answer":
        asked = urllib.request.Request(
            self.base + path,
            data=None if form is None else urllib.parse.urlencode(form).encode(),
            headers=dict(headers or {}),
        )
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), _NoRedirect())
        try:
            with opener.open(asked, timeout=20) as given:
                return Answer(given.status, given.headers, given.read())
        except urllib.error.HTTPError as given:
            with given:
                return Answer(given.code, given.headers, given.read())

    def token(self, path: str = "/") -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.ask(path).text)
        assert found is not None
        return found[1]

    def post(self, path: str, **fields: str) -> "Answer":
        return self.ask(path, {**fields, "csrfmiddlewaretoken": self.token()})

    def sign_in(self, ref: str) -> "Visitor":
        assert self.post("/sign-in/", person=ref).status == 302
        return self


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **more: object) -> None:
        return None


class Answer:
    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def words(self) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", self.text).split())


def test_the_start_page_says_demonstration_and_lists_the_example_people(gallery: str) -> None:
    start = Visitor(gallery).ask("/")
    assert "DEMONSTRATION Everybody in this register is invented." in start.words
    assert "Sign in as Mara Quill" in start.words


def test_every_answer_carries_the_policy_and_is_kept_nowhere(gallery: str) -> None:
    visitor = Visitor(gallery).sign_in(example.CALLED.ref)
    for path, status in (("/", 200), ("/my-record/", 200), ("/no-such-page/", 404), ("/draws/2026-1/", 200)):
        answer = visitor.ask(path)
        assert answer.status == status
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer.headers["Cache-Control"]


def test_files_of_the_pages_may_be_kept_by_browsers(gallery: str) -> None:
    answer = Visitor(gallery).ask("/static/portal/portal.css")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "max-age=2592000, public")


@pytest.mark.parametrize(
    ("site", "mode", "destination", "method", "status"),
    [
        ("cross-site", "navigate", "document", "GET", 200),  # a link on another site
        ("same-site", "navigate", "document", "GET", 200),
        ("cross-site", "cors", "empty", "GET", 403),  # a script of another site
        ("cross-site", "no-cors", "image", "GET", 403),
        ("cross-site", "navigate", "iframe", "GET", 403),  # our page inside theirs
        ("cross-site", "navigate", "document", "POST", 403),  # a form of another site
        ("same-origin", "navigate", "document", "GET", 200),
        ("none", "navigate", "document", "GET", 200),  # typed by hand
    ],
)
def test_what_other_sites_make_a_browser_send_is_refused(
    gallery: str, site: str, mode: str, destination: str, method: str, status: int
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination}
    answer = Visitor(gallery).ask("/", {} if method == "POST" else None, headers)
    assert answer.status == status
    if status == 403:
        assert "Another web site tried to send something here in your name." in answer.words


def test_a_form_without_its_token_is_refused_in_plain_words(gallery: str) -> None:
    answer = Visitor(gallery).ask("/sign-in/", {"person": example.CALLED.ref})
    assert answer.status == 403
    assert "The page was open for too long" in answer.words
    assert "This has no consequence for you." in answer.words


def test_a_request_for_another_machine_is_refused(gallery: str) -> None:
    answer = Visitor(gallery).ask("/", headers={"Host": "elsewhere.example"})
    assert answer.status == 400
    assert "Nothing was changed." in answer.words


def test_nobody_can_sign_in_as_somebody_who_does_not_exist(gallery: str) -> None:
    assert Visitor(gallery).post("/sign-in/", person="zzzzzzzzzzzzzzzz").status == 400


def test_without_a_session_every_personal_page_leads_to_the_start_page(gallery: str) -> None:
    for path in (
        "/my-record/",
        "/my-record/this-is-wrong/",
        "/my-record/this-is-wrong/check/",
        "/my-record/notices/MR-7QX2-94KD/",
        "/my-record/notices/MR-7QX2-94KD/letter.pdf",
        "/my-record/acts.zip",
        "/my-record/draw-receipt/2026-1/",
        "/my-record/my-ticket/2026-1/list/",
    ):
        answer = Visitor(gallery).ask(path)
        assert (answer.status, answer.headers["Location"]) == (302, "/#sign-in"), path


def test_a_person_sees_only_their_own_notices_and_draw_receipts(gallery: str) -> None:
    stranger = Visitor(gallery).sign_in(example.UNKNOWN.ref)
    for path in (
        "/my-record/notices/MR-7QX2-94KD/",
        "/my-record/notices/MR-7QX2-94KD/letter.pdf",
        "/my-record/draw-receipt/2026-1/",
        "/my-record/my-ticket/2026-1/list/",
        "/my-record/my-ticket/2026-1/supplement-01/",
    ):
        assert stranger.ask(path).status == 404
    assert stranger.post("/my-record/notices/MR-7QX2-94KD/received/").status == 404


def test_letter_and_draw_receipt_come_as_files_without_a_name_in_their_names(gallery: str) -> None:
    owner = Visitor(gallery).sign_in(example.CALLED.ref)
    letter = owner.ask("/my-record/notices/MR-7QX2-94KD/letter.pdf")
    assert letter.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert letter.body == b"%PDF-1.7 invented"
    receipt_file = owner.ask("/my-record/draw-receipt/2026-1/")
    assert receipt_file.headers["Content-Disposition"] == 'attachment; filename="receipt.json"'
    assert receipt_file.text == example.RECEIPT.text
    late, spared = Visitor(gallery).sign_in(example.WAITING.ref), Visitor(gallery).sign_in(example.UNKNOWN.ref)
    for visitor, part in ((owner, "list"), (late, "supplement-01"), (spared, "out")):
        ticket = visitor.ask(f"/my-record/my-ticket/2026-1/{part}/")
        assert ticket.headers["Content-Disposition"] == 'attachment; filename="my-ticket.json"'
        assert '"muster-roll/ticket"' in ticket.text


def test_a_person_sees_in_which_draw_they_stand_between_two_places_or_why_they_are_out(gallery: str) -> None:
    late = Visitor(gallery).sign_in(example.WAITING.ref).ask("/my-record/").text
    assert "12+S1.1" in late
    assert "found missing from the first list" in late
    out = Visitor(gallery).sign_in(example.UNKNOWN.ref).ask("/my-record/").text
    assert "You were not in the draw" in out
    assert "You are exempt." in out
    assert "was passed over" in out
    assert "It is not established that you are liable." in out


def test_signing_out_forgets_the_session(gallery: str) -> None:
    visitor = Visitor(gallery).sign_in(example.CALLED.ref)
    before = {cookie.name: cookie.value for cookie in visitor.jar}["muster"]
    assert visitor.post("/sign-out/").status == 302
    http_only = http.client.HTTPConnection(urlsplit(gallery).netloc, timeout=20)
    http_only.request("GET", "/my-record/", headers={"Cookie": f"muster={before}"})
    assert http_only.getresponse().status == 302
    http_only.close()


def test_reading_needs_get_and_acting_needs_post(gallery: str) -> None:
    visitor = Visitor(gallery).sign_in(example.CALLED.ref)
    assert visitor.ask("/sign-out/").status == 405
    assert visitor.ask("/my-record/notices/MR-7QX2-94KD/received/").status == 405
    assert visitor.post("/my-record/").status == 405


def test_no_address_on_any_page_holds_a_name_a_number_or_a_ref(gallery: str) -> None:
    visitor = Visitor(gallery).sign_in(example.CALLED.ref)
    secrets = [example.CALLED.ref, *(one.text for one in example.CALLED.particulars), "Salem", "Mara", "2001-05-14"]
    for path in ("/", "/my-record/", "/my-record/this-is-wrong/", "/my-record/notices/MR-7QX2-94KD/"):
        text = visitor.ask(path).text
        for address in re.findall(r'(?:href|src|action)="([^"]*)"', text):
            assert not any(secret in urllib.parse.unquote(address) for secret in secrets), address
            assert address.startswith(("/", "#")), "an address on another machine"


def test_values_from_agencies_cannot_become_markup(gallery: str) -> None:
    text = Visitor(gallery).sign_in(example.CALLED.ref).ask("/my-record/").text
    assert "<b>Salem</b>" not in text
    assert "<bdi>Ari &lt;b&gt;Salem&lt;/b&gt; بن سالم</bdi>" in text


def test_published_files_come_byte_for_byte_and_nothing_else_does(gallery: str) -> None:
    visitor = Visitor(gallery)
    manifest = visitor.ask("/published/draws/2026-1/manifest.json")
    assert (manifest.status, manifest.body) == (200, b"{}")
    assert manifest.headers["Content-Disposition"] == 'attachment; filename="manifest.json"'
    for path in (
        "/published/",
        "/published/draws/2026-1",
        "/published/../keys/secret",
        "/published/%2e%2e/keys/secret",
        "/published/draws/2026-1/linked",
        "/published/draws/nothing",
        "/published/%00",
    ):
        assert visitor.ask(path).status == 404, path


def test_the_steps_of_this_is_wrong_cannot_be_skipped(gallery: str) -> None:
    visitor = Visitor(gallery).sign_in(example.CALLED.ref)
    assert visitor.ask("/my-record/this-is-wrong/check/").headers["Location"] == "/my-record/this-is-wrong/"
    assert visitor.ask("/my-record/this-is-wrong/what-is-right/").headers["Location"] == "/my-record/this-is-wrong/"
    assert visitor.ask("/my-record/this-is-wrong/done/").headers["Location"] == "/my-record/"
    refused = visitor.post("/my-record/this-is-wrong/", attribute="income")
    assert (refused.status, "Choose the fact that is wrong" in refused.words) == (200, True)


def test_a_draw_that_does_not_exist_is_not_found(gallery: str) -> None:
    assert Visitor(gallery).ask("/draws/1999-9/").status == 404


def test_everything_published_comes_in_one_archive_that_is_the_same_each_time(gallery: str) -> None:
    visitor = Visitor(gallery)
    assert "1 file, 2 bytes." in visitor.ask("/everything-published/").words
    first = visitor.ask("/everything-published/published.zip")
    with zipfile.ZipFile(io.BytesIO(first.body)) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            "published/draws/2026-1/manifest.json": b"{}"
        }
    assert visitor.ask("/everything-published/published.zip").body == first.body


def test_a_fault_of_ours_is_said_plainly_and_no_person_is_in_the_log(gallery: str, gallery_log: Path) -> None:
    visitor = Visitor(gallery).sign_in(example.BROKEN_REF)
    answer = visitor.ask("/my-record/")
    assert answer.status == 500
    assert "Something is broken on our side You did nothing wrong." in answer.words
    assert "Nothing counts against you because this service does not work." in answer.words
    Visitor(gallery).sign_in(example.CALLED.ref).ask("/my-record/no-such-page/")
    log = gallery_log.read_text()
    assert "RuntimeError: something is broken" in log
    for secret in (example.BROKEN_REF, example.CALLED.ref, "Salem", "Mara Quill", "000-00-0001"):
        assert secret not in log


def test_a_real_home_offers_no_example_people_and_no_demonstration_sign_in(tmp_path: Path) -> None:
    with portal(tmp_path / "log", GALLERY_REAL="yes") as address:
        visitor = Visitor(address)
        start = visitor.ask("/")
        assert "DEMONSTRATION" not in start.text
        assert "Mara Quill" not in start.text
        assert "is not connected in this installation" in start.words
        assert visitor.ask("/sign-in/", {"person": example.CALLED.ref}).status == 403


def test_a_worse_standing_that_does_not_count_yet_says_from_when_it_does(gallery: str) -> None:
    words = Visitor(gallery).sign_in(example.WAITING.ref).ask("/my-record/").words
    assert "It counts for you from 30 June 2021 on; until then nothing can follow from it." in words


def test_the_pages_promise_no_examination_that_nobody_makes(gallery: str) -> None:
    visitor = Visitor(gallery).sign_in(example.CALLED.ref)
    visitor.post("/my-record/this-is-wrong/", attribute="full_time_student")
    visitor.post("/my-record/this-is-wrong/what-is-right/", right="yes")
    assert visitor.post("/my-record/this-is-wrong/check/").headers["Location"] == "/my-record/this-is-wrong/done/"
    words = visitor.ask("/my-record/this-is-wrong/done/").words
    assert "In this version of the program no officer examines it." in words
    assert "Nobody decides on what you said" in visitor.ask("/how-you-are-protected/").words


def test_what_would_change_the_answer_is_told_without_advice(gallery: str) -> None:
    words = Visitor(gallery).sign_in(example.CALLED.ref).ask("/my-record/").words
    assert "exempt: the law asks for service done: yes (established by the Pay Office)." in words
    assert "It is not advice: nobody asks you to change anything about your life" in words


def test_another_reading_of_the_law_that_would_change_the_answer_is_shown(gallery: str) -> None:
    words = Visitor(gallery).sign_in(example.CALLED.ref).ask("/my-record/").words
    assert "Read here: on 1 March" in words
    assert "The other reading: on 28 February" in words
    assert "Then you would be: not liable" in words


def test_somebody_undetermined_is_told_between_what_and_what_at_worst(gallery: str) -> None:
    words = Visitor(gallery).sign_in("bbbbccccddddeeee").ask("/my-record/").words
    assert "It is one of these: exempt liable" in words
    assert "As long as it is not established, you cannot be called." in words
