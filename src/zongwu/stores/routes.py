"""What the storerooms have approved: what goes beyond a department's quota."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zongwu.kernel.amounts import plain_quantity, round_yuan
from zongwu.kernel.approvals.conditions import Ask
from zongwu.kernel.approvals.matters import Matter, RouteDraft, StageDraft, register
from zongwu.kernel.approvals.prescribed import Duty, Mode
from zongwu.kernel.ctx import Ctx
from zongwu.stores import steps
from zongwu.stores.models import Requisition, RequisitionLine, StockCount, StockCountLine


def _load(pk: int) -> Any:
    asked: Any = Requisition.objects.select_related("applicant", "place", "department", "school_class").get(pk=pk)
    asked.listed = list(RequisitionLine.objects.filter(requisition=pk).select_related("item").order_by("seq"))
    return asked


def _shown(asked: Any) -> Mapping[str, Any]:
    return {
        "领用人": asked.applicant, "仓库": asked.place, "记在部门": asked.department or "", "记在班级": asked.school_class or "", "用途": asked.purpose,
        "超出定额": asked.above,
        "lines": [[line.item.number, str(line.item), f"{plain_quantity(line.quantity)} {line.item.unit}"] for line in asked.listed],
    }  # fmt: skip


def _amount(asked: Any) -> Decimal:
    """About what it will cost, at the last price."""
    return round_yuan(sum((line.quantity * line.item.price for line in asked.listed), Decimal(0)))


def _ready(ctx: Ctx, asked: Any) -> None:
    """It waits for the keeper from now on; the state says so already."""


REQUISITION = Matter(
    "stores.requisition", Requisition, "超定额领用", light=frozenset({"用途"}),
    load=_load, shown=_shown, amount=_amount, facts=lambda asked, on: {"amount": _amount(asked)}, asks={"amount": Ask("大约金额（元）")},
    approved=_ready, outcome="requisition.approved", batch=True,
    routes=[
        RouteDraft(
            "超定额领用", [StageDraft("总务处审批", Mode.ONE, Duty.APPROVE, ["role:head"], days=2)],
            source="学校物资领用办法：定额以内随时领，超过定额先批",
        ),
    ],
)  # fmt: skip


def _load_count(pk: int) -> Any:
    count: Any = StockCount.objects.select_related("applicant", "place").get(pk=pk)
    count.listed = list(StockCountLine.objects.filter(count=pk).select_related("item").order_by("seq"))
    return count


def _shown_of_count(count: Any) -> Mapping[str, Any]:
    """What differs, line by line; what matches is only counted."""
    return {
        "仓库": count.place, "盘点人": count.applicant, "种数": count.kinds, "不符": count.wrong,
        "lines": [
            [str(line), f"账面 {plain_quantity(line.book)}", f"实盘 {plain_quantity(line.counted)}", f"差 {plain_quantity(line.difference)}", line.reason]
            for line in count.listed
            if line.difference
        ],
    }  # fmt: skip


def _worth(count: Any) -> Decimal:
    """Yuan of the differences, at the last price."""
    return round_yuan(sum((abs(line.difference or 0) * line.item.price for line in count.listed), Decimal(0)))


COUNT = Matter(
    "stores.count", StockCount, "库存盘点结果", load=_load_count, shown=_shown_of_count, amount=_worth,
    facts=lambda count, on: {"amount": _worth(count), "differs": count.wrong > 0}, asks={"amount": Ask("差异金额（元）"), "differs": Ask("有不符的", "flag")},
    approved=steps.apply_count, outcome="stock.count_applied",
    routes=[
        RouteDraft(
            "库存盘点结果",
            [
                StageDraft("财务核账", Mode.ONE, Duty.BOOKKEEP, ["role:bookkeeper"], days=5),
                StageDraft("总务主任", Mode.ONE, Duty.CONFIRM, ["role:head"], signed=True, days=3),
            ],
            source="账、卡、物相符，每月核对；差异查明原因，批准后调账",
        ),
    ],
)  # fmt: skip

register(REQUISITION, COUNT)
