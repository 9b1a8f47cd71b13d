"""What of the register is approved, and by which routes a school begins. Limits are settings (`SETTINGS`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zongwu.assets import counting, custody, rules, steps
from zongwu.assets.models import (
    Agreement,
    AgreementLine,
    Asset,
    Damage,
    Disposal,
    DisposalLine,
    Handover,
    HandoverLine,
    RoomCheck,
    State,
    Stocktake,
    StocktakeItem,
    Surplus,
)
from zongwu.kernel.amounts import format_yuan, plain_quantity
from zongwu.kernel.approvals.conditions import Ask
from zongwu.kernel.approvals.matters import Matter, Party, RouteDraft, StageDraft, register
from zongwu.kernel.approvals.prescribed import Duty, Mode
from zongwu.kernel.errors import Refused
from zongwu.school.queries import heads_of
from zongwu.school.settings import Setting, setting

_LIMITS = "《事业单位国有资产管理暂行办法》（财政部令第36号）第二十六条；数额按当地规定"
LARGE_UNIT = setting("assets.disposal_large_unit", "大额处置：单件原值达到（元）", "10000")
LARGE_BATCH = setting("assets.disposal_large_batch", "大额处置：批量原值达到（元）", "50000")
LIMIT_UNIT = setting("assets.disposal_limit_unit", "报财政局审批：单件原值达到（元）", "100000", source=_LIMITS)
LIMIT_BATCH = setting("assets.disposal_limit_batch", "报财政局审批：批量原值达到（元）", "200000", source=_LIMITS)
SMALL_REPAIR = setting("assets.small_repair", "班级自修限额：一次修理费不超过（元）", "50")
WEAR_FLOOR = setting("assets.wear_floor", "赔偿折旧后最少赔（%）", "20")
ALWAYS_LARGE = ("A01", "A0203")
"""Houses, structures, land and vehicles go the large way whatever they cost (财政部令第36号 art. 26)."""


def is_large(disposal: Disposal, on: date) -> bool:
    """Whether the school's meeting and the bureau decide (R1.13), not the leader alone (R1.12)."""
    return _reaches(disposal, LARGE_UNIT, LARGE_BATCH, on)


def over_limit(disposal: Disposal, on: date) -> bool:
    """Whether the finance bureau has to approve too."""
    return _reaches(disposal, LIMIT_UNIT, LIMIT_BATCH, on)


def _reaches(disposal: Disposal, unit: Setting, batch: Setting, on: date) -> bool:
    """Whether the list or one thing on it reaches a limit; of a card that stands for many, one of them is a thing."""
    lines = disposal.lines.values_list("value", "asset__quantity", "asset__category")
    each = unit.on(on)
    return disposal.value >= batch.on(on) or any(
        value >= each * quantity or category.startswith(ALWAYS_LARGE) for value, quantity, category in lines
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
        "使用部门": disposal.department or "",
        "鉴定人": [one for one in (disposal.appraiser, disposal.second_appraiser) if one],
        "接收或回收单位": disposal.receiver,
        "原值合计": f"{disposal.value:,.2f}",
        "lines": [_line(line, line.asset) for line in disposal.listed],
    }


def _line(line: DisposalLine, card: Asset) -> list[Any]:
    return [
        card.number, card.finance_number, card.name, card.spec, card.category, plain_quantity(card.quantity), card.unit,
        card.acquired, card.life_months or "", format_yuan(line.value), format_yuan(line.accumulated), line.finding,
    ]  # fmt: skip


