"""The four boxes of the to-do page (待我处理、我发起的、抄送我的、已处理), and signing several of one kind together."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
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
from zongwu.ui.case_screens import TONES
from zongwu.ui.choices import numbers
from zongwu.ui.request import SchoolRequest, page

BOXES = {"mine": "待我处理", "started": "我发起的", "copied": "抄送我的", "done": "已处理"}
MOST = 100
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
    return rows.select_related("case__starter", "case__stage", "stage").order_by("due_on", "id")


def waiting_count(ctx: Ctx) -> int:
    return open_tasks(ctx).values("case").distinct().count()


def counts(ctx: Ctx) -> list[tuple[str, str, int]]:
    """(box, its name, how many); of what is done only that there is some is worth knowing, so it is not counted."""
    unread = Copy.objects.filter(person=ctx.person, read_at=None).count()
    running = Case.objects.live().filter(starter=ctx.person).count()
    return [
        (key, name, {"mine": waiting_count(ctx), "started": running, "copied": unread}.get(key, 0))
        for key, name in BOXES.items()
    ]


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
    facts: dict[str, Any]
    lines: Sequence[str]
    """The first rows of its list."""
    more: int


@page(SIGN)
def together(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """GET shows the chosen cases of one kind with their total; POST agrees to each, one transaction each."""
    given = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(ctx, numbers(given.getlist("ids")))
    outcomes: list[tuple[Line, list[str]]] = []
    if request.method == "POST":
        for one in chosen:
            problems: list[str] = []
            try:
                actions.agree(
                    ctx.keyed(f"{request.POST.get('key', '')[:40]}:{one.line.case.pk}"), one.line.case.pk,
                    shown=request.POST.get(f"shown-{one.line.case.pk}", ""), opinion=request.POST.get("opinion", "")[:300],
                    signature=request.POST.get("signature", ""), device=device_of(request),
                )  # fmt: skip
            except Refused as no:
                problems = list(no.problems)
            except (Forbidden, Missing) as no:
                problems = [str(no)]
            outcomes.append((one.line, problems))
    total = sum((one.line.case.amount for one in chosen), Decimal(0))
    shown = {
        "chosen": chosen, "total": total, "matter": MATTERS[chosen[0].line.case.matter], "key": secrets.token_urlsafe(16),
        "outcomes": outcomes, "signed": any(one.line.case.stage and one.line.case.stage.signed for one in chosen),
    }  # fmt: skip
    return TemplateResponse(request, "ui/together.html", shown)


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
    found = []
    for pk in ids:
        case = tasks[pk].case
        matter = MATTERS[case.matter]
        document = matter.load(case.object_id)
        digest = matters.content(matter, document, papers_of(document))[1]
        facts = {name: value for name, value in matter.shown(document).items() if name != "lines" and value}
        rows = list(matter.shown(document).get("lines", ()))
        found.append(Chosen(_line(ctx, case, tasks[pk].due_on), digest, facts, rows[:FEW], max(len(rows) - FEW, 0)))
    return found


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
