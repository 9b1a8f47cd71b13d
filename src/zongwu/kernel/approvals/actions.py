"""What people do with a case: sign, refuse, send back, pass on, ask others, withdraw, urge. Meanings: ux.md §4.1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from zongwu.kernel import attachments
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action
from zongwu.kernel.approvals import people
from zongwu.kernel.approvals.models import Case, CaseState, Copy, Document, Said, TaskState
from zongwu.kernel.approvals.prescribed import SIGN, Mode, Stage
from zongwu.kernel.approvals.running import Run
from zongwu.kernel.attachments import Kept
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused

URGE_EVERY = timedelta(hours=4)
_SAID = {Mode.HANDLE: Said.HANDLED, Mode.MEETING: Said.RESOLVED, Mode.OUTSIDE: Said.REPLIED}


def running(case: Case) -> bool:
    return case.state == CaseState.RUNNING


NOT_RUNNING = "{row} 不在审批中，不能{label}。"


@action(Case, label="同意", permission=SIGN, available=running, refusal=NOT_RUNNING, icon="check", primary=True)
def agree(
    ctx: Ctx, case: Case, *, shown: str, opinion: str = "", signature: str = "", device: str = "", reply_number: str = "",
    held_on: date | None = None, paper: Kept | None = None,
) -> Any:  # fmt: skip
    """Sign the stage at which the case stands: agree, or report done what the stage asks to be done.

    :param shown: digest of the content that the person was shown.
    :raises Conflict: the content is another now.
    :raises Refused: not his turn, not his to sign, or a paper or number of the minutes or the reply is missing.
    """
    run = Run(ctx, case)
    task, step = run.mine(), run.step
    if task.stand_in:
        raise Refused(f"「{step.name}」没有找到该签的人才转给您。请转交给该签的人，您自己不能代签。")
    run.same_as_shown(shown)
    run.may_sign(task)
    run.matter.checked(ctx, run.document)
    if step.mode in (Mode.MEETING, Mode.OUTSIDE) and not task.host_id:
        _with_evidence(ctx, case, step, reply_number, held_on, paper)
    if step.signed and not signature:
        raise Refused(fields={"signature": f"「{step.name}」要手写签名，请在框里签上姓名。"})
    said = _SAID.get(step.mode, Said.AGREED)
    run.say(said, task, opinion=opinion, signature=signature, device=device, number=reply_number, held_on=held_on)
    run.done(task, TaskState.AGREED)
    through = run.go_on()
    if through:
        run.notify([case.starter_id], f"{case} 已经通过。")
    verb = run.matter.outcome if through else f"approval.{said}"
    _journal(run, verb, stage=step.id, detail={"编号": reply_number} if reply_number else {})
    return run.document


def _with_evidence(
    ctx: Ctx, case: Case, step: people.Step, number: str, held_on: date | None, paper: Kept | None
) -> None:
    """A collective decision is its minutes, an outside approval its reply: number, date and scan."""
    what = "会议纪要" if step.mode == Mode.MEETING else "批复"
    wrong = {}
    if not number.strip():
        wrong["reply_number"] = f"请填{what}的编号或文号。"
    if held_on is None:
        wrong["held_on"] = f"请填{'开会' if step.mode == Mode.MEETING else '批复'}的日期。"
    elif not ctx.today - timedelta(days=3660) < held_on <= ctx.today:
        wrong["held_on"] = "日期不能在今天以后，也不会是十年以前。"
    if paper is None:
        wrong["paper"] = f"请附上{what}的扫描件或照片。"
    if wrong:
        raise Refused(fields=wrong)
    assert paper is not None
    attachments.hang(case, paper._replace(name=f"{step.name} {paper.name}"), ctx.now)


@action(Case, label="拒绝", permission=SIGN, available=running, refusal=NOT_RUNNING, icon="x",
        confirm="拒绝以后这张单子就结束了；只是要补材料，请用「退回」。")  # fmt: skip
def refuse(ctx: Ctx, case: Case, *, opinion: str, device: str = "") -> Any:
    """End the case. The opinion is required."""
    run = Run(ctx, case)
    task = run.mine()
    if task.stand_in:
        raise Refused("这一步没有找到该签的人才转给您，请转交，不能由您拒绝。")
    run.may_sign(task)
    stage = run.step.id
    run.say(Said.REFUSED, task, opinion=opinion, device=device)
    run.done(task, TaskState.REFUSED)
    run.end(CaseState.REFUSED, Document.State.REFUSED)
    run.matter.ended(ctx, run.document)
    run.write()
    run.notify([case.starter_id], f"{case} 没有通过：{opinion}")
    _journal(run, "approval.refused", stage=stage)
    return run.document


@action(Case, label="退回", permission=SIGN, available=running, refusal=NOT_RUNNING, icon="arrow-back-up")
def send_back(
    ctx: Ctx, case: Case, *, opinion: str, to: Stage | None = None, straight: bool = True, device: str = ""
) -> Any:
    """To the applicant, or to an earlier stage. Afterwards straight back to who returned it, else all the way again.

    Signatures of those between are kept in the first case and given again in the second.
    """
    run = Run(ctx, case)
    task, now = run.mine(), run.step
    target = next((one for one in people.passed(run.steps, now.id) if to is not None and one.id == to.pk), None)
    if to is not None and target is None:
        raise Refused(fields={"to": "只能退到这张单子已经走过的步骤，或退给申请人。"})
    run.say(Said.RETURNED, task, opinion=opinion, device=device)
    run.done(task, TaskState.RETURNED)
    case.resume_id = None
    if straight:
        run.replace(task, task.person_id, stand_in=task.stand_in)
        for other in run.at(now.id):
            if other.state == TaskState.OPEN:
                run.turn(other, TaskState.LATER)
        case.resume_id = now.id
    if target is None:
        case.state, run.document.state = CaseState.RETURNED, Document.State.RETURNED
        type(run.document).objects.filter(pk=run.document.pk).update(state=Document.State.RETURNED)
        if not straight:
            run.drop()
        run.write()
        run.notify([case.starter_id], f"{case} 退回给您：{opinion}")
    else:
        _reopen(run, target, None if straight else now.seq)
        run.write()
    _journal(run, "approval.returned", stage=now.id, to=target.id if target else None, straight=straight)
    return run.document


def _reopen(run: Run, target: people.Step, until: int | None) -> None:
    """The stage is signed again; with `until`, so is everything up to that one."""
    for one in run.steps:
        if one.seq == target.seq or (until is not None and target.seq < one.seq <= until):
            for task in run.at(one.id):
                run.turn(task, TaskState.DROPPED)
    run.open(target)
    run.settle()


@action(Case, label="转交", permission=SIGN, available=running, refusal=NOT_RUNNING, icon="user-share")
def pass_on(ctx: Ctx, case: Case, *, person: Person, opinion: str = "", device: str = "") -> Any:
    """This task is another's now; whoever was asked to sign before or after it stays with it."""
    run = Run(ctx, case)
    task = run.mine()
    _may_join(run, [person])
    run.say(Said.PASSED, task, opinion=opinion, device=device)
    run.done(task, TaskState.PASSED)
    run.replace(task, person.pk, state=TaskState.OPEN, opened_on=ctx.today)
    if task.stand_in:  # the other administrators were only asked to find somebody
        for other in run.at(task.stage_id):
            if other.stand_in and other.place == task.place and other is not task:
                run.turn(other, TaskState.DROPPED)
    run.told.append(person.pk)
    run.write()
    _journal(run, "approval.passed_on", stage=task.stage_id, to=person)
    return run.document


