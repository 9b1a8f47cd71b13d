"""A document is submitted, submitted again after a return, or given up: steps of the domain's own actions."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from zongwu.kernel import codes
from zongwu.kernel.actions import step
from zongwu.kernel.approvals import matters
from zongwu.kernel.approvals.conditions import holds, kept
from zongwu.kernel.approvals.matters import Matter
from zongwu.kernel.approvals.models import Case, CaseContent, CaseState, Document, Said, Task, TaskState
from zongwu.kernel.approvals.prescribed import Route
from zongwu.kernel.approvals.running import Run
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Refused


def chosen_route(matter: Matter, facts: Any, former: Route | None = None) -> Route:
    """The first route in force whose condition holds; of the former one the version by which the case began.

    :raises Refused: none does.
    """
    for route in Route.objects.in_force(matter.code):
        if holds(route.condition, facts):
            stays = former is not None and former.name == route.name and holds(former.condition, facts)
            return former if stays else route  # type: ignore[return-value]
    raise Refused(f"「{matter.label}」没有一条适用的审批路线，请学校管理员到「审批路线」补上。")


@step
def begin(ctx: Ctx, document: Any, *, device: str = "", signature: str = "") -> Case:
    """Submit a document, or submit it again after a return. Called by the domain's own action, which journals it.

    :raises Refused: no route applies, it is under way already, or the route's stages are all empty.
    """
    matter = matters.of(document)
    document = matter.load(document.pk)
    facts = matter.facts(document, ctx.today)
    earlier = Case.objects.select_for_update().filter(
        object_kind=document.kind, object_id=document.pk, state__in=(CaseState.RUNNING, CaseState.RETURNED)
    )
    case: Case | None = earlier.first()
    if case is not None and case.state == CaseState.RUNNING:
        raise Refused(f"{document} 已经在审批中，不用再交。")
    assert ctx.person is not None
    route = chosen_route(matter, facts, case.route if case else None)
    fresh = case is None
    case = case or Case(
        school=ctx.school, matter=matter.code, object_kind=document.kind, object_id=document.pk, starter=ctx.person
    )
    same_way = not fresh and case.route_id == route.pk and case.facts == kept(facts)
    signed = (
        ""
        if fresh
        else CaseContent.objects.filter(case=case, hash=case.hash).values_list("body", flat=True).first() or ""
    )
    case.route, case.facts, case.started_at = route, kept(facts), ctx.now
    case.number, case.title, case.amount = document.number, document.title, matter.amount(document)
    case.state, case.asked_back_at = CaseState.RUNNING, None
    run = Run(ctx, case, document)
    if not run.steps:
        raise Refused(f"「{route.name}」这条路线没有一个步骤，请学校管理员先把步骤补上。")
    case.hash = run.hash
    case.save()
    codes.ensure(ctx.school.pk, Case.kind, [case.pk])
    CaseContent.objects.get_or_create(school=ctx.school, case=case, hash=run.hash, defaults={"body": run.body})
    document.state = Document.State.RUNNING
    type(document).objects.filter(pk=document.pk).update(state=document.state)
    if case.resume_id and same_way and matters.weighty(matter, signed) == matters.weighty(matter, run.body):
        case.stage_id, case.resume_id = case.resume_id, None
        run.notify(
            [task.person_id for task in run.tasks if task.state == TaskState.AGREED],
            f"{case} 改好又交上来了，您签过的还有效，可以看看改了什么。",
        )
    else:
        case.resume_id = None
        run.drop()
        first = run.steps[0]
        run.open(first)
        joins = any(task.person_id == case.starter_id and task.state == TaskState.AGREED for task in run.at(first.id))
        if joins and first.signed and not signature:
            raise Refused(fields={"signature": f"「{first.name}」要手写签名，请在框里签上姓名。"})
    run.say(Said.APPLIED if fresh else Said.REAPPLIED, signature=signature, device=device)
    if run.go_on():
        raise Refused(f"「{route.name}」走不到任何人，等于没有审批，请学校管理员先改路线。")
    return case


may_change = attrgetter("may_change")
"""For `available` of the verbs by which a document is changed, sent or given up."""


def own(ctx: Ctx, document: Any) -> None:
    """:raises Forbidden: somebody else drew the document up."""
    if ctx.person is None or document.applicant_id != ctx.person.pk:
        raise Forbidden(f"{document} 是 {document.applicant} 开的，只有开的人能改、送签或作废。")


@step
def give_up(ctx: Ctx, document: Any) -> None:
    """Its applicant drops the document, with whatever was sent back to him; when he has left, whoever may. The number stays used."""
    if document.applicant.left_on is None:
        own(ctx, document)
    close(ctx, document)
    document.state = Document.State.DROPPED
    document.save(update_fields=["state"])


@step
def close(ctx: Ctx, document: Any) -> None:
    """What was sent back is under way no more. Nothing to do where nothing was."""
    case = Case.objects.filter(object_kind=document.kind, object_id=document.pk, state=CaseState.RETURNED).first()
    if case is None:
        return
    Task.objects.filter(case=case, state__in=(TaskState.LATER, TaskState.OPEN)).update(state=TaskState.DROPPED)
    Case.objects.filter(pk=case.pk).update(state=CaseState.WITHDRAWN, ended_at=ctx.now, stage=None, resume=None)
