"""The asset ledger as schools really keep it, and as we export it: one list of columns for both directions."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from zongwu.assets.catalogue import category_of_name
from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.cells import Found, Moment, Raw
from zongwu.kernel.transfer.layout import Draft, Sheet, SheetColumn

DEPARTMENT_ALIASES = {
    "总务": "总务处", "后勤": "总务处", "后勤处": "总务处", "教导处": "教务处", "教务": "教务处", "电教组": "信息中心",
    "电教": "信息中心", "图书室": "图书馆", "德育": "德育处", "政教处": "德育处",
}  # fmt: skip
"""Words that mean a department everywhere; a school adds its own as aliases of its departments."""

STATES: dict[str, tuple[str, str]] = {
    "在用": ("在用", ""), "正常": ("在用", ""), "使用中": ("在用", ""), "使用": ("在用", ""), "良好": ("在用", ""), "完好": ("在用", ""),
    "√": ("在用", ""), "自用": ("在用", ""), "闲置": ("闲置", ""), "库存": ("闲置", ""), "未使用": ("闲置", ""),
    "维修": ("维修", ""), "维修中": ("维修", ""), "在修": ("维修", ""), "送修": ("维修", ""), "借出": ("借出", ""), "出借": ("借出", ""),
    "在借": ("借出", ""), "坏": ("在用", "损坏"), "已坏": ("在用", "损坏"), "损坏": ("在用", "损坏"), "故障": ("在用", "损坏"),
    "待报废": ("待处置", ""), "待处置": ("待处置", ""), "拟报废": ("待处置", ""), "已报废": ("已处置", ""), "报废": ("已处置", ""),
    "已处置": ("已处置", ""), "已核销": ("已处置", ""),
}  # fmt: skip
METHODS = {
    "购置": "新购", "新购": "新购", "采购": "新购", "购入": "新购", "调拨": "调拨", "调入": "调拨", "划拨": "调拨", "捐赠": "接受捐赠",
    "接受捐赠": "接受捐赠", "自建": "自建", "自制": "自建", "置换": "置换", "盘盈": "盘盈", "其他": "其他",
}  # fmt: skip
CENT, TOLERANCE = Decimal("0.01"), Decimal("0.01")


def _department(raw: Raw, moment: Moment) -> Found:
    found = cells.text(raw, moment)
    if found.value in DEPARTMENT_ALIASES:
        return Found(DEPARTMENT_ALIASES[found.value], (*found.notes, cells.Note("fixed", "部门别名")))
    return found


def _state(raw: Raw, moment: Moment) -> Found:
    if raw.blank or raw.error:
        return Found(None, cells.warn("使用状况为空"))
    word = cells.tidy(cells.half(raw.text))
    if word not in STATES:
        return Found(None, cells.warn(f"使用状况“{word}”认不出来，请核对"))
    state, condition = STATES[word]
    note = () if word == state and raw.value == word else cells.fixed(f"使用状况“{word}”归一为“{state}”")
    return Found(state, note, {"condition": condition} if condition else {})


def _condition(raw: Raw, moment: Moment) -> Found:
    """Only what is broken is told; whole is what a thing is unless somebody says otherwise."""
    return Found("损坏" if not raw.blank and cells.tidy(raw.text) in {"损坏", "坏", "已坏"} else None)


def _place(raw: Raw, moment: Moment) -> Found:
    return Found(None, cells.warn(f"存放地点为 {raw.error}")) if raw.error else cells.text(raw, moment)


def _method(raw: Raw, moment: Moment) -> Found:
    """Another word for the same way is no change worth telling."""
    if raw.blank or raw.error:
        return Found()
    word = cells.tidy(raw.text)
    return Found(METHODS.get(word, "其他"))


def _old_category(raw: Raw, moment: Moment) -> Found:
    """The 2010 edition's code is kept beside; it never becomes a code of 2022 (2010104 is no A02010104)."""
    return Found() if raw.blank or raw.error else Found(re.sub(r"\s", "", cells.half(raw.text)))


def _optional_day(raw: Raw, moment: Moment) -> Found:
    """A day that may be missing, such as the end of a warranty; it may lie in the future."""
    if raw.blank or raw.error:
        return Found()
    found = cells.day(raw, Moment(moment.as_of.replace(year=2999)))
    return Found(found.value) if found.more.get("date_precision") == "day" else Found(None, cells.warn(f"日期“{raw.text}”不完整"))


def finish(draft: Draft) -> None:
    """What the cells tell of one another: name, number, unit, quantity, price and amount."""
    record = draft.record
    for key in ("no", "name", "qty", "unit", "price", "amount", "date", "dept", "state"):
        record.setdefault(key, None)
    record.setdefault("date_precision", "none")
    if not record["name"]:
        draft.note("name", "reject", "资产名称为空")
    if not record["no"]:
        record["no_assigned"] = True
        draft.note("no", "warn", "无资产编号，由系统编号")
    elif re.search(r"[~至]", record["no"]):
        record["no"] = record["no"].replace("至", "~")
        draft.note("no", "warn", "一行多件（编号区间），按批登记")
    _unit(draft)
    _sums(draft)
    if record["name"] and (code := _category(record)):
        record["category"] = code


def _category(record: dict[str, Any]) -> str | None:
    given = re.sub(r"\s", "", str(record.get("category") or "")).upper()
    return given if re.fullmatch(r"A\d{8}", given) else category_of_name(record["name"])


