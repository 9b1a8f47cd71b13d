"""The asset ledger as schools really keep it, and as we export it: one list of columns for both directions.

The tables of words below are what is understood everywhere; a school adds its own when it reads (`reading.read`'s
`words`). Card fields: rules.md §1.4; dispositions: samples/README.md.
"""

from __future__ import annotations

import re
from decimal import Decimal

from zongwu.assets.catalogue import category_of_name
from zongwu.kernel.amounts import round_price, round_yuan
from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.cells import Found, Moment, Raw, fixed, half, nothing, tidy, warn
from zongwu.kernel.transfer.layout import Draft, Sheet, SheetColumn

DEPARTMENT_ALIASES = {"总务": "总务处", "后勤": "总务处", "教导处": "教务处", "电教组": "信息中心", "图书室": "图书馆"}

STATES = {
    "在用": ("在用", "使用", "使用中", "在使用", "正常", "正常使用", "良好", "完好", "好", "自用", "启用", "√", "✓"),
    "闲置": ("闲置", "库存", "在库", "未使用", "未用", "停用", "封存", "备用"),
    "维修": ("维修", "维修中", "在修", "送修", "待修"),
    "借出": ("借出", "出借", "外借", "在借", "出租"),
    "待处置": ("待处置", "待报废", "拟报废", "申请报废", "待核销", "待处理"),
    "已处置": ("已处置", "已报废", "报废", "已核销", "核销", "已处理", "已调出"),
}
"""State → the words for it."""

BROKEN = ("坏", "已坏", "坏了", "损坏", "已损坏", "故障", "有故障", "不能用", "无法使用")
"""Words that say nothing of the state but that the thing, still in use, is broken."""

METHODS = {
    "新购": ("新购", "购置", "购买", "采购", "购入", "自购"),
    "调拨": ("调拨", "调入", "划拨", "配发", "上级配发"),
    "接受捐赠": ("接受捐赠", "捐赠", "受赠", "捐献"),
    "自建": ("自建", "自制", "建造"),
    "置换": ("置换",),
    "盘盈": ("盘盈",),
    "其他": ("其他", "其它"),
}
"""Way of acquisition → the words for it."""

TOLERANCE = Decimal("0.01")
"""Yuan by which unit price × quantity may differ from the amount."""

_SOUND = ("完好", "良好", "好", "正常", "新", "较新")
_STATE_OF = {word: state for state, words in STATES.items() for word in words} | dict.fromkeys(BROKEN, "在用")
_METHOD_OF = {word: method for method, words in METHODS.items() for word in words}
_BATCH = re.compile(r"^(.*?)(\d+)[~至到](?:\D*?)(\d+)$")


# --- cells -----------------------------------------------------------------------------------------------------------


def _department(raw: Raw, moment: Moment) -> Found:
    found = cells.text(raw, moment)
    if found.value not in DEPARTMENT_ALIASES:
        return found
    return Found(DEPARTMENT_ALIASES[found.value], fixed(f"部门别名“{found.value}”"))


def _state(raw: Raw, moment: Moment) -> Found:
    """One word for state and condition together becomes two (decisions 5)."""
    if raw.blank:
        return nothing(raw)
    word = tidy(half(raw.text)).lower()
    states = {_STATE_OF[part] for part in re.split(r"[/、,(); ]+", word) if part in _STATE_OF}
    if len(states) != 1:
        return Found(None, warn(f"使用状况“{raw.text.strip()}”认不出来，请核对"))
    state = states.pop()
    broken = {"state_condition": "损坏"} if any(part in BROKEN for part in re.split(r"[/、,(); ]+", word)) else {}
    return Found(state, () if raw.value == state else fixed(f"使用状况“{raw.text.strip()}”归一为“{state}”"), broken)


def _condition(raw: Raw, moment: Moment) -> Found:
    """损坏 or nothing: that a thing is sound is what a card says anyway."""
    word = tidy(half(raw.text))
    if word in BROKEN:
        return Found("损坏", () if raw.value == "损坏" else fixed(f"“{word}”归一为“损坏”"))
    if raw.blank or word in _SOUND:
        return nothing(raw)
    return Found(None, warn(f"完好情况“{word}”认不出来，请核对"))


