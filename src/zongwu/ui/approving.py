"""An approval on the page of its document: the way across the top, what others said, and what this person decides now."""

from __future__ import annotations

import difflib
import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from zongwu.kernel.approvals import conditions, matters, people, signatures
from zongwu.kernel.approvals.matters import MATTERS, Matter
from zongwu.kernel.approvals.models import (
    SIGNATURES,
    Case,
    CaseContent,
    CaseState,
    Copy,
    Decision,
    Said,
    Task,
    TaskState,
)
from zongwu.kernel.approvals.people import Step
from zongwu.kernel.approvals.prescribed import BY_ONE, Mode
from zongwu.kernel.approvals.queries import asked_of, last_case, papers_of
from zongwu.kernel.approvals.running import LIVE
from zongwu.kernel.approvals.submitting import chosen_route
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused

_DO = {Mode.HANDLE: "办好了", Mode.MEETING: "登记决议", Mode.OUTSIDE: "登记批复"}


@dataclass(frozen=True)
class Mark:
    """One person at a stage: whether he signed, is asked now, or comes later."""

    name: str
    icon: str
    look: str


@dataclass
class Stop:
    """One stage as the path draws it."""

    number: int
    name: str
    counted: str
    state: str = ""
    marks: list[Mark] = field(default_factory=list)
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Opinion:
    """What somebody said, with his signature."""

    decision: Decision
    stage: str
    tone: str
    icon: str
    strokes: Sequence[str]
    stale: bool
    """He signed another content than what stands there now."""

    @property
    def local(self) -> datetime:
        return self.decision.at.astimezone(SCHOOL_ZONE)