@action(Case, label="加签", permission=SIGN, available=running, refusal=NOT_RUNNING, icon="user-plus")
def add_signers(
    ctx: Ctx, case: Case, *, people: Sequence[Person], position: str, mode: str = "all", question: str, device: str = ""
) -> Any:
    """Ask others to sign before, along with or after this person; his own task stays his.

    :param position: `before`, `along` or `after`; :param mode: `all`, `one` or `turn`, where several are asked.
    """
    run = Run(ctx, case)
    task = run.mine()
    if task.stand_in:
        raise Refused("这一步没有找到该签的人，请先转交给该签的人。")
    if position not in ("before", "along", "after") or mode not in ("all", "one", "turn"):
        raise Refused("请选加在前面、后面还是一起签。")
    _may_join(run, people)
    batch = 1 + max((one.batch for one in run.tasks), default=0)
    for place, person in enumerate(people):
        run.add(task.stage_id, person.pk, host=task, position=position, batch=batch, mode=mode, place=place)
    run.say(Said.ADDED, task, opinion=question, device=device)
    run.settle()
    run.write()
    _journal(run, "approval.added", stage=task.stage_id, position=position, added=list(people))
    return run.document


def _may_join(run: Run, those: Sequence[Person]) -> None:
    """:raises Refused: one of them cannot sign here, with the reason."""
    if not those:
        raise Refused("请选至少一个人。")
    here = run.signed_here()
    here |= {
        task.person_id
        for task in run.at(run.case.stage_id)
        if task.state in (TaskState.OPEN, TaskState.LATER) and not task.stand_in
    }
    problems = []
    for person in those:
        why = people.why_not(run.step, person.pk, run.case.starter_id, run.parts())
        if person.pk in here:
            why = "已经在这一步了，不用再加"
        elif not why and not people.can_sign(person, run.ctx.today):
            why = "还没有开通账号，或者岗位没有签字的权限，签不了"
        if why:
            problems.append(f"{person} {why}。")
    if problems:
        raise Refused(*problems)


