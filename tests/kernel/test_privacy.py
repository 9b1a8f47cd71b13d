"""Details that are erased, and what is cleaned away after ninety days: the chain holds, the rest stays."""

import os
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import TestCase

from tests.world import NOW, World
from zongwu.kernel import attachments, journal, scope
from zongwu.kernel.actions import ACTIONS, IdempotencyKey, action
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.errors import Forbidden, Refused
from zongwu.kernel.journal import JournalDetail, JournalEntry
from zongwu.kernel.privacy import KEPT, Purge, erase_details, purge_if_due
from zongwu.kernel.transfer.runs import ImportRow, ImportRun
from zongwu.school.actions import erase_pupil_details, leave_school
from zongwu.school.models import Pupil
from zongwu.ui.actions import attach_file, void_attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def note():
    """A verb that says something in words about a person, as domains have them."""

    def noted(ctx, row, *, text):
        """Note something."""
        ctx.journal(row, "test.noted", detail={"备注": text})
        return row

    made = []

    def run(world: World, row, text: str) -> JournalEntry:
        model = type(row)
        if "noted" not in ACTIONS:
            made.append(action(model, label="记", permission="test.note", hidden=True)(noted))
        made[0](world.system(), row, text=text)
        with scope.active(world.school):
            return JournalEntry.objects.latest("id")

    yield run
    ACTIONS.pop("noted", None)


def body(world: World, entry: JournalEntry) -> str | None:
    with scope.active(world.school):
        return JournalDetail.objects.get(entry=entry).body


def test_what_is_said_of_somebody_who_left_is_erased_and_the_chain_holds(world: World, note) -> None:
    worker, head = world.people["worker"], world.people["head"]
    mine, other = note(world, worker, "家住南街"), note(world, head, "家住北街")
    with pytest.raises(Refused, match="还在校"):
        erase_details(world.ctx("administrator"), worker)
    leave_school(world.ctx("head"), worker, on=NOW.date())
    with pytest.raises(Forbidden):
        erase_details(world.ctx("head"), worker)
    erase_details(world.ctx("administrator"), worker)
    assert body(world, mine) is None
    assert body(world, other) is not None
    with scope.active(world.school):
        assert list(journal.verify(world.school.pk)) == []
        assert journal.history("entry", mine.pk)[0].entry.verb == "privacy.erase"
    with pytest.raises(Refused, match="没有可以抹去"):
        erase_details(world.ctx("administrator"), worker)


def test_telephone_and_papers_go_with_it(world: World) -> None:
    worker = world.people["worker"]
    worker.phone, worker.id_card_tail = "13800000000", "0012"
    with scope.active(world.school):
        worker.save()
    leave_school(world.ctx("head"), worker, on=NOW.date())
    erased = erase_details(world.ctx("administrator"), worker)
    assert (erased.phone, erased.id_card_tail, erased.name) == ("", "", "何大庆")


def test_a_pupil_who_left(world: World, note) -> None:
    with scope.active(world.school):
        pupil = Pupil.objects.create(
            school=world.school,
            number="1",
            name="王子涵",
            pinyin="w",
            school_class=world.class_31,
            entered_on=NOW.date(),
        )
    entry = note(world, pupil, "花生过敏")
    with pytest.raises(Refused, match="还在校"):
        erase_pupil_details(world.ctx("administrator"), pupil)
    with scope.active(world.school):
        Pupil.objects.update(left_on=NOW.date())
    erase_pupil_details(world.ctx("administrator"), pupil)
    assert body(world, entry) is None


def test_an_erasing_entry_erases_nothing_that_it_does_not_name(world: World, note) -> None:
    named, other = note(world, world.people["worker"], "一"), note(world, world.people["head"], "二")
    leave_school(world.ctx("head"), world.people["worker"], on=NOW.date())
    erase_details(world.ctx("administrator"), world.people["worker"])
    with scope.active(world.school):
        eraser = JournalEntry.objects.get(verb="privacy.erase")
        assert JournalDetail.objects.get(entry=named).erased_by == eraser
        with pytest.raises(DatabaseError), transaction.atomic():
            JournalDetail.objects.filter(entry=other).update(salt=None, body=None, erased_by=eraser)


def staged(world: World, state: str, days: int) -> ImportRun:
    at = NOW - timedelta(days=days)
    with scope.active(world.school):
        run = ImportRun.objects.create(
            school=world.school, sheet_kind="staff", file_name="名单.xlsx", sha256=f"{state}{days}".ljust(64, "0"), state=state,
            read_at=at, applied_at=at if state != "read" else None, undone_at=at if state == "undone" else None,
        )  # fmt: skip
        ImportRow.objects.create(
            school=world.school, run=run, sheet="1", row=2, disposition="warn", effect="update", reasons=["电话少一位"],
            record={"name": "何大庆"}, notes=[["phone", "warn", "电话少一位", "1380000000"]], before={"phone": "1"},
        )  # fmt: skip
        return run


@pytest.mark.parametrize(("state", "ends", "before"), [("read", "expired", None), ("applied", "applied", {"phone": "1"}), ("undone", "undone", None)])  # fmt: skip
def test_of_an_old_import_stay_the_dispositions(world: World, healthy: None, state, ends, before) -> None:
    old, young = staged(world, state, KEPT.days + 1), staged(world, state, KEPT.days - 1)
    assert purge_if_due(world.school)
    with scope.active(world.school):
        row = ImportRow.objects.get(run=old)
        assert (row.record, row.notes, row.reasons, row.before, row.disposition) == (None, [], [], before, "warn")
        assert ImportRun.objects.get(pk=old.pk).state == ends
        assert ImportRow.objects.get(run=young).record == {"name": "何大庆"}
        assert JournalEntry.objects.get(verb="privacy.purged").read_facts()["runs"] == 1
    assert not purge_if_due(world.school)


def test_old_keys_go(world: World) -> None:
    with scope.active(world.school):
        for number, days in enumerate((KEPT.days + 1, KEPT.days - 1)):
            IdempotencyKey.objects.create(
                school=world.school, actor="member:1", key=str(number), action="x", at=NOW - timedelta(days=days)
            )
    assert purge_if_due(world.school)
    with scope.active(world.school):
        assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["1"]
        assert Purge.objects.get().keys == 1


def test_the_file_of_a_paper_goes_ninety_days_after_it_was_taken_off(world: World) -> None:
    sha, media, size = attachments.keep(world.school.pk, "a.pdf", b"%PDF-1.4 gone")
    kept, _, _ = attachments.keep(world.school.pk, "b.pdf", b"%PDF-1.4 stays")
    about = f"asset:{world.projector.pk}"
    for digest, name in ((sha, "a.pdf"), (kept, "b.pdf"), (kept, "c.pdf")):
        attach_file(world.ctx("head"), about=about, name=name, sha256=digest, media_type=media, size=size)
    with scope.active(world.school):
        papers = {paper.name: paper for paper in Attachment.objects.all()}
    for name in ("a.pdf", "b.pdf"):
        void_attachment(world.ctx("head"), papers[name])
    for paper in papers.values():
        os.utime(paper.path, (time.time() - 10 * 86400,) * 2)
    assert not purge_if_due(world.school)
    assert papers["a.pdf"].path.exists()
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert purge_if_due(world.school, now=NOW + KEPT + timedelta(days=1))
    assert not papers["a.pdf"].path.exists()
    assert papers["c.pdf"].path.exists()