DISPOSAL = Matter(
    "assets.disposal", Disposal, "资产处置", light=frozenset({"处置原因"}),
    load=_load, shown=_shown, amount=lambda disposal: disposal.value,
    facts=lambda disposal, on: {
        "amount": disposal.value, "form": disposal.form, "large": is_large(disposal, on), "over_limit": over_limit(disposal, on),
    },
    asks={
        "amount": Ask("批量原值（元）"),
        "form": Ask("处置形式", "choice", dict(Disposal.Form.choices)),
        "large": Ask("达到大额标准", "flag"),
        "over_limit": Ask("达到财政审批限额", "flag"),
    },
    parties={"appraisers": Party("鉴定人", lambda disposal, on: [disposal.appraiser, disposal.second_appraiser])},
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


def _load_count(pk: int) -> Any:
    """The count with its differences; what matches is only counted."""
    stocktake: Any = Stocktake.objects.select_related("applicant", "watcher", "second_watcher").get(pk=pk)
    rows = StocktakeItem.objects.filter(stocktake=stocktake).exclude(result=StocktakeItem.Result.MATCH)
    stocktake.differences = list(
        rows.select_related("asset", "room__place", "found_room__place").order_by("asset__number")
    )
    stocktake.found = list(Surplus.objects.filter(stocktake=stocktake).select_related("room__place").order_by("id"))
    return stocktake


def _shown_of_count(stocktake: Any) -> Mapping[str, Any]:
    return {
        "盘点": stocktake.name, "账面日期": stocktake.base_on, "监盘人": [stocktake.watcher, stocktake.second_watcher],
        **_figures_of(stocktake),
        "lines": [
            [row.asset.number, row.asset.name, row.get_result_display(), f"账面 {plain_quantity(row.quantity)} 实有 {plain_quantity(row.counted)}",
             row.get_answer_display(), f"损失 {format_yuan(row.loss)}", row.seen_in.place if row.seen_in else "", row.reason]
            for row in stocktake.differences
        ] + [["盘盈", row.name, row.category, plain_quantity(row.quantity), row.room.place, row.get_answer_display(), format_yuan(row.value), row.reason]
            for row in stocktake.found],
    }  # fmt: skip


def _figures_of(stocktake: Any) -> Mapping[str, int]:
    found = counting.tally(stocktake)
    return {
        "账面": found["books"],
        "相符": found["match"],
        "位置不符": found["moved"],
        "盘亏": found["short"] + found["fewer"],
        "盘盈": found["surplus"],
    }


def _loss(stocktake: Any) -> Decimal:
    return sum((row.loss for row in stocktake.differences), Decimal(0))


STOCKTAKE = Matter(
    "assets.stocktake", Stocktake, "盘点结果",
    load=_load_count, shown=_shown_of_count, amount=_loss,
    facts=lambda stocktake, on: {
        "amount": _loss(stocktake),
        "differs": any(row.answer == StocktakeItem.Answer.LOSS for row in stocktake.differences) or bool(stocktake.found),
    },
    asks={"amount": Ask("盘亏原值（元）"), "differs": Ask("有盘盈或盘亏", "flag")},
    parties={"watchers": Party("监盘人", lambda stocktake, on: [stocktake.watcher, stocktake.second_watcher])},
    approved=counting.apply_count, ended=counting.reopen, outcome="stocktake.applied",
    routes=[
        RouteDraft(
            "盘点结果",
            [
                StageDraft("监盘", Mode.ALL, Duty.WITNESS, ["party:watchers"], signed=True, days=5),
                StageDraft("财务核账", Mode.ONE, Duty.BOOKKEEP, ["role:bookkeeper"], days=5),
                StageDraft("总务主任", Mode.ONE, Duty.CONFIRM, ["role:head"], signed=True, days=3),
                StageDraft("校长办公会", Mode.MEETING, Duty.APPROVE, ["role:principal"], when=[{"ask": "differs", "op": "is", "value": "yes"}], days=15),
            ],
            source="《行政事业性国有资产管理条例》第三十八、三十九条：盘盈盘亏按规定处理，批准后调账",
        ),
    ],
)  # fmt: skip


def _load_handover(pk: int) -> Handover:
    """The slip with its list and people, in one query."""
    people = ("applicant", "giver", "receiver", "witness", "from_department", "to_department", "to_place")
    lines = HandoverLine.objects.filter(handover=pk).select_related("asset", *(f"handover__{one}" for one in people))
    listed = list(lines.order_by("seq"))
    handover: Handover = listed[0].handover if listed else Handover.objects.select_related(*people).get(pk=pk)
    handover.listed = listed  # type: ignore[attr-defined]
    return handover


def _shown_of_handover(handover: Any) -> Mapping[str, Any]:
    return {
        "办什么": handover.get_form_display(), "移交人": handover.giver or "", "接收人": handover.receiver, "监交人": handover.witness or "",
        "移出部门": handover.from_department or "", "移入部门": handover.to_department or "", "放到哪里": handover.to_place or "",
        "归还期限": handover.due_on or "", "用途或原因": handover.reason,
        "lines": [[line.asset.number, line.asset.name, plain_quantity(line.asset.quantity)] for line in handover.listed],
    }  # fmt: skip


def _still_here(ctx: Any, handover: Any) -> None:
    """:raises Refused: something on the slip is not here any more, or is being counted."""
    cards = [line.asset for line in handover.listed]
    gone = [card for card in cards if card.void or card.state not in (State.IN_USE, State.IDLE)]
    if gone:
        raise Refused(*(f"{card} 现在是{card.get_state_display()}，这张单子办不下去了，请退回。" for card in gone[:5]))
    counting.refuse_while_counted(cards)


def _when(form: str) -> list[dict[str, str]]:
    return [{"ask": "form", "op": "is", "value": form}]


HANDOVER = Matter(
    "assets.handover", Handover, "资产交接", light=frozenset({"用途或原因"}),
    load=_load_handover, shown=_shown_of_handover, amount=lambda handover: Decimal(0), facts=lambda handover, on: {"form": handover.form},
    asks={"form": Ask("办什么", "choice", dict(Handover.Form.choices))},
    parties={
        "giver": Party("移交人", lambda handover, on: [handover.giver]), "receiver": Party("接收人", lambda handover, on: [handover.receiver]),
        "witness": Party("监交人", lambda handover, on: [handover.witness]),
        "giving_heads": Party("移出部门负责人", lambda handover, on: heads_of(handover.from_department_id, on)),
        "receiving_heads": Party("移入部门负责人", lambda handover, on: heads_of(handover.to_department_id, on)),
    },
    approved=steps.change_hands, checked=_still_here, outcome="handover.done",
    routes=[
        RouteDraft("部门调拨", [
            StageDraft("移出部门", Mode.ONE, Duty.GIVE, ["party:giving_heads"], joint=True, signed=True, days=3),
            StageDraft("移入部门", Mode.ONE, Duty.RECEIVE, ["party:receiving_heads"], signed=True, days=3),
            StageDraft("总务处调账", Mode.HANDLE, Duty.HANDLE, ["role:storekeeper", "role:head"], days=3),
        ], when=_when("transfer"), source="部门之间调拨办手续，双方签字，总务处在账上注明"),
        RouteDraft("保管移交", [
            StageDraft("移交", Mode.ONE, Duty.GIVE, ["party:giver"], joint=True, signed=True, days=5),
            StageDraft("接收", Mode.ONE, Duty.RECEIVE, ["party:receiver"], signed=True, days=5),
            StageDraft("监交", Mode.ONE, Duty.WITNESS, ["party:witness"], signed=True, days=3),
        ], when=_when("leave"), source="《行政事业性国有资产管理条例》第十五条：人员变动要及时办理交接"),
        RouteDraft("签收", [StageDraft("接收人签收", Mode.ONE, Duty.RECEIVE, ["party:receiver"], signed=True, days=3)]),
    ],
)  # fmt: skip


def _load_damage(pk: int) -> Damage:
    links = ("applicant", "asset", "item", "place", "payer", "payer_class__teacher")
    damage: Damage = Damage.objects.select_related(*links).get(pk=pk)
    return damage


def _shown_of_damage(damage: Damage) -> Mapping[str, Any]:
    return {
        "坏了什么": [damage.asset or "", damage.what, plain_quantity(damage.quantity)], "在哪里": damage.place or "", "发生日期": damage.happened_on, "原因": damage.get_cause_display(),
        "责任人": damage.payer or "", "责任班级": damage.payer_class or "", "怎么处理": damage.get_remedy_display(), "经过": damage.account,
        "价款": format_yuan(damage.full), "扣正常损耗": format_yuan(damage.wear), "应赔": format_yuan(damage.amount),
    }  # fmt: skip


def _answering(damage: Damage, on: date) -> list[Any]:
    """Whoever answers for it; for a class its teacher."""
    return [damage.payer or (damage.payer_class.teacher if damage.payer_class else None)]


def _still_whole(ctx: Any, damage: Damage) -> None:
    """:raises Refused: the card to be written off is not what it was when it was reported."""
    card = damage.asset
    if damage.remedy == Damage.Remedy.WRITE_OFF and (card is None or card.void or card.quantity != damage.quantity):
        raise Refused(f"{card} 的数量改过了，或者已经不在台账上，报损要整张报：请退回改单子。")


DAMAGE = Matter(
    "assets.damage", Damage, "损坏赔偿", light=frozenset({"经过"}),
    load=_load_damage, shown=_shown_of_damage, amount=lambda damage: damage.amount,
    facts=lambda damage, on: {"amount": damage.amount, "named": damage.cause != Damage.Cause.WEAR and bool(damage.answers), "remedy": damage.remedy},
    asks={
        "amount": Ask("应赔（元）"), "named": Ask("有责任人", "flag"), "remedy": Ask("怎么处理", "choice", dict(Damage.Remedy.choices)),
    },
    parties={"answering": Party("责任人或班主任", _answering)},
    approved=steps.settle_damage, checked=_still_whole, outcome="damage.settled",
    routes=[
        RouteDraft("损坏赔偿", [
            StageDraft("责任人签认", Mode.ONE, Duty.APPLY, ["party:answering"], joint=True, signed=True, days=5,
                       when=[{"ask": "named", "op": "is", "value": "yes"}]),
            StageDraft("总务处核定", Mode.ONE, Duty.CONFIRM, ["role:head", "role:storekeeper"], signed=True, days=3),
        ], source="学校财产管理办法：损坏按价赔偿，正常损耗不赔"),
    ],
)  # fmt: skip


def _load_agreement(pk: int) -> Agreement:
    """The agreement with its list and people, in one query."""
    links = [f"agreement__{one}" for one in ("applicant", "term", "place", "school_class", "keeper", "head")]
    listed = list(AgreementLine.objects.filter(agreement=pk).select_related("asset", *links).order_by("seq"))
    agreement: Agreement = listed[0].agreement
    agreement.listed = listed  # type: ignore[attr-defined]
    return agreement


def _shown_of_agreement(agreement: Any) -> Mapping[str, Any]:
    return {
        "学期": agreement.term, "房间": agreement.place, "班级": agreement.school_class or "", "责任人": agreement.keeper, "室负责人": agreement.head or "",
        "责任期到": agreement.until_on, "约定": agreement.terms, "原值": format_yuan(agreement.value),
        "lines": [[line.asset.number, line.asset.name, plain_quantity(line.quantity)] for line in agreement.listed],
    }  # fmt: skip


_ROOM_PARTIES = {
    "keeper": Party("责任人", lambda paper, on: [paper.keeper]), "room_head": Party("室负责人", lambda paper, on: [paper.head]),
}  # fmt: skip
_ROOM_ASKS = {"class": Ask("有班级", "flag"), "head": Ask("另有室负责人", "flag")}
_HEAD_TOO = [{"ask": "head", "op": "is", "value": "yes"}]

AGREEMENT = Matter(
    "assets.agreement", Agreement, "财产保管责任书", load=_load_agreement, shown=_shown_of_agreement, amount=lambda agreement: agreement.value,
    facts=lambda agreement, on: {"class": bool(agreement.school_class_id), "head": bool(agreement.head_id)}, asks=_ROOM_ASKS, parties=_ROOM_PARTIES,
    checked=custody.pupils_first, approved=custody.put_in_charge, outcome="agreement.signed",
    routes=[
        RouteDraft("财产保管责任书", [
            StageDraft("总务处交付", Mode.ONE, Duty.GIVE, ["role:head", "role:storekeeper"], joint=True, signed=True, days=3),
            StageDraft("班主任或保管人", Mode.ONE, Duty.RECEIVE, ["party:keeper"], signed=True, days=7),
            StageDraft("室负责人", Mode.ONE, Duty.CONFIRM, ["party:room_head"], signed=True, days=7, when=_HEAD_TOO),
        ], source="开学各班各室登记财产，责任落实到人"),
    ],
)  # fmt: skip


def _load_check(pk: int) -> RoomCheck:
    links = ("applicant", "place", "agreement__school_class", "keeper", "head")
    check: RoomCheck = RoomCheck.objects.select_related(*links).get(pk=pk)
    return check


def _shown_of_check(check: RoomCheck) -> Mapping[str, Any]:
    findings = check.findings.select_related("asset").order_by("asset__number")
    return {
        "房间": check.place, "责任书": check.agreement or "", "责任人": check.keeper or "", "应有卡片": check.cards, "不对的": check.wrong,
        "lines": [[one.asset.number, one.asset.name, one.get_how_display(), plain_quantity(one.quantity), one.note] for one in findings],
    }  # fmt: skip


ACCEPTANCE = Matter(
    "assets.acceptance", RoomCheck, "期末验收", load=_load_check, shown=_shown_of_check, amount=lambda check: Decimal(0),
    facts=lambda check, on: {"class": bool(check.agreement and check.agreement.school_class_id), "head": bool(check.head_id)}, asks=_ROOM_ASKS,
    parties=_ROOM_PARTIES, approved=custody.accept_back, outcome="room.accepted",
    routes=[
        RouteDraft("期末验收", [
            StageDraft("班主任或保管人", Mode.ONE, Duty.APPLY, ["party:keeper"], joint=True, signed=True, days=3),
            StageDraft("室负责人", Mode.ONE, Duty.APPLY, ["party:room_head"], signed=True, days=3, when=_HEAD_TOO),
            StageDraft("总务处验收", Mode.ONE, Duty.CONFIRM, ["role:storekeeper", "role:head"], signed=True, days=3),
        ], source="期末复查，学生、班主任、室负责人签字"),
    ],
)  # fmt: skip
register(DISPOSAL, STOCKTAKE, HANDOVER, DAMAGE, AGREEMENT, ACCEPTANCE)
