"""Reads of approvals that pages and other domains use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals.models import (
    SIGNATURES,
    Case,
    CaseState,
    Decision,
    Deputy,
    Document,
    Task,
    TaskState,
)
from zongwu.kernel.approvals.people import Step
from zongwu.kernel.approvals.prescribed import OFFICE_WORK
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused


def asked_of(ctx: Ctx, case: Case, step: Step, tasks: Sequence[Task]) -> list[Task]:
    """Which of a stage's tasks this person is asked: his own, and where none of them is open those of whom he deputises for.

    Nobody decides on his own request in another's place.
    """
    own = [task for task in tasks if ctx.person and task.person_id == ctx.person.pk]
    if any(task.state == TaskState.OPEN for task in own) or ctx.person is None:
        return own
    if ctx.person.pk == case.starter_id and step.mode not in OFFICE_WORK:
        return own
    deputises = Deputy.objects.on(ctx.today).filter(deputy=ctx.person)
    stands_for = set(deputises.values_list("person_id", flat=True))
    return own + [task for task in tasks if task.person_id in stands_for]


def last_signature(ctx: Ctx) -> str:
    """The strokes with which this person signed last, to be offered again."""
    found = Decision.objects.filter(person=ctx.person).exclude(signature="").order_by("-id")
    return found.values_list("signature", flat=True).first() or "" if ctx.person else ""


def papers_of(document: Any) -> list[tuple[str, str]]:
    """Name and digest of each paper that hangs on a document."""
    papers = Attachment.objects.filter(object_kind=document.kind, object_id=document.pk, void_on=None)
    return list(papers.values_list("name", "sha256"))


def last_case(document: Any) -> Case | None:
    """The newest case of a document."""
    found: Case | None = (
        Case.objects.filter(object_kind=document.kind, object_id=document.pk)
        .select_related("stage", "starter", "route")
        .order_by("-id")
        .first()
    )
    return found


def waiting_for(person: Person) -> str:
    """What waits for somebody's signature when he leaves, in words; empty when nothing does."""
    waits = Task.objects.filter(person=person, state=TaskState.OPEN, case__state=CaseState.RUNNING)
    count = waits.values("case").distinct().count()
    return f"还有 {count} 张单子等着签" if count else ""


def refuse_while_signing(row: Any, paper: Attachment | None = None) -> None:
    """Before a paper is hung on a record, or `paper` is taken off it: what was shown to those who signed stays as it is.

    What has been approved takes later papers (the receipt of the treasury), and only those can be taken off again.

    :raises Refused: the row is under approval or settled.
    """
    if isinstance(row, Case):
        raise Refused("纪要和批复是随着登记附上的，不能另外增减。")
    if not isinstance(row, Document) or row.may_change:
        return
    case = last_case(row) if row.state == Document.State.APPROVED else None
    if case is None or case.ended_at is None or (paper is not None and paper.added_at <= case.ended_at):
        what = "正在审批" if row.state == Document.State.RUNNING else "已经办结"
        raise Refused(f"{row} {what}，签过字的附件不能再增减。要改，请先撤回或请审批人退回。")


def signed_by(case: Case) -> list[Decision]:
    """Every signature that stands, in order, with names; of applications the last."""
    still = Q(task=None) | Q(task__state=TaskState.AGREED)  # what was signed again later is history
    rows = Decision.objects.filter(still, case=case, said__in=SIGNATURES).select_related(
        "person", "stands_for", "stage"
    )
    found = list(rows.order_by("id"))
    applied = [one for one in found if one.task_id is None]
    return [one for one in found if one.task_id is not None or one is applied[-1]]
