"""Every address of the portal. None holds a personal value."""

from django.urls import path

from musterroll.portal.agency import deliveries
from musterroll.portal.person import filing, not_mine, notice, record, sign_in, wrong
from musterroll.portal.public import draw, files, ledger, pages

urlpatterns = [
    path("", pages.start, name="start"),
    path("how-you-are-protected/", pages.protection, name="protection"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("draws/", draw.draws, name="draws"),
    path("draws/<slug:number>/", draw.one_draw, name="draw"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("everything-published/", files.everything, name="everything"),
    path("everything-published/published.zip", files.archive, name="archive"),
    path("published/<path:name>", files.published, name="published"),
    path("deliveries/", deliveries.begin, name="deliveries"),
    path("deliveries/<slug:upload>/", deliveries.one, name="delivery"),
    path("deliveries/<slug:upload>/reply.json", deliveries.reply, {"ending": "json"}, name="reply"),
    path("deliveries/<slug:upload>/reply.txt", deliveries.reply, {"ending": "txt"}, name="reply-text"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("my-record/", record.my_record, name="my-record"),
    path("my-record/acts.zip", record.acts, name="acts"),
    path("my-record/draw-receipt/<slug:draw>/", record.draw_receipt, name="draw-receipt"),
    path("my-record/my-ticket/<slug:draw>/<slug:part>/", record.ticket, name="ticket"),
    path("my-record/this-is-wrong/", wrong.choose, name="wrong"),
    path("my-record/this-is-wrong/what-is-right/", wrong.answer, name="wrong-answer"),
    path("my-record/this-is-wrong/check/", wrong.check, name="wrong-check"),
    path("my-record/this-is-wrong/done/", wrong.done, name="wrong-done"),
    path("my-record/not-my-record/begin/", not_mine.begin, name="not-mine-begin"),
    path("my-record/not-my-record/", not_mine.check, name="not-mine"),
    path("my-record/not-my-record/done/", not_mine.done, name="not-mine-done"),
    path("my-record/where-it-stands/begin/", filing.begin, name="filing-begin"),
    path("my-record/where-it-stands/", filing.check, name="filing"),
    path("my-record/where-it-stands/done/", filing.done, name="filing-done"),
    path("my-record/notices/<slug:number>/", notice.notice, name="notice"),
    path("my-record/notices/<slug:number>/letter.pdf", notice.letter, name="letter"),
    path("my-record/notices/<slug:number>/received/", notice.received, name="received"),
]

handler400 = "musterroll.portal.errors.bad_request"
handler403 = "musterroll.portal.errors.refused"
handler404 = "musterroll.portal.errors.not_found"
handler500 = "musterroll.portal.errors.failed"