def _unit(draft: Draft) -> None:
    """The unit written with the number fills an empty column; two different ones leave it open."""
    record = draft.record
    written = record.pop("unit_written", "")
    if written == "批":
        record["unit"] = "批"
    elif written and not record["unit"]:
        record["unit"] = written
    elif written and record["unit"] and written != record["unit"]:
        record["unit_candidates"] = [written, record["unit"]]
        record["unit"] = None
        draft.note("qty", "warn", "数量里的单位与单位列不一致")


def _sums(draft: Draft) -> None:
    """Quantity, price and amount: two give the third; where all three stand and disagree, the amount holds."""
    record = draft.record
    qty, price, amount = record["qty"], record["price"], record["amount"]
    draft.forget("price", "reject") if amount is not None and price is not None and price >= 0 else None
    refused = any(note.severity == "reject" for key, note in draft.notes if key in {"qty", "amount"})
    if qty is None and not refused and price and amount is not None and amount % price == 0:
        qty = record["qty"] = amount / price
        draft.note("qty", "warn", f"数量空，按金额÷单价推得 {qty:f}")
    if qty is None and not refused:
        draft.note("qty", "reject", "数量为空，也推不出来")
        refused = True
    if amount is None and not refused and price is not None and qty:
        record["amount"] = amount = (price * qty).quantize(CENT, ROUND_HALF_UP)
        raw = draft.raw.get("amount", Raw())
        why = f"金额为 {raw.error}，按单价×数量补" if raw.error else "公式无缓存值，按单价×数量" if raw.uncached else "金额空，按单价×数量"
        draft.forget("amount", "warn" if raw.error else "fixed")
        draft.note("amount", "warn" if raw.error else "fixed", why)
    if amount is None and not refused:
        draft.note("amount", "reject", "单价和金额都没有")
        return
    if amount is None or refused:
        draft.estimate = draft.estimate if draft.estimate is not None else amount
        return
    if price is None and qty:
        record["price"] = (amount / qty).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        draft.note("price", "fixed", "单价空，按金额÷数量")
    elif price is not None and qty and abs(price * qty - amount) > TOLERANCE:
        draft.note("amount", "warn", "单价×数量≠金额")
    if amount == 0:
        draft.note("amount", "warn", "原值为 0（捐赠，应按名义金额核实）")


LEDGER = Sheet(
    kind="assets", title="固定资产台账", key="no", name="name", amount="amount", identity=("no", "name", "amount", "date"),
    finish=finish,
    columns=[
        SheetColumn("no", "资产编号", ("编号", "资产编码", "卡片编号", "固定资产编号", "资产号", "卡片号"), cells.code, ditto=False, note="学校自己的编号；留空由系统编号"),
        SheetColumn("finance_no", "财政卡片号", ("财政编号", "财政资产编号", "资产卡片编号"), cells.code, ditto=False),
        SheetColumn("name", "资产名称", ("名称", "品名", "设备名称", "物品名称", "固定资产名称"), cells.text, required=True, note="发票或合同上的名称"),
        SheetColumn("category_2010", "分类代码", ("资产分类代码", "分类编码", "类别代码", "国标代码", "旧分类代码"), _old_category, note="旧表上的 7 位代码，只存不转"),
        SheetColumn("category", "国标分类代码", ("分类代码2022", "GB/T14885-2022", "2022版分类代码"), cells.code, note="GB/T 14885-2022，A 开头 9 位"),
        SheetColumn("spec", "规格型号", ("规格", "型号", "规格及型号", "型号规格"), cells.free),
        SheetColumn("brand", "品牌", (), cells.free),
        SheetColumn("serial", "序列号", ("出厂编号", "机身编号", "SN"), cells.code, ditto=False),
        SheetColumn("unit", "计量单位", ("单位", "量词"), cells.text),
        SheetColumn("qty", "数量", ("件数", "实有数", "账面数量"), cells.quantity, ditto=False),
        SheetColumn("price", "单价", ("单价元", "购置单价"), cells.amount, ditto=False, money=True),
        SheetColumn("amount", "金额（原值）", ("金额", "原值", "总价", "价值", "账面原值", "资产原值", "总金额"), cells.amount, ditto=False, money=True),
        SheetColumn("date", "取得日期", ("购置日期", "购入日期", "入账日期", "启用日期", "购买日期", "取得时间", "购置时间", "购入时间"), cells.day),
        SheetColumn("method", "取得方式", ("来源", "取得途径"), _method, choices=tuple(dict.fromkeys(METHODS.values()))),
        SheetColumn("funding", "资金来源", ("经费来源",), cells.free),
        SheetColumn("supplier", "供应商", ("销售商", "供货单位"), cells.free),
        SheetColumn("dept", "使用部门", ("部门", "使用单位", "管理部门", "使用科室"), _department, fill_down=True),
        SheetColumn("loc", "存放地点", ("地点", "存放位置", "位置", "放置地点", "房间", "使用地点"), _place),
        SheetColumn("user", "使用人", ("领用人", "使用者"), cells.free),
        SheetColumn("custodian", "保管人", ("保管员", "管理人"), cells.free),
        SheetColumn("responsible", "责任人", ("负责人",), cells.free),
        SheetColumn("state", "使用状况", ("状况", "状态", "使用状态", "现状", "资产状态"), _state, ditto=False, choices=("在用", "闲置", "维修", "借出", "待处置", "已处置")),
        SheetColumn("condition", "完好情况", ("完好程度",), _condition, choices=("完好", "损坏")),
        SheetColumn("warranty", "保修到", ("保修期至", "保修截止日期"), _optional_day),
        SheetColumn("life", "折旧年限（月）", ("使用年限月",), cells.integer),
        SheetColumn("remark", "备注", ("说明", "附注"), cells.free, ditto=False),
    ],
)  # fmt: skip
