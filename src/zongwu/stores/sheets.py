"""Stock-in slips as storerooms keep them: several on a page, each with its head, its lines and its sum; and as we export them.

Dispositions: samples/README.md. A row's own number is the slip's with the line's, `RK20260303-01/2`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from zongwu.kernel.amounts import round_price, round_yuan
from zongwu.kernel.clock import today
from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.cells import Found, Moment, Raw, half, nothing, tidy
from zongwu.kernel.transfer.layout import Draft, Sheet, SheetColumn
from zongwu.kernel.transfer.papers import Paper

TOLERANCE = Decimal("0.01")
"""Yuan by which unit price × quantity may differ from the amount."""

_LABELS = {
    "date": r"(?:入库|收货|到货|验收|单据|填单|开单)?日期|入库时间",
    "supplier": r"供货单位|供应单位|供货商|供应商|供货方|销货单位|送货单位|来源",
    "doc": r"入库单号|单据编号|单据号|单号|编号",
    "paper": r"NO\.?|No\.?|№|随货单号|送货单号|发票号",
    "store": r"入库仓库|仓库|库房",
}
_ANY = "|".join(_LABELS.values())


def head(text: str) -> Paper | None:
    """`入库日期：2026.3.3　供货单位：…　单号：RK20260303-01　NO.0000123` as a paper; None for any other line."""
    plain = re.sub(r"[\s\u3000]+", " ", half(text)).strip()
    found: dict[str, str] = {}
    for key, label in _LABELS.items():
        close = r"[:：]?" if key == "paper" else r"\s*[:：]"
        fits = re.search(rf"(?:^|\s)(?:{label}){close}\s*(.*?)(?=\s+(?:{_ANY})\s*[:：.\d]|$)", plain)
        if fits:
            found[key] = fits[1].strip()
    if len(found.keys() & {"date", "supplier", "doc"}) < 2:
        return None
    number = re.sub(r"\s", "", found.get("doc", "")).upper()
    fields: dict[str, Any] = {
        "doc": number or None, "date": None, "supplier": tidy(found.get("supplier", "")) or None, "paper": found.get("paper") or None,
        "store": found.get("store") or None,
    }  # fmt: skip
    paper = Paper(fields, number, found.get("paper", ""))
    day = cells.day(Raw(found.get("date", "")), Moment(today()))
    if day.more.get("date_precision") == "day" and not any(note.severity == "reject" for note in day.notes):
        fields["date"] = str(day.value)
    elif "date" in found:
        missing = re.search(r"\d{4}", found["date"]) and not re.search(r"\d{4}\D+\d{1,2}\D+\d", found["date"])
        paper.problem = "入库日期缺月日" if missing else f"入库日期“{found['date']}”不对，请核对"
    if not number:
        paper.problem = paper.problem or "没有单号"
    return paper


def _quantity(raw: Raw, moment: Moment) -> Found:
    """How many; `2箱（每箱10包）` says what it comes to."""
    found = cells.quantity(raw, moment)
    if found.value is None and not raw.blank:
        return Found(None, cells.reject(f"数量“{raw.text.strip()}”无法换算，请填数字"), found.more)
    return found


def _amount(raw: Raw, moment: Moment) -> Found:
    """A sum may be negative where goods go back; `finish` decides."""
    return cells.amount(raw, moment)


def _day(raw: Raw, moment: Moment) -> Found:
    if raw.blank:
        return nothing(raw)
    found = cells.day(raw, moment)
    if found.more.get("date_precision") == "day":
        return Found(found.value, () if raw.text == found.value else found.notes)
    return Found(None, cells.reject(f"入库日期“{raw.text.strip()}”要写到哪一天"))


def finish(draft: Draft) -> None:
    """What the cells of a line tell of one another: unit, return, price and amount, the line's own number."""
    record = draft.record
    for key in ("doc", "date", "supplier", "paper", "spec", "note", "store", "unit", "price", "amount"):
        record.setdefault(key, None)
    if not record.get("item"):
        draft.note("item", "reject", "品名为空")
    if record["doc"] is None and not draft.refused("doc"):
        draft.note("doc", "reject", "没有单号，请补上")
    if record["date"] is None and not draft.refused("doc", "date"):
        draft.note("date", "reject", "没有入库日期，请补上")
    _unit(draft)
    _return(draft)
    _amounts(draft)
    record["no"] = f"{record['doc']}/{draft.row}"


