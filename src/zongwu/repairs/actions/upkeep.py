"""What is looked after before it breaks: by the calendar, or by a reading such as pages or hours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zongwu.assets.models import Asset
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.repairs import steps
from zongwu.repairs.actions.tickets import DISPATCH, WORK
from zongwu.repairs.models import Fault, Upkeep
from zongwu.school.models import Place


def _running(row: Upkeep) -> bool:
    return row.ended_on is None


@create_action(
    Upkeep, label="添保养计划", permission=DISPATCH, icon="plus", primary=True, starts_from=("place", "asset")
)
def add_upkeep(
    ctx: Ctx, *, what: str, place: Place, fault: str, first_on: date | None = None, months: int | None = None, every: Decimal | None = None,
    unit: str = "", reading: Decimal = Decimal(0), asset: Asset | None = None,
) -> Upkeep:  # fmt: skip
    """Something that is due every so many months, or every so much of a reading; then a repair is opened by itself.

    :raises Refused: neither the one nor the other.
    """
    problems = {}
    if fault not in Fault.values:
        problems["fault"] = "请选一个类别。"
    if months is None and every is None:
        problems["months"] = "写几个月一次，或者下面写读数到多少一次。"
    if months is not None and not 1 <= months <= 120:
        problems["months"] = "1 到 120 个月。"
    if months is not None and first_on is None:
        problems["first_on"] = "按月的要写第一次是哪天。"
    if every is not None and every <= 0:
        problems["every"] = "要大于 0。"
    if reading < 0:
        problems["reading"] = "不能是负数。"
    if problems:
        raise Refused(fields=problems)
    row: Upkeep = Upkeep.objects.create(
        school=ctx.school, what=what, place=place, fault=fault, months=months, every=every, unit=unit, asset=asset, next_on=first_on if months else None,
        next_at=reading + every if every is not None else None, reading=reading if every is not None else None, set_on=ctx.today,
    )  # fmt: skip
    ctx.journal(row, "upkeep.added", first_on=first_on, also=[(place, "place"), (asset, "asset")])
    return row


@action(Upkeep, label="记读数", permission=WORK, icon="calculator", primary=True, available=lambda row: row.ended_on is None and row.every is not None, refusal="{row} 不按读数，或者已经停止。")  # fmt: skip
def note_reading(ctx: Ctx, row: Upkeep, *, reading: Decimal, confirmed: bool = False) -> Upkeep:
    """What the counter says now. Once it has come far enough a repair is opened.

    :raises Refused: a counter that runs backwards.
    """
    if row.reading is not None and reading < row.reading:
        raise Refused(
            fields={
                "reading": f"上次是 {row.reading.normalize():f}{row.unit}，读数不会变小；换过表的请停止这个计划另添一个。"
            }
        )
    far = (row.reading or Decimal(0)) + 10 * (row.every or Decimal(0))
    if reading > far and not confirmed:
        raise NeedsConfirmation(
            f"比上次多了太多（上次 {(row.reading or Decimal(0)).normalize():f}{row.unit}），没有多打一位就勾上。"
        )
    row.reading, row.read_on = reading, ctx.today
    row.save(update_fields=["reading", "read_on"])
    opened = steps.open_upkeep(ctx, row) if row.next_at is not None and reading >= row.next_at else None
    ctx.journal(row, "upkeep.read", reading=int(reading), ticket=opened, also=[(opened, "ticket")])
    return row


@action(Upkeep, label="到期开单", permission=DISPATCH, hidden=True, available=_running, refusal="{row} 已经停止。")
def open_due_upkeep(ctx: Ctx, row: Upkeep) -> Upkeep:
    """Its day has come: a repair is opened.

    :raises Refused: not due, or its repair is open already.
    """
    if row.next_on is None or row.next_on > ctx.today:
        raise Refused(f"{row} 还没有到日子。")
    ticket = steps.open_upkeep(ctx, row)
    if ticket is None:
        raise Refused(f"{row} 上次的保养单还没有办完。")
    ctx.journal(row, "upkeep.due", ticket=ticket, also=[(ticket, "ticket")])
    return row


@action(Upkeep, label="停止", permission=DISPATCH, icon="ban", available=_running, refusal="{row} 已经停止。", confirm="以后不再自动开保养单；以前的都还在。")  # fmt: skip
def end_upkeep(ctx: Ctx, row: Upkeep) -> Upkeep:
    """Nobody looks after it by plan any more."""
    row.ended_on = ctx.today
    row.save(update_fields=["ended_on"])
    ctx.journal(row, "upkeep.ended", on=ctx.today)
    return row
