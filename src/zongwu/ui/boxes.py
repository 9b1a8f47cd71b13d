"""The four boxes of the to-do page (待我处理、我发起的、抄送我的、已处理), and signing several of one kind together."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse

from zongwu.kernel.approvals import actions, matters
from zongwu.kernel.approvals.matters import MATTERS
from zongwu.kernel.approvals.models import Case, CaseState, Copy, Task, TaskState, mine
from zongwu.kernel.approvals.prescribed import SIGN, Mode
from zongwu.kernel.approvals.queries import papers_of
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.ui import addresses, paging
from zongwu.ui.approving import device_of
from zongwu.ui.case_forms import TogetherForm
from zongwu.ui.case_screens import TONES
from zongwu.ui.choices import numbers
from zongwu.ui.forms import meet
from zongwu.ui.request import SchoolRequest, page

BOXES = {"mine": "待我处理", "started": "我发起的", "copied": "抄送我的", "done": "已处理"}
MOST = 100
"""So many that wait are shown at once."""
FEW = 3
"""So many rows of a list stand on the page on which several are signed."""


@dataclass(frozen=True)
class Line:
    """One case as a box lists it."""

    case: Case
    url: str
    tone: str
    due_on: date | None = None
    late: bool = False
    unread: bool = False
    together: bool = False
    """May be agreed to with others of its kind."""

    @property
    def local(self) -> datetime:
        return self.case.started_at.astimezone(SCHOOL_ZONE)


def open_tasks(ctx: Ctx) -> QuerySet[Task]:
    """What this person is asked to sign or to do now, also in another's place."""
    if ctx.person is None or not ctx.may(SIGN):
        return Task.objects.none()
    rows: QuerySet[Task] = Task.objects.filter(mine(ctx), state=TaskState.OPEN, case__state=CaseState.RUNNING)
    return rows.select_related("case__starter", "case__stage", "stage").order_by(F("due_on").asc(nulls_last=True), "id")


def waiting_count(ctx: Ctx) -> int:
    return open_tasks(ctx).values("case").distinct().count()


def counts(ctx: Ctx) -> list[tuple[str, str, int]]:
    """(box, its name, how many); of what is done only that there is some is worth knowing, so it is not counted."""
    found = {
        "mine": waiting_count(ctx),
        "started": Case.objects.live().filter(starter=ctx.person).count(),
        "copied": Copy.objects.filter(person=ctx.person, read_at=None).count(),
    }
    return [(key, name, found.get(key, 0)) for key, name in BOXES.items()]


def lines_of(ctx: Ctx, box: str, after: str = "", before: str = "") -> tuple[list[Line], Any]:
    """The lines of a box, and the page for going on."""
    if box == "mine":
        seen: dict[int, Line] = {}
        for task in open_tasks(ctx)[:MOST]:
            together = MATTERS[task.case.matter].batch and _plain(task)
            seen.setdefault(task.case_id, _line(ctx, task.case, task.due_on, together=together))
        return list(seen.values()), None
    rows = Case.objects.visible_to(ctx).select_related("starter", "stage")
    if box == "started":
        rows = rows.filter(starter=ctx.person)
    elif box == "copied":
        rows = rows.filter(pk__in=Copy.objects.filter(person=ctx.person).values("case"))
        rows = rows.annotate(unread=Exists(Copy.objects.filter(case=OuterRef("pk"), person=ctx.person, read_at=None)))
    else:
        acted = (TaskState.AGREED, TaskState.REFUSED, TaskState.RETURNED, TaskState.PASSED)
        rows = rows.filter(pk__in=Task.objects.filter(done_by=ctx.person, state__in=acted).values("case"))
    found = paging.page_of(rows, "-started_at", 50, after=after, before=before)
    return [_line(ctx, case, unread=getattr(case, "unread", False)) for case in found.rows], found


def _plain(task: Task) -> bool:
    """A signature without minutes, reply or stand-in: what several can be given of at once."""
    return task.stage.mode in (Mode.ONE, Mode.ALL, Mode.TURN) and not task.stand_in


def _line(ctx: Ctx, case: Case, due_on: date | None = None, **more: bool) -> Line:
    url = addresses.ref_url(ctx.school, f"{case.object_kind}:{case.object_id}") or addresses.url_of(ctx.school, case)
    return Line(case, url, TONES.get(case.state, "neutral"), due_on, bool(due_on and due_on < ctx.today), **more)