@dataclass
class Way:
    """Everything that the page of a document shows of its approval."""

    ctx: Ctx
    document: Any
    matter: Matter
    case: Case | None
    steps: list[Step]
    tasks: list[Task]
    decisions: list[Decision]
    problem: str = ""

    @cached_property
    def stops(self) -> list[Stop]:
        return [self._stop(number, step) for number, step in enumerate(self.steps, start=1)]

    def _stop(self, number: int, step: Step) -> Stop:
        here = [task for task in self.tasks if task.stage_id == step.id and task.state in LIVE]
        stop = Stop(number, step.name, step.mode.label)
        stop.note = conditions.spoken(step.condition, self.matter.asks)
        if self.case is None or (not here and self.case.stage_id != step.id):
            names = self._expected(step)
            names = [" 或 ".join(names)] if step.mode in (Mode.ONE, *BY_ONE) else names
            stop.marks = [Mark(name, "clock", "dim") for name in names]
            return stop
        seats: dict[tuple[int, int], list[Task]] = {}
        for task in here:
            seats.setdefault((task.host_id or 0, task.place), []).append(task)
        signed = sum(any(one.state == TaskState.AGREED for one in seat) for seat in seats.values())
        if step.mode in (Mode.ALL, Mode.TURN):
            stop.counted = f"{stop.counted} {signed}/{len(seats)}"
        stop.state = "now" if self.case.stage_id == step.id else "done"
        stop.marks = [self._mark(task) for seat in seats.values() for task in self._speaking(seat)]
        times = [one.at for one in self.decisions if one.stage_id == step.id and one.said in SIGNATURES]
        stop.at = max(times).astimezone(SCHOOL_ZONE) if times and stop.state == "done" else None
        return stop

    def _expected(self, step: Step) -> list[str]:
        """Who will be asked, as far as it is known today; of many who hold a role, the role."""
        starter = self.case.starter_id if self.case else self.document.applicant_id
        names = []
        for seat in people.seats_at(step, self.matter, self.document, self.ctx.today):
            able = [who for who in seat.people if not people.why_not(step, who.pk, starter, ())]
            label = f"任一{seat.label}" if len(able) > 2 else " 或 ".join(who.name for who in able)
            lacks = "除了申请人没有别人" if seat.people else "没有人"
            names.append(label or f"{seat.label}{lacks}，转给管理员找人")
        return names

    def _speaking(self, seat: Sequence[Task]) -> Sequence[Task]:
        """Of those who could fill a seat, who filled it."""
        return [task for task in seat if task.state == TaskState.AGREED] or seat

    def _mark(self, task: Task) -> Mark:
        you = " 你" if self.ctx.person and task.person_id == self.ctx.person.pk else ""
        added = "（加签）" if task.host_id else "（找人来签）" if task.stand_in else ""
        if task.state == TaskState.AGREED:
            by = (
                f"{task.done_by}（代{task.person}）"
                if task.done_by and task.done_by_id != task.person_id
                else str(task.person)
            )
            return Mark(f"{by}{added}", "check", "ink-ok")
        if task.state == TaskState.OPEN:
            return Mark(f"{task.person}{you}{added}", "player-play", "ink-info heavy" if you else "ink-info")
        return Mark(f"{task.person}{you}{added}", "clock", "dim")

    @cached_property
    def opinions(self) -> list[Opinion]:
        """Newest first; who only passed on or looked is told by the history."""
        names = {step.id: step.name for step in self.steps}
        shown = [one for one in self.decisions if one.said in SIGNATURES or one.opinion]
        current = self.case.hash if self.case else ""
        return [
            Opinion(
                one, names.get(one.stage_id or 0, "申请") if one.said not in (Said.APPLIED, Said.REAPPLIED) else "申请",
                *_LOOKS.get(Said(one.said), ("info", "circle-dashed")), signatures.lines(one.signature) if one.signature else (),
                one.said in SIGNATURES and one.hash != current,
            )
            for one in reversed(shown)
        ]  # fmt: skip

    @cached_property
    def papers(self) -> list[Attachment]:
        """Minutes and replies, which hang on the case."""
        if self.case is None:
            return []
        rows = Attachment.objects.filter(object_kind=Case.kind, object_id=self.case.pk, void_on=None)
        return list(rows.order_by("id"))

    # --- what this person does now -------------------------------------------------------------------------------------

    @cached_property
    def open_tasks(self) -> list[Task]:
        return [task for task in self.tasks if task.state == TaskState.OPEN]

    @cached_property
    def task(self) -> Task | None:
        """The task that this person may do now."""
        if self.case is None or self.step is None or self.case.state != CaseState.RUNNING:
            return None
        return next(iter(asked_of(self.ctx, self.case, self.step, self.open_tasks)), None)

    @cached_property
    def step(self) -> Step | None:
        return next((one for one in self.steps if self.case and one.id == self.case.stage_id), None)

    @property
    def shown(self) -> str:
        """The digest of what stands on this page: what is signed."""
        return matters.content(self.matter, self.document, papers_of(self.document))[1]

    @property
    def do(self) -> str:
        return _DO.get(self.step.mode, "同意") if self.step else "同意"

    @property
    def afterwards(self) -> str:
        """One line on what happens after this signature."""
        step, task = self.step, self.task
        if step is None or task is None:
            return ""
        following = people.following(self.steps, step, self.case.resume_id if self.case else None)
        goes_on = f"就到「{following.name}」" if following else "就办结了"
        others = {
            other.place: str(other.person)
            for other in self.tasks
            if other.stage_id == step.id and other.state in (TaskState.OPEN, TaskState.LATER) and other.place != task.place and not other.host_id
        }  # fmt: skip
        if step.mode in (Mode.ALL, Mode.TURN) and others:
            return f"您签完还差{'、'.join(others.values())} {len(others)} 人，签齐{goes_on}。"
        return f"您{'登记' if step.mode in (Mode.MEETING, Mode.OUTSIDE) else '办' if step.mode == Mode.HANDLE else '签'}完{goes_on}。"

    @property
    def is_starter(self) -> bool:
        return bool(self.case and self.ctx.person and self.case.starter_id == self.ctx.person.pk)

    @property
    def may_reassign(self) -> bool:
        return bool(self.case and self.case.state == CaseState.RUNNING and self.ctx.may("approvals.reassign"))

    @property
    def waits_for(self) -> str:
        return "、".join(dict.fromkeys(str(task.person) for task in self.open_tasks))

    @cached_property
    def changed(self) -> list[str]:
        """What became different between the content that was last signed before and the present one, line by line."""
        now = self.case.hash if self.case else ""
        former = next((one.hash for one in reversed(self.decisions) if one.said in SIGNATURES and one.hash != now), "")
        if not former:
            return []
        bodies = dict(CaseContent.objects.filter(case=self.case, hash__in=(former, now)).values_list("hash", "body"))
        return list(difference(bodies[former], bodies[now]))

    @cached_property
    def copy(self) -> Copy | None:
        """A copy to this person that he has not acknowledged."""
        if self.case is None or self.ctx.person is None:
            return None
        found: Copy | None = Copy.objects.filter(case=self.case, person=self.ctx.person, read_at=None).first()
        return found

    @cached_property
    def copies(self) -> list[Copy]:
        return list(Copy.objects.filter(case=self.case).select_related("person").order_by("id")) if self.case else []


