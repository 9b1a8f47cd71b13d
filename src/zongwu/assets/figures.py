"""What the register says: figures, statements, breakdowns and dues. Seeds R1.08–R1.11, R3.01."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count as SqlCount
from django.db.models import Q, QuerySet, Sum

from zongwu.assets import catalogue
from zongwu.assets.models import (
    EXACT_ENOUGH,
    Agreement,
    AgreementLine,
    Asset,
    AssetSpell,
    Damage,
    DepreciationCharge,
    Disposal,
    Finding,
    Handover,
    ItemRequest,
    Payment,
    Placement,
    State,
    Stocktake,
    StocktakeItem,
    StocktakeRoom,
)
from zongwu.kernel.approvals.models import Document
from zongwu.kernel.dues import Due
from zongwu.kernel.figures import Breakdown, Count, Figure, Share, Statement, Total, Window


def on_books(window: Window) -> QuerySet[Any]:
    """The spell in which each card stood at the window's end."""
    rows: QuerySet[Any] = AssetSpell.objects.as_of(window)
    return rows


def at_start(window: Window) -> QuerySet[Any]:
    """The spell in which each card stood on the first day, but for what was acquired in the window itself.

    Cards of an old book without a date stand from the opening date on, so the first term begins with them.
    """
    return on_books(Window(window.since, window.since)).exclude(
        asset__acquired_on__range=(window.since, window.until), asset__precision__in=EXACT_ENOUGH
    )


def added(window: Window) -> QuerySet[Any]:
    """Cards acquired within the window; cards of an old book are not additions of the term in which they were typed in."""
    days = (window.since, window.until)
    rows: QuerySet[Any] = Asset.objects.live().filter(
        acquired_on__range=days,
        precision__in=EXACT_ENOUGH,
        in_books_on__range=days,  # the same day, with an index
    )
    return rows


def _named(*words: str) -> Q:
    matches = Q()
    for word in words:
        matches |= Q(name__contains=word)
    return matches


def disposed(window: Window) -> QuerySet[Any]:
    """Spells in which a card became disposed of within the window."""
    rows: QuerySet[Any] = AssetSpell.objects.filter(
        state=State.DISPOSED, from_on__range=(window.since, window.until), asset__void=False, seq__gt=1
    ).select_related("asset")
    return rows