def grouped(lines: Sequence[Line]) -> list[tuple[str, str, list[Line]]]:
    """By kind of document: (code, label, lines)."""
    ordered = sorted(lines, key=lambda line: line.case.matter)
    return [
        (code, MATTERS[code].label, list(some)) for code, some in groupby(ordered, key=lambda line: line.case.matter)
    ]


@dataclass(frozen=True)
class Chosen:
    """One case that is to be agreed to, with the digest of what is shown of it."""

    line: Line
    shown: str
    facts: dict[str, str]
    rows: Sequence[str]
    """The first rows of its list."""
    more: int


@page(SIGN)
def together(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """GET shows the chosen cases of one kind with their total; POST agrees to each, one transaction each."""
    if request.method == "POST":
        return TemplateResponse(request, "ui/together.html", {"outcomes": _agreed(request, ctx)})
    chosen = _chosen(ctx, numbers(request.GET.getlist("ids")))
    form = TogetherForm(signed=any(one.line.case.stage and one.line.case.stage.signed for one in chosen))
    meet(form, ctx, None)
    given = {
        "chosen": chosen, "matter": MATTERS[chosen[0].line.case.matter], "form": form, "key": secrets.token_urlsafe(16),
        "total": sum((one.line.case.amount for one in chosen), Decimal(0)),
    }  # fmt: skip
    return TemplateResponse(request, "ui/together.html", given)


def _agreed(request: SchoolRequest, ctx: Ctx) -> list[tuple[Line, list[str]]]:
    """Each case with what is wrong with it; pressed twice, each key gives the outcome of the first press."""
    said = request.POST
    ids = numbers(said.getlist("ids"))[:MOST]
    batches = [matter.code for matter in MATTERS.values() if matter.batch]
    outcomes = []
    for case in Case.objects.visible_to(ctx).filter(pk__in=ids, matter__in=batches).order_by("id"):
        problems: list[str] = []
        try:
            actions.agree(
                ctx.keyed(f"{said.get('key', '')[:40]}:{case.pk}"), case.pk, shown=said.get(f"shown-{case.pk}", ""),
                opinion=said.get("opinion", "")[:300], signature=said.get("signature", ""), device=device_of(request),
            )  # fmt: skip
        except Refused as no:
            problems = list(no.problems)
        except (Forbidden, Missing) as no:
            problems = [str(no)]
        outcomes.append((_line(ctx, case), problems))
    if not outcomes:
        raise Refused("还没有选中要一起同意的单子，请回待办在左边打勾。")
    return outcomes


def _chosen(ctx: Ctx, ids: Sequence[int]) -> list[Chosen]:
    if not ids:
        raise Refused("还没有选中要一起同意的单子，请在左边打勾。")
    tasks = {task.case_id: task for task in open_tasks(ctx).filter(case__in=ids)[:MOST]}
    if len(tasks) != len(ids):
        raise Refused("选中的单子里有已经办过或不用您签的，请回到待办重新选。")
    kinds = {task.case.matter for task in tasks.values()}
    if len(kinds) > 1 or not MATTERS[next(iter(kinds))].batch:
        raise Refused("只能把同一种、允许成批同意的单子放在一起签。")
    if not all(map(_plain, tasks.values())):
        raise Refused("选中的单子里有要登记纪要、批复或要转交的，请一张一张办。")
    return [_card(ctx, tasks[pk]) for pk in ids]


def _card(ctx: Ctx, task: Task) -> Chosen:
    matter = MATTERS[task.case.matter]
    document = matter.load(task.case.object_id)
    body = matter.shown(document)
    rows = list(body.get("lines", ()))
    return Chosen(
        _line(ctx, task.case, task.due_on),
        matters.content(matter, document, papers_of(document))[1],
        {name: matters.words(value) for name, value in body.items() if name != "lines" and value},
        [matters.words(row) for row in rows[:FEW]],
        max(len(rows) - FEW, 0),
    )


@page(SIGN)
def read(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """POST acknowledges a copy."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    copy = actions.read_copy(ctx, pk)
    case = copy.case
    return HttpResponseRedirect(
        addresses.ref_url(ctx.school, f"{case.object_kind}:{case.object_id}") or addresses.named(ctx.school, "todo")
    )
