"""What of the register is approved, and by which routes a school begins. Limits are settings (`SETTINGS`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zongwu.assets import rules, steps
from zongwu.assets.models import Asset, Disposal, DisposalLine
from zongwu.kernel.approvals.conditions import Ask
from zongwu.kernel.approvals.matters import Matter, Party, RouteDraft, StageDraft, register
from zongwu.kernel.approvals.models import Duty, Mode
from zongwu.kernel.clock import today
from zongwu.school.settings import setting

_LIMITS = "《事业单位国有资产管理暂行办法》（财政部令第36号）第二十六条；数额按当地规定"
LARGE_UNIT = setting("assets.disposal_large_unit", "大额处置：单件原值达到（元）", "10000")
LARGE_BATCH = setting("assets.disposal_large_batch", "大额处置：批量原值达到（元）", "50000")
LIMIT_UNIT = setting("assets.disposal_limit_unit", "报财政局审批：单件原值达到（元）", "100000", source=_LIMITS)
LIMIT_BATCH = setting("assets.disposal_limit_batch", "报财政局审批：批量原值达到（元）", "200000", source=_LIMITS)
ALWAYS_LARGE = ("A01", "A0203")
"""Houses, structures, land and vehicles go the large way whatever they cost (财政部令第36号 art. 26)."""


def is_large(disposal: Disposal, on: date) -> bool:
    """Whether the school's meeting and the bureau decide (R1.13), not the leader alone (R1.12)."""
    return _reaches(disposal, LARGE_UNIT.on(on), LARGE_BATCH.on(on))


def over_limit(disposal: Disposal, on: date) -> bool:
    """Whether the finance bureau has to approve too."""
    return _reaches(disposal, LIMIT_UNIT.on(on), LIMIT_BATCH.on(on))


def _reaches(disposal: Disposal, unit: Decimal, batch: Decimal) -> bool:
    lines = disposal.lines.values_list("value", "asset__category")
    return disposal.value >= batch or any(
        value >= unit or category.startswith(ALWAYS_LARGE) for value, category in lines
    )


def too_early(card: Asset, on: date) -> bool:
    """Whether the thing is younger than its life; nobody knows of one without a date or a life."""
    if not card.life_months or card.acquired_on is None:
        return False
    return rules.month_index(on) - rules.month_index(card.acquired_on) < card.life_months


def _load(pk: int) -> Disposal:
    """The document with its list and people, in one query: every signature reads them again."""
    people = ("applicant", "department", "appraiser", "second_appraiser")
    lines = DisposalLine.objects.filter(disposal=pk).select_related("asset", *(f"disposal__{one}" for one in people))
    listed = list(lines.order_by("seq"))
    disposal: Disposal = listed[0].disposal if listed else Disposal.objects.select_related(*people).get(pk=pk)
    disposal.listed = listed  # type: ignore[attr-defined]
    return disposal


def _shown(disposal: Any) -> Mapping[str, Any]:
    return {
        "处置形式": disposal.get_form_display(),
        "处置原因": disposal.reason,
        "使用部门": str(disposal.department or ""),
        "鉴定人": "、".join(str(one) for one in (disposal.appraiser, disposal.second_appraiser) if one),
        "接收或回收单位": disposal.receiver,
        "原值合计": f"{disposal.value:,.2f}",
        "lines": [
            f"{line.asset.number} {line.asset.name} {line.asset.quantity.normalize():f} {line.value:,.2f} {line.accumulated:,.2f} {line.reason}".rstrip()
            for line in disposal.listed
        ],
    }


DISPOSAL = Matter(
    "assets.disposal", Disposal, "资产处置",
    load=_load, shown=_shown, amount=lambda disposal: disposal.value,
    facts=lambda disposal: {
        "amount": disposal.value, "form": disposal.form, "large": is_large(disposal, today()),
        "over_limit": over_limit(disposal, today()),
    },
    asks={
        "amount": Ask("批量原值（元）"),
        "form": Ask("处置形式", "choice", dict(Disposal.Form.choices)),
        "large": Ask("达到大额标准", "flag"),
        "over_limit": Ask("达到财政审批限额", "flag"),
    },
    parties={"appraisers": Party("鉴定人", lambda disposal: [disposal.appraiser, disposal.second_appraiser])},
    approved=steps.strike_off, ended=steps.release, outcome="disposal.struck_off", batch=True,
    routes=[
        RouteDraft(
            "大额处置",
            [
                StageDraft("联合申请", Mode.ALL, Duty.APPLY, ["role:storekeeper", "role:bookkeeper"], joint=True, signed=True),
                StageDraft("技术鉴定", Mode.ALL, Duty.APPRAISE, ["party:appraisers"], signed=True, days=5),
                StageDraft("总务处会签", Mode.ALL, Duty.CONFIRM, ["role:head"], signed=True, days=3),
                StageDraft("校长办公会", Mode.MEETING, Duty.APPROVE, ["role:principal"], days=15),
                StageDraft("教育局审批", Mode.OUTSIDE, Duty.HANDLE, ["role:storekeeper", "role:head"]),
                StageDraft("财政局审批", Mode.OUTSIDE, Duty.HANDLE, ["role:storekeeper", "role:head"],
                           when=[{"ask": "over_limit", "op": "is", "value": "yes"}]),
                StageDraft("核销", Mode.HANDLE, Duty.HANDLE, ["role:storekeeper", "role:head"], days=5),
            ],
            when=[{"ask": "large", "op": "is", "value": "yes"}],
            source="库房和财务联合申请，校长办公会定，教育局、财政局审批；《行政事业性国有资产管理条例》第十九条",
        ),
        RouteDraft(
            "小额处置",
            [
                StageDraft("总务处、总库房确认", Mode.ALL, Duty.CONFIRM, ["role:head", "role:storekeeper"], signed=True, days=3),
                StageDraft("领导签字", Mode.ONE, Duty.APPROVE, ["role:principal"], signed=True, days=3),
            ],
            source="分保管员申请，总务处和总库房确认签字，领导签字后核销",
        ),
    ],
)  # fmt: skip
register(DISPOSAL)
