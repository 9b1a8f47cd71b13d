"""How a case moves: it begins, a stage opens, somebody decides, the next stage opens, it ends. Steps of the actions.

The case is locked by the action; everything else of it is read after that, so nobody decides on what is past.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from zongwu.kernel import notify
from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals import matters, people, signatures
from zongwu.kernel.approvals.flow import Flow, Item
from zongwu.kernel.approvals.matters import MATTERS
from zongwu.kernel.approvals.models import (
    Case,
    CaseState,
    Copy,
    Decision,
    Deputy,
    Document,
    Said,
    Task,
    TaskState,
)
from zongwu.kernel.approvals.people import Part, Step, Who
from zongwu.kernel.approvals.prescribed import BY_ONE, Mode
from zongwu.kernel.approvals.queries import asked_of, papers_of
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Conflict, Refused

LIVE = (TaskState.LATER, TaskState.OPEN, TaskState.AGREED)
"""Tasks that count; the others are history."""


class Run:
    """A case under the hands of one person: what there is of it, and what becomes of it."""

    def __init__(self, ctx: Ctx, case: Case, document: Any = None) -> None:
        assert ctx.person is not None, "somebody decides, not the system"
        self.ctx, self.case, self.me = ctx, case, ctx.person
        self.matter = MATTERS[case.matter]
        self.document: Any = self.matter.load(case.object_id) if document is None else document
        self.body, self.hash = matters.content(self.matter, self.document, papers_of(self.document))
        self.steps = people.path(people.steps_of(case.route_id, ctx.today), case.facts)
        self.tasks: list[Task] = []
        if case.pk:
            self.tasks = list(Task.objects.filter(case=case).select_related("person").order_by("id"))
        self._changed: dict[int, Task] = {}
        self._fresh: list[Task] = []
        self._decisions: list[Decision] = []
        self._replaced: list[tuple[Task, Task]] = []
        self.told: list[int] = []

    # --- what there is -------------------------------------------------------------------------------------------------

    @property
    def step(self) -> Step:
        """The stage at which the case stands."""
        return next(one for one in self.steps if one.id == self.case.stage_id)

    def at(self, stage_id: int | None) -> list[Task]:
        """The tasks of a stage that count, fresh ones too."""
        return [t for t in (*self.tasks, *self._fresh) if t.stage_id == stage_id and t.state in LIVE]

    def mine(self) -> Task:
        """The task that this person may do now: his own before one that he does for another.

        :raises Refused: it is not his turn, or not his at all.
        """
        asked = asked_of(self.ctx, self.case, self.step, self.at(self.case.stage_id))
        for task in asked:
            if task.state == TaskState.OPEN:
                return task
        if any(task.state == TaskState.AGREED for task in asked):
            raise Refused("这一步您已经签过了，等其他人签完就到下一步。")
        if asked:
            raise Refused("还没轮到您，前面的人签完会通知您。")
        raise Refused(f"现在在「{self.step.name}」，不用您签；您看到的可能是旧页面，请刷新。")

    def parts(self) -> list[Part]:
        """Who did what for the document so far."""
        duty = {one.id: one.duty for one in self.steps}
        parts = [Part(self.case.starter_id, "apply")]
        for task in self.tasks:
            if task.state == TaskState.AGREED and task.stage_id in duty and task.stage_id != self.case.stage_id:
                parts += [Part(who, duty[task.stage_id]) for who in (task.person_id, task.done_by_id) if who]
        return parts

    def same_as_shown(self, shown: str) -> None:
        """:raises Conflict: what the person was shown is not what there is now."""
        if self.hash != self.case.hash:
            raise Conflict("单子或附件在提交以后被改过，和前面的人签的不是同一份。请退回申请人重新提交。")
        if shown != self.hash:
            raise Conflict("您打开的是旧内容，单子后来改过。请刷新，看过现在的内容再签。")

    def may_sign(self, task: Task) -> None:
        """:raises Refused: who signs may not, for this document; a deputy less than whom he stands for; nobody fills two seats."""
        if {self.me.pk, task.person_id} & self.signed_here(but=task):
            raise Refused("这一步您已经签过一个名了，一个人不能签两个位置。请转交给别人。")
        for person in {self.me.pk, task.person_id}:
            if why := people.why_not(self.step, person, self.case.starter_id, self.parts()):
                who = "您" if person == self.me.pk else str(task.person)
                raise Refused(f"{who}{why}。请转交给别人。")

    def signed_here(self, but: Task | None = None) -> set[int]:
        """Who has signed another seat of this stage already, as himself or for somebody."""
        done = [t for t in self.at(self.case.stage_id) if t.state == TaskState.AGREED]
        seats = [t for t in done if but is None or (t.host_id, t.batch, t.place) != (but.host_id, but.batch, but.place)]
        return {who for task in seats for who in (task.person_id, task.done_by_id) if who}

    # --- what becomes of it --------------------------------------------------------------------------------------------

    def say(self, said: Said, task: Task | None = None, **more: Any) -> Decision:
        """Note a decision; they are written together."""
        stands_for = task.person_id if task and task.person_id != self.me.pk else None
        if more.get("signature"):
            more["signature"] = signatures.clean(more["signature"])
        stage = task.stage_id if task else None if said in (Said.APPLIED, Said.REAPPLIED) else self.case.stage_id
        decision = Decision(
            school=self.ctx.school, case=self.case, stage_id=stage, task=task, said=said,
            person=self.me, stands_for_id=stands_for, at=self.ctx.now, hash=self.hash, **more,
        )  # fmt: skip
        self._decisions.append(decision)
        return decision

    def done(self, task: Task, state: TaskState) -> None:
        """This person did the task, which may be another's."""
        task.done_by, task.hash = self.me, self.hash
        self.turn(task, state)

    def turn(self, task: Task, state: TaskState) -> None:
        task.state = state
        if task.pk:
            self._changed[task.pk] = task

    def add(self, stage_id: int, person: int, **more: Any) -> Task:
        task = Task(school=self.ctx.school, case=self.case, stage_id=stage_id, person_id=person, **more)
        self._fresh.append(task)
        return task

    def replace(self, task: Task, person: int, **more: Any) -> Task:
        """The same task once more, for this person: in its seat, and with whoever was asked to sign around it."""
        fresh = self.add(
            task.stage_id, person, place=task.place, host=task.host, position=task.position, batch=task.batch, mode=task.mode,
            due_on=task.due_on, **more,
        )  # fmt: skip
        self._replaced.append((task, fresh))
        return fresh

    def open(self, step: Step) -> None:
        """Enter a stage: find its people, leave out who may not, carry over who signed before.

        Nobody found: to the administrator, who finds somebody and does not sign himself.
        """
        self.case.stage_id = step.id
        waiting = [t for t in self.at(step.id) if t.state == TaskState.LATER]
        if waiting:  # back from a return: those who signed keep their signature
            return
        starter, parts = self.case.starter_id, self.parts()
        due = self.ctx.today + timedelta(days=step.days) if step.days else None
        seats = [
            [who for who in seat.people if not people.why_not(step, who.pk, starter, parts)]
            for seat in people.seats_at(step, self.matter, self.document, self.ctx.today)
        ]
        if step.mode == Mode.COPY:
            self.copy(who.pk for able in seats for who in able)
            return
        taken = set[int]()
        for place, able in sorted(
            enumerate(seats), key=lambda pair: len(pair[1])
        ):  # who can fill one seat only, fills it
            free = [who for who in able if who.pk not in taken]
            taken |= {who.pk for who in free}
            for who in free:
                self._seated(step, place, who, due)
            if not free and step.mode in (Mode.ALL, Mode.TURN):
                self._to_administrators(step, place, due)
        if step.mode in (Mode.ONE, *BY_ONE) and not taken:
            self._to_administrators(step, 0, due)

    def _seated(self, step: Step, place: int, who: Who, due: Any) -> None:
        """A task for one person; done already where he applied jointly, or signed the same content for the same duty before."""
        task = self.add(step.id, who.pk, place=place, due_on=due)
        if step.joint and who.pk == self.case.starter_id:
            task.done_by, task.hash, task.state = self.me, self.hash, TaskState.AGREED
        elif step.mode in (Mode.ONE, Mode.ALL, Mode.TURN) and not step.signed and self._signed_before(step, who.pk):
            task.done_by_id, task.hash, task.state = who.pk, self.hash, TaskState.AGREED
            self._carried(task, step)

    def _signed_before(self, step: Step, person: int) -> bool:
        """Whether he himself signed this very content for the same duty."""
        same = {one.id for one in self.steps if one.duty == step.duty}
        return any(
            task.state == TaskState.AGREED and task.stage_id in same and task.hash == self.hash and task.person_id == task.done_by_id == person
            for task in self.tasks
        )  # fmt: skip

    def _to_administrators(self, step: Step, place: int, due: Any) -> None:
        found = people.administrators(self.ctx.today, self.case.starter_id)
        if not found:
            raise Refused(f"「{step.name}」没有人能签，也没有别的管理员能找人来签。请先给这一步的岗位派人。")
        for who in found:
            self.add(step.id, who.pk, place=place, stand_in=True, due_on=due)

    def _carried(self, task: Task, step: Step) -> None:
        self._decisions.append(
            Decision(
                school=self.ctx.school, case=self.case, stage_id=step.id, task=task, said=Said.CARRIED, person_id=task.person_id,
                at=self.ctx.now, hash=self.hash,
            )
        )  # fmt: skip

    def settle(self) -> bool:
        """Open what is to be done now, going on to the next stage as long as one is through. True when all are."""
        while True:
            step = self.step
            tasks = self.at(step.id)
            flow = Flow(self._items(tasks), "one" if step.mode in BY_ONE else step.mode)
            if step.mode == Mode.COPY or flow.through():
                for task in tasks:
                    if task.state != TaskState.AGREED:
                        self.turn(task, TaskState.DROPPED)
                following = people.following(self.steps, step, self.case.resume_id)
                self.case.resume_id = None
                if following is None:
                    return True
                self.open(following)
                continue
            self._show(tasks, flow.open())
            return False

    def _items(self, tasks: Sequence[Task]) -> Iterable[Item]:
        """A task that is not written yet has no id: it stands at the end, under a number of its own."""
        for at, task in enumerate(tasks):
            yield Item(
                task.pk or -1 - at, task.state, task.place, task.host_id or 0, task.position, task.batch, task.mode
            )

    def _show(self, tasks: Sequence[Task], opened: set[int]) -> None:
        for at, task in enumerate(tasks):
            now_open = (task.pk or -1 - at) in opened
            if now_open and task.state == TaskState.LATER:
                task.opened_on = self.ctx.today
                self.turn(task, TaskState.OPEN)
                self.told.append(task.person_id)
            elif not now_open and task.state == TaskState.OPEN:
                self.turn(task, TaskState.LATER)

    def drop(self) -> None:
        """Every task is history: all is signed again."""
        for task in self.tasks:
            if task.state in LIVE:
                self.turn(task, TaskState.DROPPED)

    def copy(self, whom: Iterable[int]) -> list[int]:
        """Let these people know of the case, each once. Returns to whom it is new."""
        have = set(Copy.objects.filter(case=self.case).values_list("person_id", flat=True))
        fresh = [person for person in dict.fromkeys(whom) if person not in have]
        Copy.objects.bulk_create(
            Copy(school=self.ctx.school, case=self.case, person_id=person, at=self.ctx.now) for person in fresh
        )
        self.notify(fresh, f"抄送给您：{self.case}")
        return fresh

    def end(self, state: CaseState, document_state: str) -> None:
        self.case.state, self.case.ended_at, self.case.stage, self.case.resume = state, self.ctx.now, None, None
        for task in (*self.tasks, *self._fresh):
            if task.state in (TaskState.LATER, TaskState.OPEN):
                self.turn(task, TaskState.DROPPED)
        ended_on = self.ctx.today if document_state in (Document.State.APPROVED, Document.State.REFUSED) else None
        self.document.state, self.document.ended_on = document_state, ended_on
        documents = type(self.document).objects.filter(pk=self.document.pk)
        documents.update(state=document_state, ended_on=ended_on)

    def go_on(self) -> bool:
        """Settle and write; when every stage is through the document takes effect. True then."""
        through = self.settle()
        if through:
            self.end(CaseState.APPROVED, Document.State.APPROVED)
            self.matter.approved(self.ctx, self.document)
        self.write()
        return through

    def write(self) -> None:
        """Everything that was noted, in few statements; and word to those whose turn it is."""
        if self.case.state == CaseState.RUNNING and not any(
            t.state == TaskState.OPEN for t in self.at(self.case.stage_id)
        ):
            raise RuntimeError(f"{self.case} would wait for nobody")
        self.case.save()
        changed, fields = [*self._changed.values()], ("state", "done_by", "hash", "opened_on", "urged_at")
        if len(changed) == 1:  # the usual case; a CASE for each field took the ORM longer
            changed[0].save(update_fields=fields)
        elif changed:
            Task.objects.bulk_update(changed, fields)
        for task in self._fresh:
            task.case = self.case
        Task.objects.bulk_create(self._fresh)
        for old, fresh in self._replaced:
            Task.objects.filter(host=old).update(host=fresh)
        for decision in self._decisions:  # assigned once more, a relation takes over the id that writing has given
            decision.case, decision.task = self.case, decision.task
        Decision.objects.bulk_create(self._decisions)
        if self.told:
            self.notify(self.told, f"请您办「{self.step.name}」：{self.case}")

    def call(self, whom: Collection[int], sentence: str) -> None:
        """Word that presses: to those whose turn it is, and to whoever signs in their place today.

        That it is one's turn is told to the person alone; a deputy has it in his to-do at once, whenever he began.
        """
        deputies = Deputy.objects.on(self.ctx.today).filter(person__in=whom)
        self.notify([*whom, *deputies.values_list("deputy_id", flat=True)], sentence)

    def notify(self, whom: Iterable[int], sentence: str) -> None:
        """Word to people by their ids."""
        notify.tell(self.ctx, [Person(pk=person) for person in whom], sentence, self.document)