@action(Case, label="撤回", permission=SIGN, available=running, refusal=NOT_RUNNING, icon="arrow-back-up")
def withdraw(ctx: Ctx, case: Case, *, opinion: str = "", device: str = "") -> Any:
    """By the applicant: at once while nobody else has signed; afterwards it asks whoever has it now."""
    run = Run(ctx, case)
    if case.starter_id != run.me.pk:
        raise Refused("只有申请人自己能撤回。")
    acted = any(task.state == TaskState.AGREED and task.done_by_id not in (None, run.me.pk) for task in run.tasks)
    if not acted:
        run.say(Said.WITHDREW, opinion=opinion, device=device)
        return _withdrawn(run, "approval.withdrew")
    if case.asked_back_at:
        raise Refused("已经申请撤回了，等现在办的人同意。")
    if not opinion:
        raise Refused(fields={"opinion": "已经有人签过，撤回要现在办的人同意，请写明原因。"})
    case.asked_back_at = ctx.now
    run.say(Said.ASKED_BACK, opinion=opinion, device=device)
    run.write()
    run.call(_holding(run), f"{run.me} 申请撤回 {case}：{opinion}")
    _journal(run, "approval.asked_back")
    return run.document


@action(Case, label="答复撤回", permission=SIGN, icon="arrow-back-up",
        available=lambda case: running(case) and case.asked_back_at is not None, refusal="没有人申请撤回这张单子。")  # fmt: skip
def answer_withdrawal(ctx: Ctx, case: Case, *, consent: bool, opinion: str = "", device: str = "") -> Any:
    """Whoever has it now lets the applicant take it back, or not. Until somebody answers, the wish stands."""
    run = Run(ctx, case)
    task = run.mine()
    if consent:
        run.say(Said.CONSENTED, task, opinion=opinion, device=device)
        run.notify([case.starter_id], f"{case} 可以改了：{run.me} 同意撤回。")
        return _withdrawn(run, "approval.consented")
    case.asked_back_at = None
    run.say(Said.KEPT, task, opinion=opinion, device=device)
    run.write()
    run.notify([case.starter_id], f"{run.me} 不同意撤回 {case}。{opinion}")
    _journal(run, "approval.kept")
    return run.document


def _withdrawn(run: Run, verb: str) -> Any:
    run.call(_holding(run), f"{run.case} 已由申请人撤回，不用办了。")
    run.end(CaseState.WITHDRAWN, Document.State.DRAFT)
    run.matter.ended(run.ctx, run.document)
    run.write()
    _journal(run, verb)
    return run.document