def _method(raw: Raw, moment: Moment) -> Found:
    """Another word for the same way is no change worth telling."""
    if raw.blank:
        return nothing(raw)
    word = tidy(raw.text)
    return Found(_METHOD_OF[word]) if word in _METHOD_OF else Found("其他", warn(f"取得方式“{word}”记为“其他”"))


def _old_category(raw: Raw, moment: Moment) -> Found:
    """A code as it stands; one of the 2010 edition is kept and never converted (2010104 is no A02010104)."""
    return nothing(raw) if raw.blank else Found(re.sub(r"\s", "", half(raw.text)).upper())


def _deadline(raw: Raw, moment: Moment) -> Found:
    """A day that may lie in the future, such as the end of a warranty."""
    if raw.blank:
        return nothing(raw)
    found = cells.day(raw, Moment(moment.as_of.replace(year=9999, day=1)))
    if found.more.get("date_precision") == "day":
        return Found(found.value, found.notes)
    return Found(None, warn(f"日期“{raw.text.strip()}”不完整，没有读"))


# --- the row ---------------------------------------------------------------------------------------------------------


def finish(draft: Draft) -> None:
    """What the cells tell of one another: identity, unit, sums, day, state, category."""
    if not draft.record.get("name"):
        draft.note("name", "reject", "资产名称为空")
    _unit(draft)
    _quantity(draft)
    _amount(draft)
    _price(draft)
    _number(draft)
    _day_and_state(draft)
    _category(draft)
    for key, column in (("unit", "unit"), ("price", "price"), ("date_precision", "date")):
        if column not in draft.raw and draft.record.get(key) in (None, "none"):
            del draft.record[key]  # the sheet does not say, so a card that exists keeps its own


def _number(draft: Draft) -> None:
    record = draft.record
    number = record.setdefault("no", None)
    if not number:
        record["no_assigned"] = True
        draft.note("no", "warn", "无资产编号，由系统编号")
    elif batch := _BATCH.match(number):
        record["no"] = re.sub("[至到]", "~", number)
        draft.note("no", "warn", "一行多件（编号区间），按批登记")
        first, last = batch[2], batch[2][: -len(batch[3])] + batch[3]
        if record["qty"] and int(last) - int(first) + 1 != record["qty"]:
            draft.note("no", "warn", f"编号区间有 {int(last) - int(first) + 1} 个号，数量却是 {record['qty']:f}")
    elif re.search(r"[、,;]", number):
        draft.note("no", "warn", "一行多个编号，按批登记")


def _unit(draft: Draft) -> None:
    """The unit written with the quantity fills an empty column; two different ones leave it open."""
    record = draft.record
    written, unit = record.pop("unit_written", ""), record.setdefault("unit", None)
    if written == "批" or (written and not unit):
        record["unit"] = written
    elif written and written != unit:
        record["unit"], record["unit_candidates"] = None, [written, unit]
        draft.note("qty", "warn", "数量里的单位与单位列不一致")


def _quantity(draft: Draft) -> None:
    """An empty quantity follows from amount and price; a sheet without the column counts one thing a row."""
    record = draft.record
    price, amount = record.get("price"), record.get("amount")
    if "qty" not in draft.raw:
        record["qty"], record["qty_assumed"] = Decimal(1), True
    if record["qty"] is not None or draft.refused("qty"):
        return
    if price and amount and amount % price == 0 and not draft.refused("price", "amount"):
        record["qty"] = amount // price
        draft.note("qty", "warn", f"数量空，按金额÷单价推得 {record['qty']:f}")
    else:
        draft.note("qty", "reject", "数量为空，按金额和单价也推不出来，请补上")


