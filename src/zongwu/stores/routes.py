"""What the storerooms have approved: what goes beyond a department's quota."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zongwu.kernel.amounts import plain_quantity
from zongwu.kernel.approvals.conditions import Ask
from zongwu.kernel.approvals.matters import Matter, RouteDraft, StageDraft, register
from zongwu.kernel.approvals.prescribed import Duty, Mode
from zongwu.kernel.ctx import Ctx
from zongwu.stores.models import Requisition, RequisitionLine


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
    return sum((line.quantity * line.item.price for line in asked.listed), Decimal(0)).quantize(Decimal("0.01"))


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

register(REQUISITION)
