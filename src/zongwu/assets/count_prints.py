"""What is printed and handed in of a count: the sheet to count from or to sign, and the list in the finance bureau's columns."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from zongwu.assets import counting
from zongwu.assets.models import Stocktake, StocktakeItem, Surplus
from zongwu.kernel.amounts import format_yuan, plain_quantity
from zongwu.kernel.approvals.queries import last_case, signed_by
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.ctx import Ctx
from zongwu.ui import pdf

PER_PAGE = 28
HEADS = (
    "序号",
    "资产编号",
    "资产名称",
    "规格型号",
    "单位",
    "账面数",
    "实有数",
    "账面原值（元）",
    "账上在",
    "实物在",
    "保管人",
    "结果",
    "处理意见",
)

_TEMPLATE = r"""
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "a4", flipped: true, margin: (x: 15mm, top: 13mm, bottom: 14mm), footer: context text(size: 7.5pt)[
  #grid(columns: (1fr, 1fr, 1fr), align: (left, center, right), [一式三份：总务、财务、主管部门], data.printed,
    [第 #counter(page).display() 页　共 #counter(page).final().at(0) 页])])
#set text(size: 8.5pt)
#align(center, text(size: 16pt, weight: "bold", tracking: 0.2em, data.title))
#grid(columns: (1fr, 1fr, 1fr, auto), ..data.meta)
#v(1mm)
#table(
  columns: (8mm, 27mm, 1fr, 1fr, 9mm, 12mm, 12mm, 23mm, 26mm, 26mm, 16mm, 17mm, 26mm),
  stroke: 0.25mm, inset: (x: 0.8mm, y: 1.1mm),
  align: (col, row) => (if row == 0 { center } else if col in (5, 6, 7) { right } else if col in (0, 4, 11) { center } else { left }) + horizon,
  table.header(..data.heads.map(head => text(weight: "bold", head))),
  ..data.rows.flatten().map(cell => text(size: 7.5pt, cell)),
  table.cell(colspan: 13, text(weight: "bold", data.sums)),
)
#v(2mm)
#block(breakable: false, grid(columns: (1fr,) * data.signs.len(), column-gutter: 4mm,
  ..data.signs.map(one => [#one.title：#box(width: 24mm, stroke: (bottom: 0.3mm), outset: (bottom: 0.6mm), one.name) #linebreak() #v(1mm) #one.on])))
"""


def count_sheet(ctx: Ctx, stocktake: Stocktake) -> bytes:
    """While it is counted: the list to tick off by hand, room by room. Afterwards: the differences, with who signed.

    A blind count prints no quantities and no places.
    """
    settling = stocktake.phase in (Stocktake.Phase.SETTLING, Stocktake.Phase.DONE)
    rows = StocktakeItem.objects.filter(stocktake=stocktake).select_related(
        "asset", "room__place", "found_room__place", "custodian"
    )  # fmt: skip
    if settling:
        rows = rows.exclude(result=StocktakeItem.Result.MATCH)
    ordered = list(rows.order_by("room__place__path", "asset__number"))
    lines = [
        _line(at, row, blind=stocktake.blind and not settling, settled=settling) for at, row in enumerate(ordered, 1)
    ]
    if settling:
        lines += list(_surplus(stocktake, len(lines)))
    found = counting.tally(stocktake)
    said = signed_by(case) if (case := last_case(stocktake)) else []
    data = {
        "title": "固定资产盘点差异表" if settling else "固定资产盘点表", "heads": HEADS, "rows": lines,
        "meta": [f"单位（章）：{ctx.school.name}", f"盘点：{stocktake.number} {stocktake.name}", f"账面日期：{stocktake.base_on or '未开始'}", f"期限：{stocktake.deadline_on}"],
        "sums": f"账面 {found['books']} 张，相符 {found['match']}，位置不符 {found['moved']}，盘亏 {found['short'] + found['fewer']}，盘盈 {found['surplus']}"
        if settling else f"共 {len(lines)} 张卡片",
        "signs": _signs(stocktake, said), "printed": f"打印：{ctx.person or ''} {ctx.now.astimezone(SCHOOL_ZONE):%Y-%m-%d %H:%M}",
    }  # fmt: skip
    return pdf.to_pdf(_TEMPLATE, data, face="serif")


def _line(at: int, row: Any, *, blind: bool, settled: bool) -> list[str]:
    card = row.asset
    return [
        str(at), card.number, card.name, card.spec, card.unit, "" if blind else plain_quantity(row.quantity),
        plain_quantity(row.counted) if settled else "", format_yuan(row.value), "" if blind else str(row.room.place if row.room else ""),
        str(row.seen_in.place) if row.seen_in else "", str(row.custodian or ""), row.get_result_display() if settled else "",
        f"{row.get_answer_display() if row.answer else ''} {row.reason}".strip(),
    ]  # fmt: skip


def _surplus(stocktake: Stocktake, start: int) -> Iterator[list[str]]:
    for at, row in enumerate(
        Surplus.objects.filter(stocktake=stocktake).select_related("room__place").order_by("id"), start + 1
    ):
        yield [
            str(at), "", row.name, "", "", "0", plain_quantity(row.quantity), format_yuan(row.value), "", str(row.room.place), "", "盘盈",
            f"{row.get_answer_display() if row.answer else ''} {row.reason}".strip(),
        ]  # fmt: skip


def _signs(stocktake: Stocktake, said: Sequence[Any]) -> list[dict[str, str]]:
    """Who signs below: with name and day where they have."""
    stages: dict[str, dict[str, str]] = {"盘点人": {"title": "盘点人", "name": str(stocktake.applicant), "on": ""}}
    for title in ("监盘", "财务核账", "总务主任", "校长办公会"):
        mine = [one for one in said if one.stage and one.stage.name == title]
        stages[title] = {
            "title": title, "name": "、".join(one.who for one in mine),
            "on": f"{max(one.at for one in mine).astimezone(SCHOOL_ZONE):%Y 年 %m 月 %d 日}" if mine else "年　　月　　日",
        }  # fmt: skip
    return list(stages.values())


COLUMNS = (
    "资产编号", "类别代码", "资产名称", "取得方式", "规格型号", "序列号", "计量单位", "取得日期", "入账日期", "价值类型", "账面数量", "账面原值",
    "账面累计折旧", "账面净值", "清查数量", "清查原值", "清查累计折旧", "清查净值", "损益类型", "使用状况", "存放地点", "使用部门", "使用人", "清查基准日",
    "累计使用年限", "权属性质", "是否确权", "备注",
)  # fmt: skip
"""清查明细, rules.md §1.5."""


def bureau_rows(stocktake: Stocktake) -> Iterator[list[Any]]:
    """Every card and every surplus as the finance bureau asks for it; amounts in yuan, dates as dates."""
    rows = StocktakeItem.objects.filter(stocktake=stocktake).select_related(
        "asset__department", "asset__user", "room__place", "found_room__place"
    )
    for row in rows.order_by("asset__number").iterator(chunk_size=2000):
        card, there = row.asset, row.result not in ("short", "waiting")
        share = row.counted / row.quantity if row.quantity else Decimal(0)
        counted = (
            [row.counted, round(row.value * share, 2), round(row.accumulated * share, 2)] if there else [Decimal(0)] * 3
        )
        lost = {"match": "相符", "moved": "相符"}.get(row.result, "盘亏")
        years = (
            round((stocktake.base_on - card.acquired_on).days / 365.25, 1)
            if stocktake.base_on and card.acquired_on
            else None
        )
        place = row.seen_in.place if row.seen_in else row.room.place if row.room else None
        yield [
            card.number, card.category, card.name, card.get_method_display(), card.spec, card.serial, card.unit, card.acquired_on, card.posted_on,
            card.get_value_type_display(), row.quantity, row.value, row.accumulated, row.value - row.accumulated, *counted, counted[1] - counted[2],
            lost, card.get_state_display(), str(place or ""), str(card.department or ""), str(card.user or ""), stocktake.base_on,
            Decimal(str(years)) if years is not None else None, "产权清晰", "", row.reason or row.get_result_display(),
        ]  # fmt: skip
    for one in Surplus.objects.filter(stocktake=stocktake).select_related("room__place").order_by("id"):
        yield [
            "", one.category, one.name, "盘盈", "", "", "", None, None, "名义金额" if one.value <= 1 else "重置值", Decimal(0), Decimal(0), Decimal(0), Decimal(0),
            one.quantity, one.value, Decimal(0), one.value, "盘盈", "在用", str(one.room.place), "", "", stocktake.base_on, None, "", "", one.reason,
        ]  # fmt: skip


def bureau_book(ctx: Ctx, stocktake: Stocktake) -> bytes:
    """The list as a workbook: codes as text, dates as dates, amounts with two decimals."""

    import xlsxwriter  # heavy

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet("清查明细")
        bold, money = (
            book.add_format({"bold": True, "border": 1, "text_wrap": True}),
            book.add_format({"num_format": "#,##0.00"}),
        )
        page.write_string(
            0, 0, f"{ctx.school.name} {stocktake.number} {stocktake.name}　清查基准日 {stocktake.base_on}"
        )
        for at, head in enumerate(COLUMNS):
            page.write_string(1, at, head, bold)
        page.freeze_panes(2, 1)
        page.set_column(0, len(COLUMNS) - 1, 14)
        for number, line in enumerate(bureau_rows(stocktake), 2):
            for at, value in enumerate(line):
                if isinstance(value, Decimal):
                    page.write_number(number, at, value, money)
                elif isinstance(value, str):
                    page.write_string(number, at, value)
                elif value is not None:
                    page.write_datetime(number, at, value)
    return out.getvalue()