def charged(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = DepreciationCharge.objects.filter(
        month__range=(window.since, window.until), opening=False, reversal=False, asset__void=False
    ).select_related("asset")
    return rows


def handed_over(window: Window) -> QuerySet[Any]:
    """Slips signed to the end within the window."""
    return _passed(Handover, window)


def disposals(window: Window) -> QuerySet[Any]:
    """Struck off within the window."""
    return _passed(Disposal, window)


def disposals_running(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = Disposal.objects.awaiting()
    return rows


def proceeds(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = Disposal.objects.filter(settled_on__range=(window.since, window.until))
    return rows


def damages(window: Window) -> QuerySet[Any]:
    """Settled within the window."""
    return _passed(Damage, window)


def payments(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = Payment.objects.filter(
        on__range=(window.since, window.until), cancelled_on=None
    ).select_related("damage")
    return rows


def agreements(window: Window) -> QuerySet[Any]:
    """Signed by everybody within the window."""
    return _passed(Agreement, window)


def accepted(window: Window) -> QuerySet[Any]:
    """Accepted back within the window."""
    rows: QuerySet[Any] = Agreement.objects.filter(accepted_on__range=(window.since, window.until))
    return rows


def answered(window: Window) -> QuerySet[Any]:
    """The cards of the agreements that were accepted back within the window."""
    rows: QuerySet[Any] = AgreementLine.objects.filter(agreement__in=accepted(window).values("pk"))
    return rows.select_related("asset")


def placements(window: Window) -> QuerySet[Any]:
    """Put in within the window."""
    rows: QuerySet[Any] = Placement.objects.filter(placed_on__range=(window.since, window.until)).select_related(
        "asset"
    )
    return rows


def counts(window: Window) -> QuerySet[Any]:
    """Counts approved within the window."""
    return _passed(Stocktake, window)


def counted(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = StocktakeItem.objects.filter(stocktake__in=counts(window).values("pk")).select_related(
        "asset"
    )
    return rows


def _passed(model: type[Document], window: Window) -> QuerySet[Any]:
    """Documents of a kind whose approval ended well within the window, by the day of the last signature."""
    days = (window.since, window.until)
    rows: QuerySet[Any] = model.objects.filter(state=Document.State.APPROVED, ended_on__range=days)
    return rows


NAMED = Q(custodian__isnull=False) & Q(user__isnull=False) & Q(responsible__isnull=False)
_PLACED = Q(place__isnull=False)

FIGURES = [
    Figure("assets.cards", "固定资产卡片", "张", Count(), on_books, "期末在册的卡片；已处置和作废的不算", as_of=True),
    Figure("assets.pieces", "固定资产", "件", Total("quantity"), on_books, "期末在册卡片的数量之和（件、台、套、册都算）", as_of=True),
    Figure("assets.value", "固定资产原值", "元", Total("value"), on_books, "期末在册卡片的原值之和；已处置和作废的不算", as_of=True),
    Figure("assets.cards_at_start", "期初卡片", "张", Count(), at_start, "学期第一天在册、不是本学期取得的卡片", as_of=True),
    Figure("assets.value_at_start", "期初原值", "元", Total("value"), at_start, "学期第一天在册、不是本学期取得的卡片的原值之和", as_of=True),
    Figure("assets.added_cards", "新增卡片", "张", Count(), added, "取得日期在本学期内的卡片；补录旧账不算新增", opens="acquired_after={since}&acquired_before={until}"),
    Figure("assets.added_pieces", "新增资产", "件", Total("quantity"), added, "取得日期在本学期内的卡片的数量之和"),
    Figure("assets.added_value", "新增资产原值", "元", Total("value"), added, "取得日期在本学期内的卡片的原值之和"),
    Figure("assets.added_projectors", "新增投影仪", "台", Total("quantity"), added, "名称含“投影”的新增卡片的数量之和", only=_named("投影")),
    Figure("assets.added_laptops", "新增笔记本电脑", "台", Total("quantity"), added, "名称含“笔记本”或“便携式计算机”的新增卡片的数量之和", only=_named("笔记本", "便携式计算机")),
    Figure("assets.added_panels", "新增触控一体机", "台", Total("quantity"), added, "名称含“触控一体机”或“教学一体机”的新增卡片的数量之和", only=_named("触控一体机", "教学一体机")),
    Figure("assets.named", "专人使用、负责、保管的卡片比例", "%", Share(NAMED), on_books, "期末在册卡片中，使用人、责任人、保管人三项都有的比例", as_of=True),
    Figure("assets.placed", "登记到房间的卡片比例", "%", Share(_PLACED), on_books, "期末在册卡片中，写明存放地点的比例", as_of=True),
    Figure("assets.in_use", "在用卡片", "张", Count(), on_books, "期末状况为在用的卡片", as_of=True, opens="state=in_use", only=Q(state=State.IN_USE)),
    Figure("assets.idle", "闲置卡片", "张", Count(), on_books, "期末状况为闲置的卡片", as_of=True, opens="state=idle", only=Q(state=State.IDLE)),
    Figure("assets.idle_value", "闲置资产原值", "元", Total("value"), on_books, "期末状况为闲置的卡片的原值之和", as_of=True, only=Q(state=State.IDLE)),
    Figure("assets.pending", "待处置卡片", "张", Count(), on_books, "期末待处置、还没有核销的卡片", as_of=True, opens="state=pending", only=Q(state=State.PENDING)),
    Figure("assets.pending_value", "待处置资产原值", "元", Total("value"), on_books, "期末待处置、还没有核销的卡片的原值之和", as_of=True, only=Q(state=State.PENDING)),
    Figure("assets.disposed_cards", "处置卡片", "张", Count(), disposed, "本学期内核销的卡片；补录时已处置的不算"),
    Figure("assets.disposed_value", "处置资产原值", "元", Total("value"), disposed, "本学期内核销的卡片的原值之和"),
    Figure("assets.lent", "借出卡片", "张", Count(), on_books, "期末借出、还没有归还的卡片", as_of=True, opens="state=lent", only=Q(state=State.LENT)),
    Figure("assets.handed_over", "交接单", "张", Count(), handed_over, "本学期内签完的领用、借用、调拨和移交单"),
    Figure("assets.transferred", "部门调拨", "张", Count(), handed_over, "本学期内签完的部门调拨单", only=Q(form="transfer")),
    Figure("assets.disposals", "处置申请办结", "份", Count(), disposals, "本学期内审批通过、已核销的处置申请"),
    Figure("assets.disposals_running", "处置手续在办", "份", Count(), disposals_running, "现在正在审批或退回补办的处置申请", as_of=True),
    Figure("assets.disposal_proceeds", "处置收入", "元", Total("proceeds"), proceeds, "本学期内登记上缴的资产处置收入"),
    Figure("assets.counts", "资产盘点", "次", Count(), counts, "本学期内批准结束的盘点"),
    Figure("assets.counted", "盘点卡片", "张", Count(), counted, "本学期批准的盘点里，账面上应盘的卡片"),
    Figure("assets.count_matched", "盘点相符率", "%", Share(Q(result="match")), counted, "本学期批准的盘点里，相符的卡片占应盘卡片的比例；位置不符、数量不符和盘亏都不算相符"),
    Figure("assets.count_lost", "盘亏卡片", "张", Count(), counted, "本学期批准的盘点里，按盘亏处理的卡片", only=Q(answer="loss")),
    Figure("assets.agreements", "财产保管责任书", "份", Count(), agreements, "本学期内各方签完的责任书"),
    Figure("assets.agreements_classes", "其中班级的", "份", Count(), agreements, "本学期内签完的责任书里，班级的", only=Q(school_class__isnull=False)),
    Figure("assets.accepted", "期末验收", "份", Count(), accepted, "本学期内验收完的责任书"),
    Figure("assets.accepted_classes", "验收的班级责任书", "份", Count(), accepted, "本学期内验收完的班级责任书", only=Q(school_class__isnull=False)),
    Figure("assets.accepted_clean", "没有损失的班级责任书", "份", Count(), accepted, "验收完的班级里，一件不缺、学期内也没有人为损坏的", only=Q(school_class__isnull=False, loss=0, missing=0)),
    Figure("assets.loss", "财产损失", "元", Total("loss"), accepted, "验收时清单里缺的按原值，加上责任期内发生、已经核定的损坏赔偿的价款；后来添到房间里的不算"),
    Figure("assets.loss_rate", "财产缺损率", "%", Share(Q(lost=True)), answered, "本学期验收完的责任书，清单里缺的和人为损坏的卡片占全部卡片的比例"),
    Figure("assets.placed_items", "配发安装", "件", Count(), placements, "本学期内在房间装好的配发设备"),
    Figure("assets.placed_replacing", "其中更新换旧", "件", Count(), placements, "装好的配发设备里，换下了旧设备的", only=Q(old__isnull=False)),
    Figure("assets.damages", "损坏赔偿", "件", Count(), damages, "本学期内签完的损坏赔偿单"),
    Figure("assets.damages_wear", "其中正常损耗", "件", Count(), damages, "本学期内签完、定为正常损耗、不用赔的", only=Q(cause="wear")),
    Figure("assets.damages_amount", "应赔金额", "元", Total("amount"), damages, "本学期内签完的损坏赔偿单的应赔之和"),
    Figure("assets.damages_paid", "收到赔款", "元", Total("amount"), payments, "本学期内开了收据的赔款之和"),
    Figure("assets.depreciation", "本学期折旧", "元", Total("amount"), charged, "本学期各月计提的折旧之和；期初补提不算"),
]  # fmt: skip

STATEMENTS = [
    Statement("assets.whole", "assets", "期末在册固定资产{assets.cards}张卡片、{assets.pieces}件，原值{assets.value}元。"),
    Statement("assets.growth", "assets", "学期初原值{assets.value_at_start}元，本学期新增{assets.added_cards}张卡片、{assets.added_pieces}件，原值{assets.added_value}元。", ("assets.added_cards",)),
    Statement("assets.bought_projectors", "assets", "其中投影仪{assets.added_projectors}台。"),
    Statement("assets.bought_laptops", "assets", "其中笔记本电脑{assets.added_laptops}台。"),
    Statement("assets.bought_panels", "assets", "其中触控一体机{assets.added_panels}台。"),
    Statement("assets.people", "assets", "使用人、责任人、保管人三项都落实到人的卡片占{assets.named}。"),
    Statement("assets.rooms", "assets", "登记到房间的卡片占{assets.placed}。"),
    Statement("assets.idle_said", "assets", "闲置{assets.idle}张卡片，原值{assets.idle_value}元。"),
    Statement("assets.pending_said", "assets", "待处置{assets.pending}张卡片，原值{assets.pending_value}元，还没有核销。"),
    Statement("assets.disposed_said", "assets", "核销处置{assets.disposed_cards}张卡片，原值{assets.disposed_value}元。"),
    Statement("assets.disposals_said", "assets", "办结处置申请{assets.disposals}份，上缴处置收入{assets.disposal_proceeds}元。", ("assets.disposals",)),
    Statement("assets.disposals_running_said", "assets", "另有{assets.disposals_running}份处置手续正在办理。"),
    Statement("assets.handed_over_said", "assets", "办理资产领用、借用、调拨和移交{assets.handed_over}次，都有签字。"),
    Statement("assets.counted_said", "assets", "组织资产盘点{assets.counts}次，应盘{assets.counted}张卡片，相符率{assets.count_matched}，盘亏{assets.count_lost}张。", ("assets.counts",)),
    Statement("assets.agreements_said", "assets", "签订财产保管责任书{assets.agreements}份，其中班级的{assets.agreements_classes}份。", ("assets.agreements",)),
    Statement("assets.accepted_said", "assets", "期末验收{assets.accepted}份，其中班级的{assets.accepted_classes}份里{assets.accepted_clean}份没有损失；财产缺损率{assets.loss_rate}。", ("assets.accepted",)),
    Statement("assets.placed_said", "assets", "为教室和办公室配发安装设备{assets.placed_items}件，其中更新换旧{assets.placed_replacing}件。", ("assets.placed_items",)),
    Statement("assets.damages_said", "assets", "处理财产损坏{assets.damages}件，应赔{assets.damages_amount}元，收到赔款{assets.damages_paid}元。", ("assets.damages",)),
    Statement("assets.depreciation_said", "assets", "按月计提折旧{assets.depreciation}元。"),
]  # fmt: skip


def by_category(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """Value on the books by second-level class; unclassified cards last."""
    totals: dict[str, Decimal] = {}
    for code, value in on_books(window).values_list("asset__category").annotate(total=Sum("value")):
        label = catalogue.group_name(code) if code else "未定分类"
        totals[label] = totals.get(label, Decimal(0)) + value
    return sorted(totals.items(), key=lambda item: (item[0] == "未定分类", -item[1], item[0]))


def by_department(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    rows = on_books(window).values_list("department__name").annotate(n=SqlCount("id"))
    return sorted(((name or "未定部门", n) for name, n in rows), key=lambda item: (-item[1], item[0]))


def loss_by_class(window: Window) -> Sequence[tuple[str, Decimal | int]]:
    """Of the agreements that were accepted back; rooms without a class come as one."""
    rows = (
        accepted(window)
        .values_list("school_class__name")
        .annotate(total=Sum("loss"))
        .order_by("-total", "school_class__name")
    )
    return [(name or "专用室", total) for name, total in rows]


BREAKDOWNS = [
    Breakdown("assets.loss_by_class", "各班财产损失", "assets.loss", loss_by_class),
    Breakdown("assets.value_by_category", "固定资产原值分类", "assets.value", by_category),
    Breakdown("assets.cards_by_department", "各部门卡片数", "assets.cards", by_department),
]

DUES = [
    Due("assets.date_open", "日期待确认", "assets.confirm_asset", lambda today: Asset.objects.waiting_for_date(),
        "旧账上没有写清取得日期，补上以后才能提折旧。", "warn", opens="waiting=date", problem="旧账上还有{n}张卡片没有写清取得日期，不能提折旧。"),
    Due("assets.category_open", "分类待确认", "assets.confirm_asset",
        lambda today: Asset.objects.on_books().filter(category_confirmed=False), "分类定了才有折旧年限，也才能报财政。", "info", opens="waiting=category", problem="{n}张卡片的国标分类还没有确认。"),
    Due("assets.state_open", "状况待确认", "assets.confirm_asset",
        lambda today: Asset.objects.on_books().filter(state_known=False), "旧账上没有写使用状况，看一眼实物再定。", "info", opens="waiting=state"),
    Due("assets.value_open", "原值为 0 待核实", "assets.confirm_asset",
        lambda today: Asset.objects.on_books().filter(value=0), "捐赠没有凭据的按名义金额 1 元入账。", "info", opens="waiting=value", problem="{n}张卡片的原值为 0，有待核实。"),
    Due("assets.loans_overdue", "借出过期没还", "assets.read_asset", lambda today: Asset.objects.lent_beyond(today),
        "到期没还的，催还或者办续借。", "bad", opens="waiting=overdue", problem="借出的{n}张卡片过了归还期限还没有还。"),
    Due("assets.broken", "损坏未处理", "assets.change_state", lambda today: Asset.objects.broken(),
        "坏了的东西要么报修，要么申请处置。", "bad", opens="waiting=broken", problem="{n}张卡片的东西已经损坏，还没有修理或处置。"),
    Due("assets.proceeds_open", "处置收入没有登记", "assets.settle_disposal", lambda today: Disposal.objects.unsettled(),
        "核销以后，卖了多少、缴到哪里要登记；没有收入也要写。", "warn", opens="waiting=proceeds"),
    Due("assets.rooms_unchecked", "这个月没有自查的房间", "assets.keep_room", lambda today: Agreement.objects.to_check(today),
        "站在房间里点一遍：都在就一下，不对的标出来。", "info", opens="waiting=check"),
    Due("assets.agreements_over", "责任书到期，没有验收", "assets.keep_room", lambda today: Agreement.objects.to_accept(today),
        "期末按清单验收，学生代表、班主任、室负责人和总务处签字。", "warn", opens="waiting=accept"),
    Due("assets.findings_open", "自查发现没有办完", "assets.settle_finding", lambda today: Finding.objects.open(),
        "少了的、坏了的，一件一件落实，写上结果。", "warn", opens="settled=no"),
    Due("assets.placements_open", "要装的房间", "assets.place_item", lambda today: Placement.objects.open(),
        "设备到了，一间一间装；装好点一下，台账就到位。", "info", opens="waiting=open"),
    Due("assets.requests_open", "要东西的申请，还没答复", "assets.answer_request", lambda today: ItemRequest.objects.open(),
        "有闲置的开交接单，没有的说清楚买不买。", "warn", opens="waiting=open"),
    Due("assets.write_offs", "核定报损，还没申请处置", "assets.apply_disposal", lambda today: Damage.objects.to_write_off(),
        "修不了的、丢了的，核定以后要申请处置，台账才销。", "warn", opens="waiting=write_off"),
    Due("assets.damages_unpaid", "赔款没有收清", "assets.take_payment", lambda today: Damage.objects.unpaid(),
        "签完的赔偿单还没有收到钱，收了要开收据。", "warn", opens="waiting=unpaid"),
    Due("assets.rooms_open", "要盘的房间", "assets.count_assets", lambda today: StocktakeRoom.objects.open(),
        "盘点开始了，站在房间里一件一件扫。", "info", opens="state=open"),
    Due("assets.warranty", "保修 30 天内到期", "assets.read_asset",
        lambda today: Asset.objects.on_books().filter(warranty_until__range=(today, date.fromordinal(today.toordinal() + 30))),
        "到期前该修的先报厂家修。", "warn", by="warranty_until", opens="waiting=warranty"),
]  # fmt: skip
FIGURES += [due.figure("张") for due in DUES if due.problem]
STATEMENTS += [due.statement("张") for due in DUES if due.problem]
