"""Personal data that is needed no longer: details of the journal erased by an entry, old drafts and keys cleaned away.

The chain covers a detail only by its salted hash, so that it still verifies when the detail is gone. What an entry
`privacy.erase` names among its subjects is erased in the same transaction; the database refuses every other erasure.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q

from zongwu.kernel import attachments, clock
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import IdempotencyKey, action, create_action
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.journal import JournalDetail, JournalEntry, Touched
from zongwu.kernel.scope import School, SchoolModel, Scoped, ScopedQuerySet, active
from zongwu.kernel.transfer.runs import KINDS, ImportRow, ImportRun

KEPT = timedelta(days=90)
"""How long what is needed no longer may still be asked for."""
ERASE = "privacy.erase"
State = ImportRun.State


class PurgeQuerySet(ScopedQuerySet):
    reads = "privacy.erase_details"


class Purge(SchoolModel):
    """One cleaning away, with what it took."""

    kind = "purge"

    at = models.DateTimeField("时间")
    runs = models.PositiveIntegerField("导入的原始行")
    keys = models.PositiveIntegerField("提交凭据")
    files = models.PositiveIntegerField("文件")

    objects: ClassVar[Any] = Scoped.from_queryset(PurgeQuerySet)()

    class Meta(SchoolModel.Meta):
        verbose_name = "清理"

    def __str__(self) -> str:
        return f"{clock.day_of(self.at)} 的清理"


# --- one person's details --------------------------------------------------------------------------------------------


@action(Person, label="抹去个人详情", permission="privacy.erase_details", icon="eraser",
        available=lambda person: person.left_on is not None, refusal="{row} 还在校，离校以后才能抹去。",
        confirm="电话、证件号和日志里写到本人的详情会永久抹去，不能恢复；姓名和办过的事还在，日志仍可核对。")  # fmt: skip
def erase_details(ctx: Ctx, person: Person) -> Person:
    """Telephone, numbers of papers and what the journal says in words about somebody who has left."""
    kept = any((person.phone, person.id_card_tail, person.id_card_hash))
    person.phone = person.id_card_tail = person.id_card_hash = ""
    person.save(update_fields=["phone", "id_card_tail", "id_card_hash"])
    erase_about(ctx, person, more=kept)
    return person


def erase_about(ctx: Ctx, row: SchoolModel, *, more: bool = False) -> None:
    """Erase what imports said of the row, and journal that the details of every entry about it are erased; `carry_out` does it once the entry stands.

    :raises Refused: there is nothing to erase, unless `more` was erased beside it.
    """
    about = Q(subjects__object_kind=row.kind, subjects__object_id=row.pk, subjects__role="subject")
    kinds = [name for name, kind in KINDS.items() if kind.model.kind == row.kind]
    staged = ImportRow.objects.filter(run__sheet_kind__in=kinds, object_id=row.pk)
    more = bool(staged.update(record=None, before=None, notes=[], reasons=[])) or more
    entries = list(JournalEntry.objects.filter(about, detail__erased_by=None, detail__isnull=False).order_by("id"))
    if not entries and not more:
        raise Refused(f"{row} 没有可以抹去的详情。")
    ctx.journal(row, ERASE, entries=len(entries), also=[(entry, "erased") for entry in entries])


def carry_out(ctx: Ctx, entry: JournalEntry, touched: Sequence[Touched]) -> None:
    """What an entry says is erased, is erased; registered in `actions.after_journal`."""
    if entry.verb == ERASE:
        named = [one.object_id for one in touched if one.kind == JournalEntry.kind]
        details = JournalDetail.objects.filter(entry__in=named, erased_by=None)
        details.update(salt=None, body=None, erased_by=entry)


# --- what has outlived its use ---------------------------------------------------------------------------------------


def purge_if_due(school: School, now: datetime | None = None) -> bool:
    """Clean away what is older than 90 days; tells whether there was anything. Called daily, and when serving begins."""
    ctx = Ctx.system("schedule", school, now=now)
    with active(school):
        due = any(rows.exists() for rows in (_keys(ctx), _runs(ctx), _papers(ctx)))
    if due:
        purge(ctx)
    return due


@create_action(Purge, label="清理过期数据", permission="privacy.purge", hidden=True)
def purge(ctx: Ctx) -> Purge:
    """Idempotency keys, the cells of staged rows, and files that nothing shows any more.

    Of an import stays what became of each row; of one that is written also what an undo needs. One that nobody wrote
    can be written no more.
    """
    keys, _ = _keys(ctx).delete()
    runs, papers = list(_runs(ctx)), list(_papers(ctx))
    rows = ImportRow.objects.filter(run__in=runs)
    rows.update(notes=[], reasons=[])
    # by its content a row without a number is known again
    unnumbered = rows.filter(run__state=State.APPLIED, record__no_assigned=True)
    rows.exclude(pk__in=unnumbered.values("pk")).update(record=None)
    rows.exclude(run__state=State.APPLIED).update(before=None)
    changed = ImportRun.objects.filter(pk__in=[run.pk for run in runs])
    changed.filter(state=State.READ).update(state=State.EXPIRED)
    changed.update(purged_on=ctx.today)
    Attachment.objects.filter(pk__in=[paper.pk for paper in papers]).update(purged_on=ctx.today)
    files = _drop_files(ctx, {run.sha256 for run in runs} | {paper.sha256 for paper in papers})
    done: Purge = Purge.objects.create(school=ctx.school, at=ctx.now, runs=len(runs), keys=keys, files=files)
    also = [(row, "purged") for row in (*runs, *papers)]
    ctx.journal(done, "privacy.purged", runs=len(runs), keys=keys, files=files, also=also)
    return done


def _keys(ctx: Ctx) -> models.QuerySet[IdempotencyKey]:
    rows: models.QuerySet[IdempotencyKey] = IdempotencyKey.objects.filter(at__lt=ctx.now - KEPT)
    return rows


def _runs(ctx: Ctx) -> models.QuerySet[ImportRun]:
    """Imports that were read, written or taken back so long ago, whichever came last."""
    before = ctx.now - KEPT
    ended = (
        Q(state=State.READ, read_at__lt=before)
        | Q(state=State.APPLIED, applied_at__lt=before)
        | Q(state=State.UNDONE, undone_at__lt=before)
    )
    rows: models.QuerySet[ImportRun] = ImportRun.objects.filter(ended, purged_on=None).order_by("id")
    return rows


def _papers(ctx: Ctx) -> models.QuerySet[Attachment]:
    """Papers that were taken off so long ago."""
    rows: models.QuerySet[Attachment] = Attachment.objects.filter(
        void_on__lt=clock.day_of(ctx.now - KEPT), purged_on=None
    ).order_by("id")
    return rows


def _drop_files(ctx: Ctx, digests: Iterable[str]) -> int:
    """Remove stored bytes, once the transaction holds, that no paper and no import still needs."""
    unused = set(digests)
    for model in (Attachment, ImportRun):
        unused -= set(model.objects.filter(sha256__in=unused, purged_on=None).values_list("sha256", flat=True))
    paths = [attachments.place_of(ctx.school.pk, sha) for sha in sorted(unused)]
    transaction.on_commit(lambda: _remove(paths))
    return len(paths)


def sweep(school: School, now: datetime | None = None) -> None:
    """Remove stored bytes to which no row ever came: what was uploaded with a form that was refused."""
    folder = attachments.place_of(school.pk, "00").parent.parent
    stored = {path.name: path for path in folder.glob("*/*")} if folder.exists() else {}
    with active(school):
        for model in (Attachment, ImportRun):
            for known in model.objects.values_list("sha256", flat=True).iterator(chunk_size=5000):
                stored.pop(known, None)
    _remove(stored.values())


def _remove(paths: Iterable[Path]) -> None:
    """Not what somebody uploaded again just now: its row may not be written yet (`attachments.store`)."""
    for path in paths:
        if path.exists() and path.stat().st_mtime < time.time() - 86400:
            path.unlink()