def _amount(draft: Draft) -> None:
    """The amount where it is missing; where price × quantity says otherwise, the amount holds."""
    record = draft.record
    qty, price, raw = record["qty"], record.get("price"), draft.raw.get("amount", Raw())
    amount = record.setdefault("amount", None)
    if draft.refused("qty", "amount"):
        return
    if amount is None:
        if price is None or draft.refused("price"):
            draft.note("amount", "reject", "单价和金额都没有，请补上原值")
            return
        record["amount"] = amount = round_yuan(price * qty)
        draft.forget("amount")
        if "amount" in draft.raw:
            what = f"金额为 {raw.error}" if raw.error else "公式无缓存值" if raw.uncached else "金额空"
            draft.note("amount", "warn" if raw.error else "fixed", f"{what}，按单价×数量补")
    elif price is not None and abs(price * qty - amount) > TOLERANCE:
        draft.note("amount", "warn", f"单价×数量＝{round_yuan(price * qty):f}，与金额不符，以金额为准")
    if amount == 0:
        draft.note("amount", "warn", "原值为 0，应按名义金额核实")


def _price(draft: Draft) -> None:
    """The unit price where it is missing or no number."""
    record = draft.record
    qty, amount, raw = record["qty"], record["amount"], draft.raw.get("price", Raw())
    if record.setdefault("price", None) is not None or amount is None or not qty or draft.refused("qty", "amount"):
        return
    record["price"] = round_price(amount / qty)
    unreadable = draft.refused("price")
    draft.forget("price")
    if raw.error or unreadable:
        draft.note("price", "warn", f"单价为 {raw.text.strip()}，按金额÷数量补")
    elif "price" in draft.raw:
        draft.note("price", "fixed", "单价空，按金额÷数量")


def _day_and_state(draft: Draft) -> None:
    record = draft.record
    precision = record.setdefault("date_precision", "none")
    told = any(key == "date" and note.severity != "fixed" for key, note in draft.notes)
    if precision == "none" and "date" in draft.raw and not told:
        draft.note("date", "warn", "取得日期为空")
    if "state" in draft.raw and draft.raw["state"].blank:
        draft.note("state", "warn", "使用状况为空")
    broken = record.pop("state_condition", None)
    if broken and not record.get("condition"):
        record["condition"] = broken


def _category(draft: Draft) -> None:
    """The code of 2022 as given, else suggested by the name until somebody confirms it; never made from an old one."""
    record = draft.record
    given = record.get("category_2010") or ""
    if re.fullmatch(r"A\d{8}", given):
        record["category"], record["category_2010"] = given, None
    elif "category" not in draft.raw and record.get("name") and (code := category_of_name(record["name"])):
        record["category"] = code
    if draft.group and not record.get("group"):
        record["group"] = draft.group


# --- the columns -----------------------------------------------------------------------------------------------------

