"""What people do with a case: sign, refuse, send back, pass on, ask others, withdraw, urge. Meanings: ux.md §4.1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.approvals import people
from zongwu.kernel.approvals.models import Case, CaseState, Copy, Deputy, Document, Said, Task, TaskState
from zongwu.kernel.approvals.people import Who
from zongwu.kernel.approvals.prescribed import SIGN, Mode, Stage
from zongwu.kernel.approvals.running import Run
from zongwu.kernel.attachments import Attachment, Kept
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
    if step.mode in (Mode.MEETING, Mode.OUTSIDE):
        _with_evidence(ctx, case, step, reply_number, held_on, paper)
    if step.signed and not signature:
        raise Refused(fields={"signature": f"「{step.name}」要手写签名，请在框里签上姓名。"})
    said = _SAID.get(step.mode, Said.AGREED)
    run.say(said, task, opinion=opinion, signature=signature, device=device, number=reply_number, held_on=held_on)
    run.done(task, TaskState.AGREED)
    case.asked_back_at = None
    through = run.go_on()
    if through:
        run.notify({Who(case.starter_id, "")}, f"{case} 已经通过。")
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
    elif held_on > ctx.today:
        wrong["held_on"] = "日期不能在今天以后。"
    if paper is None:
        wrong["paper"] = f"请附上{what}的扫描件或照片。"
    if wrong:
        raise Refused(fields=wrong)
    assert paper is not None
    Attachment.objects.create(
        school=ctx.school, object_kind=Case.kind, object_id=case.pk, name=f"{step.name} {paper.name}"[:120], media_type=paper.media_type,
        size=paper.size, sha256=paper.sha256, added_at=ctx.now,
    )  # fmt: skip


@action(Case, label="拒绝", permission=SIGN, available=running, refusal=NOT_RUNNING, icon="x",
        confirm="拒绝以后这张单子就结束了；只是要补材料，请用「退回」。")  # fmt: skip
def refuse(ctx: Ctx, case: Case, *, opinion: str, shown: str = "", device: str = "") -> Any:
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
    run.notify({Who(case.starter_id, "")}, f"{case} 没有通过：{opinion}")
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
    earlier = [one for one in run.steps if one.seq < now.seq and one.mode != Mode.COPY]
    target = next((one for one in earlier if to is not None and one.id == to.pk), None)
    if to is not None and target is None:
        raise Refused(fields={"to": "只能退到这张单子已经走过的步骤，或退给申请人。"})
    run.say(Said.RETURNED, task, opinion=opinion, device=device)
    run.done(task, TaskState.RETURNED)
    again = (
        run.add(now.id, task.person_id, place=task.place, stand_in=task.stand_in, due_on=task.due_on)
        if straight
        else None
    )
    if straight:
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
        run.notify({Who(case.starter_id, "")}, f"{case} 退回给您：{opinion}")
    else:
        _reopen(run, target, None if straight else now.seq)
        run.write()
    _journal(run, "approval.returned", stage=now.id, to=target.id if target else None, straight=straight)
    assert again is None or again.pk
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
    new = run.add(
        task.stage_id, person.pk, place=task.place, host=task.host, position=task.position, batch=task.batch, mode=task.mode,
        due_on=task.due_on, state=TaskState.OPEN, opened_on=ctx.today,
    )  # fmt: skip
    if task.stand_in:  # the other administrators were only asked to find somebody
        for other in run.at(task.stage_id):
            if other.stand_in and other.place == task.place and other is not task:
                run.turn(other, TaskState.DROPPED)
    run.told.append(Who(person.pk, ""))
    run.write()
    Task.objects.filter(host=task).update(host=new)
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
    here = {task.person_id for task in run.at(run.case.stage_id) if not task.stand_in}
    problems = []
    for person in those:
        why = people.why_not(run.step, person.pk, run.case.starter_id, run.parts())
        if person.pk in here:
            why = "已经在这一步了，不用再加"
        elif not why and not people.can_sign_in(person):
            why = "还没有开通账号，签不了"
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
    since = (
        case.decisions.filter(said__in=(Said.APPLIED, Said.REAPPLIED)).order_by("-id").values_list("pk", flat=True)[:1]
    )
    acted = case.decisions.filter(pk__gt=since[0]).exclude(person=run.me).exclude(said=Said.CARRIED).exists()
    if not acted:
        run.say(Said.WITHDREW, opinion=opinion, device=device)
        return _withdrawn(run)
    if case.asked_back_at:
        raise Refused("已经申请撤回了，等现在办的人同意。")
    if not opinion:
        raise Refused(fields={"opinion": "已经有人签过，撤回要现在办的人同意，请写明原因。"})
    case.asked_back_at = ctx.now
    run.say(Said.ASKED_BACK, opinion=opinion, device=device)
    run.write()
    run.notify(_holding(run), f"{run.me} 申请撤回 {case}：{opinion}")
    _journal(run, "approval.asked_back")
    return run.document


@action(Case, label="答复撤回", permission=SIGN, icon="arrow-back-up", hidden=True,
        available=lambda case: running(case) and case.asked_back_at is not None, refusal="没有人申请撤回这张单子。")  # fmt: skip
def answer_withdrawal(ctx: Ctx, case: Case, *, consent: bool, opinion: str = "", device: str = "") -> Any:
    """Whoever has it now lets the applicant take it back, or not."""
    run = Run(ctx, case)
    task = run.mine()
    if consent:
        run.say(Said.WITHDREW, task, opinion=opinion, device=device)
        run.notify({Who(case.starter_id, "")}, f"{case} 可以改了：{run.me} 同意撤回。")
        return _withdrawn(run)
    case.asked_back_at = None
    run.say(Said.KEPT, task, opinion=opinion, device=device)
    run.write()
    run.notify({Who(case.starter_id, "")}, f"{run.me} 不同意撤回 {case}。{opinion}")
    _journal(run, "approval.kept")
    return run.document


def _withdrawn(run: Run) -> Any:
    run.notify(_holding(run), f"{run.case} 已由申请人撤回，不用办了。")
    run.end(CaseState.WITHDRAWN, Document.State.DRAFT)
    run.matter.ended(run.ctx, run.document)
    run.write()
    _journal(run, "approval.withdrew")
    return run.document


def _holding(run: Run) -> list[Who]:
    return [Who(task.person_id, "") for task in run.at(run.case.stage_id) if task.state == TaskState.OPEN]


@action(Case, label="催办", permission=SIGN, available=running, refusal=NOT_RUNNING, icon="bell-ringing")
def urge(ctx: Ctx, case: Case, *, device: str = "") -> Any:
    """Remind those who have it now; a task at most every four hours."""
    run = Run(ctx, case)
    waiting = [task for task in run.at(case.stage_id) if task.state == TaskState.OPEN]
    due = [task for task in waiting if task.urged_at is None or ctx.now - task.urged_at >= URGE_EVERY]
    if not due:
        last = max(task.urged_at for task in waiting if task.urged_at)
        again = (last + URGE_EVERY).astimezone(SCHOOL_ZONE)
        raise Refused(f"{last.astimezone(SCHOOL_ZONE):%H:%M} 刚催过，四小时内不再催；{again:%H:%M} 以后可以再催。")
    for task in due:
        task.urged_at = ctx.now
        run.turn(task, TaskState.OPEN)
    run.say(Said.URGED, device=device)
    run.write()
    run.notify([Who(task.person_id, "") for task in due], f"{run.me} 催您办「{run.step.name}」：{case}")
    _journal(run, "approval.urged", urged=[task.person for task in due])
    return run.document


@action(Case, label="抄送", permission=SIGN, icon="send")
def copy_to(ctx: Ctx, case: Case, *, people: Sequence[Person], device: str = "") -> Any:
    """Let others know; they sign nothing."""
    run = Run(ctx, case)
    fresh = run.copy(Who(person.pk, person.name) for person in people)
    if not fresh:
        raise Refused("这些人都已经抄送过了。" if people else "请选至少一个人。")
    run.say(Said.COPIED, device=device)
    run.write()
    run.notify(fresh, f"{run.me} 抄送给您：{case}")
    _journal(run, "approval.copied", to=[person for person in people if Who(person.pk, person.name) in fresh])
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


@create_action(Deputy, label="委托别人代办", permission=SIGN, icon="user-share", primary=True, narrows=True)
def deputise(ctx: Ctx, *, deputy: Person, from_on: date, until_on: date) -> Deputy:
    """From one day to another, both inclusive, another signs in one's place; the history names both."""
    assert ctx.person is not None
    wrong = {}
    if deputy.pk == ctx.person.pk:
        wrong["deputy"] = "不能委托给自己。"
    elif not people.can_sign_in(deputy):
        wrong["deputy"] = f"{deputy} 还没有开通账号，办不了。"
    if until_on < from_on:
        wrong["until_on"] = "结束日期不能早于开始日期。"
    elif until_on < ctx.today:
        wrong["until_on"] = "这段时间已经过去了。"
    overlapping = Deputy.objects.filter(person=ctx.person, ended_on=None, from_on__lte=until_on, until_on__gte=from_on)
    if (other := overlapping.select_related("deputy").first()) and not wrong:
        wrong["from_on"] = (
            f"这段时间里已经委托了{other.deputy}（{other.from_on} 至 {other.until_on}），请先结束那一次。"
        )
    if wrong:
        raise Refused(fields=wrong)
    made: Deputy = Deputy.objects.create(
        school=ctx.school, person=ctx.person, deputy=deputy, from_on=from_on, until_on=until_on
    )
    ctx.journal(
        made,
        "approval.deputised",
        deputy=deputy,
        from_on=from_on,
        until_on=until_on,
        also=[(ctx.person, "person"), (deputy, "deputy")],
    )
    return made


@action(
    Deputy,
    label="结束委托",
    permission=SIGN,
    icon="x",
    available=lambda row: row.ended_on is None,
    refusal="这次委托已经结束了。",
)
def end_deputy(ctx: Ctx, row: Deputy) -> Deputy:
    """Sign oneself again. Only who gave it can take it back."""
    if ctx.person is None or row.person_id != ctx.person.pk:
        raise Refused("只有委托人自己能结束委托。")
    row.ended_on = ctx.today
    row.save(update_fields=["ended_on"])
    ctx.journal(row, "approval.deputy_ended", also=[(row.person, "person"), (row.deputy, "deputy")])
    return row


def _journal(run: Run, verb: str, **facts: Any) -> None:
    run.ctx.journal(run.document, verb, also=[(run.case, "case")], content=run.hash, **facts)