_LOOKS = {
    Said.APPLIED: ("info", "send"), Said.REAPPLIED: ("info", "send"), Said.AGREED: ("ok", "check"), Said.HANDLED: ("ok", "check"),
    Said.RESOLVED: ("ok", "users"), Said.REPLIED: ("ok", "file-certificate"), Said.CARRIED: ("neutral", "player-skip-forward"),
    Said.REFUSED: ("bad", "x"), Said.RETURNED: ("back", "arrow-back-up"), Said.ADDED: ("info", "user-plus"),
    Said.PASSED: ("info", "user-share"), Said.ASKED_BACK: ("warn", "arrow-back-up"), Said.WITHDREW: ("back", "arrow-back-up"),
    Said.CONSENTED: ("back", "arrow-back-up"),    Said.KEPT: ("neutral", "x"),
}  # fmt: skip


def difference(old: str, new: str) -> Iterator[str]:
    """Two contents, compared as people read them: `原因：坏了 → 修不了`, `去掉 …`, `加上 …`."""
    before, after = json.loads(old), json.loads(new)
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name, ""), after.get(name, "")
        if one == other:
            continue
        if isinstance(one, list) or isinstance(other, list):
            for line in difflib.ndiff([*map(matters.words, one or ())], [*map(matters.words, other or ())]):
                if line[:2] in ("- ", "+ "):
                    yield f"{'去掉' if line[0] == '-' else '加上'} {line[2:]}"
        else:
            yield f"{name}：{one or '空'} → {other or '空'}"


def way_of(ctx: Ctx, row: Any) -> Way | None:
    """The approval of a document, or that which a case was: as it runs, or as it would run if it were submitted now."""
    case = row if isinstance(row, Case) else last_case(row)
    matter = MATTERS.get(row.matter) if isinstance(row, Case) else matters.of(row)
    if matter is None:
        return None
    document = matter.load(row.object_id if isinstance(row, Case) else row.pk)
    if case is not None and not (
        row is not case and document.may_change and case.state in (CaseState.WITHDRAWN, CaseState.REFUSED)
    ):
        steps = people.path(people.steps_of(case.route_id, ctx.today), case.facts)
        tasks = list(Task.objects.filter(case=case).select_related("person", "done_by").order_by("id"))
        said = Decision.objects.filter(case=case).select_related("person", "stands_for").order_by("id")
        return Way(ctx, document, matter, case, steps, tasks, list(said))
    if case is None and not document.may_change:
        return None  # it needed nobody
    facts = matter.facts(document, ctx.today)
    try:
        steps = people.path(people.steps_of(chosen_route(matter, facts), ctx.today), conditions.kept(facts))
        problem = ""
    except Refused as no:
        steps, problem = [], str(no)
    return Way(ctx, document, matter, None, steps, [], [], problem)


def device_of(request: HttpRequest) -> str:
    """A keyed digest of address and browser: the same device is recognised, nothing else can be read from it."""
    words = f"{request.META.get('REMOTE_ADDR', '')}\n{request.META.get('HTTP_USER_AGENT', '')}"
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).hexdigest()[:12]