def _holding(run: Run) -> list[int]:
    return [task.person_id for task in run.at(run.case.stage_id) if task.state == TaskState.OPEN]


@action(
    Case, label="换人签", permission="approvals.reassign", available=running, refusal=NOT_RUNNING, icon="user-question"
)
def reassign(ctx: Ctx, case: Case, *, person: Person, device: str = "") -> Any:
    """By the administrator: somebody who has left, or may not sign any more, is replaced where it is his turn.

    :raises Refused: everybody whose turn it is can sign.
    """
    run = Run(ctx, case)
    lost = [t for t in run.at(case.stage_id) if t.state == TaskState.OPEN and not people.can_sign(t.person, ctx.today)]
    if not lost:
        raise Refused("现在等的人都能签，不用换人；要换，请他自己转交。")
    _may_join(run, [person])
    run.say(Said.PASSED, opinion=f"{lost[0].person} 不能签了，换{person}签", device=device)
    run.turn(lost[0], TaskState.PASSED)
    run.replace(lost[0], person.pk, state=TaskState.OPEN, opened_on=ctx.today)
    run.told.append(person.pk)
    run.write()
    _journal(run, "approval.reassigned", stage=lost[0].stage_id, to=person, former=lost[0].person)
    return run.document


@action(Case, label="催办", permission=SIGN, available=running, refusal=NOT_RUNNING, icon="bell-ringing")
def urge(ctx: Ctx, case: Case, *, device: str = "") -> Any:
    """Remind those who have it now; a task at most every four hours."""
    run = Run(ctx, case)
    if run.me.pk not in {case.starter_id, *(who for task in run.tasks for who in (task.person_id, task.done_by_id))}:
        raise Refused("抄送给您的单子只看，不用催办。")
    waiting = [task for task in run.at(case.stage_id) if task.state == TaskState.OPEN]
    due = [task for task in waiting if task.urged_at is None or ctx.now - task.urged_at >= URGE_EVERY]
    if not waiting:
        raise Refused("现在没有人在办这张单子，不用催。")
    if not due:
        last = max(task.urged_at for task in waiting if task.urged_at)
        again = (last + URGE_EVERY).astimezone(SCHOOL_ZONE)
        raise Refused(f"{last.astimezone(SCHOOL_ZONE):%H:%M} 刚催过，四小时内不再催；{again:%H:%M} 以后可以再催。")
    for task in due:
        task.urged_at = ctx.now
        run.turn(task, TaskState.OPEN)
    run.say(Said.URGED, device=device)
    run.write()
    run.call([task.person_id for task in due], f"{run.me} 催您办「{run.step.name}」：{case}")
    _journal(run, "approval.urged", urged=[task.person for task in due])
    return run.document


@action(Case, label="抄送", permission=SIGN, icon="send")
def copy_to(ctx: Ctx, case: Case, *, people: Sequence[Person], device: str = "") -> Any:
    """Let others know; they sign nothing."""
    run = Run(ctx, case)
    fresh = run.copy(person.pk for person in people)
    if not fresh:
        raise Refused("这些人都已经抄送过了。" if people else "请选至少一个人。")
    run.say(Said.COPIED, device=device)
    run.write()
    _journal(run, "approval.copied", to=[person for person in people if person.pk in fresh])
    return run.document


@action(
    Copy,
    label="已阅",
    permission=SIGN,
    hidden=True,
    available=lambda copy: copy.read_at is None,
    refusal="已经阅过了。",
)
def read_copy(ctx: Ctx, copy: Copy) -> Copy:
    """The receipt of a copy."""
    copy.read_at = ctx.now
    copy.save(update_fields=["read_at"])
    ctx.journal(copy, "approval.read", also=[(copy.case, "case")])
    return copy


def _journal(run: Run, verb: str, **facts: Any) -> None:
    facts |= {name: Stage(pk=facts[name]) for name in ("stage", "to") if isinstance(facts.get(name), int)}
    run.ctx.journal(run.document, verb, also=[(run.case, "case")], content=run.hash, **facts)