def _unit(draft: Draft) -> None:
    record, written = draft.record, draft.record.pop("unit_written", "")
    unit = record["unit"]
    packed = draft.raw.get("qty") is not None and "每" in draft.raw["qty"].text
    if written and packed and record["qty"] is not None:
        record["unit"] = written
        draft.forget("qty")
        numbers = re.findall(r"\d+", half(draft.raw["qty"].text))
        draft.note(
            "qty", "warn", f"{unit or '件'}→{written}换算：{'×'.join(numbers[:2])}={record['qty']:f}，需人工确认换算"
        )
    elif written and not unit:
        record["unit"] = written
    elif written and written != unit:
        draft.note("qty", "reject", f"数量里的单位“{written}”和单位列“{unit}”不一致，请改成一种")
    if not record["unit"]:
        draft.note("unit", "reject", "没有单位，请补上")
    if record.get("qty") is None and not draft.refused("qty"):
        draft.note("qty", "reject", "数量为空，请补上")


def _return(draft: Draft) -> None:
    """A negative line that says 退 goes out again; without the word it is a mistake."""
    qty, note = draft.record.get("qty"), str(draft.record.get("note") or "")
    if qty is None or qty >= 0 or "退" not in note:
        return
    draft.forget("qty")
    if isinstance(draft.record["amount"], Decimal) and draft.record["amount"] < 0:
        draft.forget("amount")
    draft.note("qty", "warn", f"负数量，备注“{note}”：按退货（冲减入库）处理")


def _amounts(draft: Draft) -> None:
    record = draft.record
    qty, price, amount = record.get("qty"), record["price"], record["amount"]
    if draft.refused("qty", "price", "amount") or qty is None:
        return
    if amount is None and price is None:
        draft.note("price", "reject", "单价和金额都没有，请补上")
    elif amount is None:
        record["amount"] = round_yuan(price * qty)
        draft.note("amount", "fixed", "金额空，按单价×数量补")
    elif price is None:
        record["price"] = round_price(amount / qty)
        draft.note("price", "fixed", "单价空，按金额÷数量")
    elif abs(price * qty - amount) > TOLERANCE:
        draft.note("amount", "warn", f"单价×数量＝{round_yuan(price * qty):f}，与金额不符，以金额为准")


STOCK_IN = Sheet(
    kind="stock-in",
    title="入库单",
    key="no",
    name="item",
    amount="amount",
    identity=("doc", "item", "spec", "qty", "amount", "date"),
    limits={"doc": 40, "item": 60, "spec": 60, "unit": 10, "supplier": 60, "paper": 40, "note": 60, "store": 40},
    finish=finish,
    paper=head,
    columns=[
        SheetColumn("no", "单号行", (), cells.code, ditto=False, fill_down=False, note="系统导出的，留空"),
        SheetColumn("doc", "单号", ("入库单号", "单据编号", "单据号"), cells.code, note="一张单子一个号"),
        SheetColumn("date", "入库日期", ("日期", "入库时间"), _day, note="如 2026-03-03"),
        SheetColumn("supplier", "供货单位", ("供应商", "供货商", "供应单位", "供货方"), note="没有的会添进供应商名册"),
        SheetColumn("paper", "随货单号", ("送货单号", "发票号", "NO."), cells.free),
        SheetColumn("item", "品名", ("物品名称", "品名规格", "物资名称", "货物名称", "商品名称", "名称"), required=True, note="没有的会添进物品目录"),
        SheetColumn("spec", "规格", ("规格型号", "型号规格", "型号")),
        SheetColumn("unit", "单位", ("计量单位",), note="最小的发放单位，如 包、支"),
        SheetColumn("qty", "数量", ("入库数量", "实收数量", "实收"), _quantity, required=True, ditto=False, fill_down=False, note="退货写负数并在备注写“退货”"),
        SheetColumn("price", "单价", ("入库单价", "含税单价"), cells.unit_price, required=True, ditto=False, fill_down=False),
        SheetColumn("amount", "金额", ("入库金额", "总金额", "小计", "价税合计"), _amount, ditto=False, fill_down=False, money=True),
        SheetColumn("note", "备注", ("说明",), cells.free, ditto=False),
        SheetColumn("store", "仓库", ("库房", "入库仓库"), note="空着就是总库房"),
    ],
)  # fmt: skip
