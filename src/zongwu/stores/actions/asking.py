"""Somebody asks for goods, the keeper hands them out: with a signature, or with the code that only the asker sees."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal

from zongwu.kernel import notify, numbering
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.approvals import signatures, submitting
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.codes import ALPHABET
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school.models import Department, Place, SchoolClass
from zongwu.stores import queries, steps
from zongwu.stores.actions.slips import ISSUE
from zongwu.stores.models import Requisition, RequisitionLine, Slip
from zongwu.stores.steps import Line

ASK = "stores.ask_for_goods"
SERIES = "LL"


@create_action(Requisition, label="申请领用", permission=ASK, icon="shopping-cart", primary=True, narrows=True)
def ask_for_goods(
    ctx: Ctx, *, place: Place, lines: Sequence[Line], department: Department | None = None, school_class: SchoolClass | None = None, purpose: str = "",
) -> Requisition:  # fmt: skip
    """Ask for goods. Within the quotas it waits for the keeper at once; above them it is approved first.

    :raises Refused: nothing at all, or on the account of somebody else.
    """
    if ctx.person is None:
        raise Refused("领东西要由人来申请。")
    if department is not None and department.pk not in ctx.departments and not ctx.may(ISSUE):
        raise Refused(fields={"department": "只能记在您自己的部门。"})
    if school_class is not None and school_class.teacher_id != ctx.person.pk and not ctx.may(ISSUE):
        raise Refused(fields={"school_class": "只能记在您自己的班级。"})
    charged = queries.charged_to(ctx.person, ctx.today, department, school_class)
    asked = Requisition(
        school=ctx.school, number=numbering.take(ctx.school.pk, SERIES, ctx.today.year)[0], applicant=ctx.person, applied_on=ctx.today, place=place,
        department_id=charged.department, school_class_id=charged.school_class, purpose=purpose,
    )  # fmt: skip
    _list(ctx, asked, lines)
    ctx.journal(
        asked,
        "requisition.asked",
        kinds=len(lines),
        above=bool(asked.above),
        also=[(line.item, "asked") for line in lines],
        detail={"用途": purpose},
    )
    return asked


@action(
    Requisition,
    label="改好再交",
    permission=ASK,
    icon="edit",
    available=submitting.may_change,
    refusal="{row} 现在不能改。",
    primary=True,
)
def revise_requisition(ctx: Ctx, asked: Requisition, *, lines: Sequence[Line], purpose: str = "") -> Requisition:
    """What was sent back is asked for again, otherwise."""
    submitting.own(ctx, asked)
    asked.purpose = purpose
    asked.lines.all().delete()
    _list(ctx, asked, lines)
    ctx.journal(
        asked,
        "requisition.revised",
        kinds=len(lines),
        above=bool(asked.above),
        also=[(line.item, "asked") for line in lines],
    )
    return asked


def _list(ctx: Ctx, asked: Requisition, lines: Sequence[Line]) -> None:
    """Write what is asked for, and send it where it goes."""
    if not asked.place.is_storeroom:
        raise Refused(fields={"place": f"{asked.place} 不是库房。"})
    totals: dict[int, Decimal] = {}
    for line in lines:
        totals[line.item.pk] = totals.get(line.item.pk, Decimal(0)) + line.quantity
    if not totals or any(many <= 0 for many in totals.values()):
        raise Refused(fields={"lines": "请写要领什么、领多少，数量要大于 0。"})
    items = {line.item.pk: line.item for line in lines}
    above = queries.above_quota(asked.department_id, totals, ctx.today)
    asked.above = "；".join(map(str, above))[:200]
    first = next(iter(items.values()))
    asked.title = f"{asked.applicant}领{first}{f'等 {len(items)} 种' if len(items) > 1 else ''}"[:120]
    asked.code = "".join(secrets.choice(ALPHABET) for _ in range(6))
    fresh = asked.pk is None
    asked.state = asked.state if above or not fresh else DocumentState.APPROVED
    asked.ended_on = None if above else ctx.today
    asked.save()
    RequisitionLine.objects.bulk_create(
        RequisitionLine(school=ctx.school, requisition=asked, seq=seq, item=items[pk], quantity=many)
        for seq, (pk, many) in enumerate(totals.items(), start=1)
    )
    if above:
        submitting.begin(ctx, asked)
        asked.state = DocumentState.RUNNING
    elif not fresh:
        submitting.close(ctx, asked)
        asked.state = DocumentState.APPROVED
        asked.save(update_fields=["state"])


@action(Requisition, label="不领了", permission=ASK, icon="ban", available=lambda asked: asked.slip_id is None and asked.state in ("draft", "returned", "approved"),
        refusal="{row} 已经领走，或者正在审批，要撤请先撤回。", confirm="作废后要领请重新申请。")  # fmt: skip
def drop_requisition(ctx: Ctx, asked: Requisition) -> Requisition:
    """Not wanted any more."""
    submitting.give_up(ctx, asked)
    ctx.journal(asked, "requisition.dropped")
    return asked


@action(Requisition, label="发给他", permission=ISSUE, icon="package-export", primary=True,
        available=lambda asked: asked.state == DocumentState.APPROVED and asked.slip_id is None, refusal="{row} 还没有批下来，或者已经领走了。")  # fmt: skip
def hand_out(ctx: Ctx, asked: Requisition, *, told: str = "", signature: str = "") -> Requisition:
    """Hand out what was asked for. The asker signs, or tells the code that only he sees.

    :raises Refused: neither; a wrong code; not enough there; the keeper serves himself.
    """
    if ctx.person is not None and asked.applicant_id == ctx.person.pk:
        raise Refused("自己领的东西要由别的保管员发，领和发不能是同一个人。")
    if told and not secrets.compare_digest(told.replace(" ", "").upper().encode(), asked.code.encode()):
        raise Refused(fields={"told": "取货码不对，请领用人打开他的申请再看一次。"})
    if not told:
        signatures.clean(signature)
    lines = [
        Line(line.item, line.quantity) for line in asked.lines.select_related("item").order_by("item__shelf", "seq")
    ]
    slip = Slip(
        form=Slip.Form.ISSUE, on=ctx.today, place=asked.place, receiver=asked.applicant, department=asked.department, school_class=asked.school_class,
        purpose=asked.purpose, ink="" if told else signature, confirmed=bool(told),
    )  # fmt: skip
    moves = steps.take(ctx, asked.place, lines, good_on=ctx.today)
    steps.enter(ctx, slip, moves)
    asked.slip = slip
    asked.save(update_fields=["slip"])
    facts = steps.told(ctx, slip, moves)
    facts["also"] += [(slip, "slip")]
    ctx.journal(asked, "requisition.handed_out", slip=slip, **facts)
    notify.tell(ctx, [asked.applicant], f"{asked.title}：已经发出，单号 {slip.number}。", slip)
    return asked