LEDGER = Sheet(
    kind="assets",
    title="固定资产台账",
    key="no",
    name="name",
    amount="amount",
    identity=("no", "name", "amount", "date"),
    limits={
        "no": 40, "finance_no": 40, "name": 100, "spec": 120, "brand": 60, "serial": 60, "unit": 10, "funding": 60, "dept": 30,
        "loc": 40, "user": 40, "custodian": 40, "responsible": 40, "supplier": 60,
    },
    finish=finish,
    columns=[
        SheetColumn(
            "no", "资产编号",
            ("资产编码", "固定资产编号", "固定资产编码", "资产号", "卡片编号", "卡片号", "设备编号", "物品编号",
             "编号", "编码"),
            cells.code, ditto=False, fill_down=False, note="学校自己的编号，不重复；留空由系统编号",
        ),
        SheetColumn(
            "finance_no", "财政卡片号", ("财政资产编号", "财政编号", "资产卡片编号", "国资编号", "财政局编号"),
            cells.code, ditto=False, fill_down=False, note="财政局资产系统里的编号",
        ),
        SheetColumn(
            "name", "资产名称",
            ("固定资产名称", "设备名称", "物品名称", "物资名称", "仪器名称", "家具名称", "名称", "品名"),
            required=True, note="发票或合同上的名称",
        ),
        SheetColumn(
            "group", "资产类别", ("类别", "资产大类", "资产分类", "分类名称", "类别名称", "分类"),
            note="学校自己分的类",
        ),
        SheetColumn(
            "category_2010", "分类代码",
            ("资产分类代码", "分类编码", "类别代码", "类别编码", "国标代码", "国标码", "资产代码", "旧分类代码"),
            _old_category, note="旧表上的 7 位代码只存不转；A 开头 9 位的是新代码",
        ),
        SheetColumn(
            "category", "国标分类代码", ("2022版分类代码", "GB/T14885-2022", "新分类代码"),
            cells.code, note="GB/T 14885-2022，A 开头 9 位",
        ),
        SheetColumn(
            "spec", "规格型号", ("型号规格", "规格及型号", "规格、型号", "规格/型号", "规格", "型号"), cells.free,
        ),
        SheetColumn("brand", "品牌", ("品牌名称", "厂牌"), cells.free),
        SheetColumn(
            "serial", "序列号", ("出厂编号", "机身序列号", "机身编号", "SN", "S/N"),
            cells.code, ditto=False, fill_down=False,
        ),
        SheetColumn("unit", "计量单位", ("单位", "量词", "数量单位"), note="台、套、件……"),
        SheetColumn(
            "qty", "数量", ("账面数量", "资产数量", "实有数量", "实有数", "件数", "账面数"),
            cells.quantity, ditto=False, fill_down=False, note="只填数字；留空按 金额÷单价",
        ),
        SheetColumn(
            "price", "单价", ("购置单价", "资产单价", "单位价格", "单位价值", "价格"),
            cells.unit_price, ditto=False, fill_down=False, money=True, note="元，可到四位小数",
        ),
        SheetColumn(
            "amount", "金额（原值）",
            ("原值", "资产原值", "账面原值", "固定资产原值", "入账价值", "资产价值", "金额", "总价", "总金额",
             "购置金额", "价值"),
            cells.amount, ditto=False, fill_down=False, money=True, note="元；留空按 单价×数量",
        ),
        SheetColumn(
            "date", "取得日期",
            ("购置日期", "购入日期", "取得时间", "购置时间", "购入时间", "购买日期", "购买时间", "入账日期", "入账时间",
             "启用日期", "投入使用日期", "采购日期", "登记日期", "入库日期", "日期"),
            cells.day, note="如 2023-09-01；只知道月份的写 2023年9月",
        ),
        SheetColumn(
            "method", "取得方式", ("取得途径", "资产来源", "来源", "购置方式", "增加方式"),
            _method, choices=tuple(METHODS),
        ),
        SheetColumn("funding", "资金来源", ("经费来源", "资金渠道", "经费渠道"), cells.free),
        SheetColumn("supplier", "供应商", ("销售商", "供货单位", "供货商", "供应单位")),
        SheetColumn(
            "dept", "使用部门",
            ("使用（管理）部门", "管理部门", "所属部门", "使用科室", "使用处室", "使用单位", "领用部门",
             "部门", "处室", "科室"),
            _department,
        ),
        SheetColumn(
            "loc", "存放地点",
            ("存放位置", "放置地点", "使用地点", "存放场所", "所在位置", "所在地点", "安装地点", "存放处",
             "地点", "位置", "房间", "场所"),
        ),
        SheetColumn("user", "使用人", ("领用人", "使用者", "使用人员")),
        SheetColumn("custodian", "保管人", ("保管员", "管理人", "管理员")),
        SheetColumn("responsible", "责任人", ("负责人", "资产责任人")),
        SheetColumn(
            "state", "使用状况", ("使用状态", "资产状态", "使用情况", "资产状况", "现状", "状况", "状态"),
            _state, choices=tuple(STATES),
        ),
        SheetColumn(
            "condition", "完好情况", ("完好状况", "完好程度", "新旧程度"),
            _condition, choices=("完好", "损坏"),
        ),
        SheetColumn("warranty", "保修到", ("保修截止日期", "保修期至", "质保到期", "质保期至"), _deadline),
        SheetColumn("life", "折旧年限（月）", ("使用年限（月）", "折旧月数", "预计使用月数"), cells.integer),
        SheetColumn("remark", "备注", ("备注说明", "附注", "说明"), cells.free),
    ],
)  # fmt: skip
