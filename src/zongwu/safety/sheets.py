"""The hazard ledger (隐患排查整改台账) as schools and bureaus keep it, and as we export it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zongwu.kernel.figures import percent
from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.cells import Found, Moment, Raw, Reader, fixed, half, nothing, tidy, warn
from zongwu.kernel.transfer.layout import Draft, Record, Sheet, SheetColumn, Stated
from zongwu.safety import rules

EARLIEST = "2000-01-01"
GENERAL, MAJOR = "一般", "重大"
OPEN, DOING, FIXED, CLOSED = "待整改", "整改中", "待复查", "已销号"
_GRADES = {
    GENERAL: {"一般隐患", "一般事故隐患", "小", "较小", "轻微", "低", "低风险", "Ⅲ级", "III级", "三级", "3级", "Ⅳ级", "IV级", "四级", "4级", "Ⅲ", "III", "Ⅳ", "IV", "C", "D", "C级", "D级", "黄", "蓝", "黄色", "蓝色"},
    MAJOR: {"重大隐患", "重大事故隐患", "特别重大", "特大", "严重", "Ⅰ级", "I级", "1级", "一级", "Ⅰ", "I", "A", "A级", "红", "红色", "挂牌"},
}  # fmt: skip
_LARGER = {"较大", "较大隐患", "Ⅱ级", "II级", "2级", "二级", "Ⅱ", "II", "B", "B级", "中", "橙", "橙色", "中等"}
"""A grade that the guide of 2024 does not know: it has two."""
LABELS = {
    "fire": "消防", "building": "校舍", "food": "食品", "lab": "实验实训", "traffic": "校车和校园交通", "crowd": "预防拥挤踩踏", "special": "特种设备", "utility": "水电气热", "security": "治安防范",
    "around": "周边环境", "other": "其他",
}  # fmt: skip
"""What the fields of the records are called on the sheet."""
FIELDS = tuple(LABELS.values())
_STATUS = (
    (FIXED, r"待(?:复查|验收|核查|复核|销号|闭环|办结)|(?:整改|完成|改好).*未(?:复查|验收|复核|核查)|申请(?:销号|复查|验收)"), (DOING, r"部分|未完全|未全部|不合格|不到位|未到位|不彻底"),
    (OPEN, r"(?:未|没|不|无法|拒|暂|仍|尚).*(?:改|完成|销号|闭环|办结|处理|解决|落实|动工|开始)|^(?:未|没|尚|暂|拒|无法)"),
    (OPEN, r"^(?:需|应|须|要求|责令|计划|拟|建议)|待(?:整改|处理|定)|逾期|超期|挂牌|否|[×xX✗]"), (DOING, r"整改中|正在|处理中|进行中|继续|报修|已上报|待料|待采购|限期|施工|长期|持续"),
    (CLOSED, r"销号|闭环|办结|关闭"), (FIXED, r"完成|整改|整治|处理|解决|落实|修复|更换|到位|合格|[√✓☑]|^(?:是|OK|ok|已改|已修|好)$"),
)  # fmt: skip
"""What a word for a status means, the first that fits. Done is not closed: somebody else has to look; and what is denied is neither."""
_PASSED, _DENIED = (
    re.compile(r"合格|通过|属实|消除|到位|销号|完成|整改好|同意|√|✓"),
    re.compile(r"不|未|没|仍|无法|返工|重新|×"),
)


def grade_of(word: str) -> tuple[str, str]:
    """(grade, what is to be said about it): 重大 or 一般; an empty grade where the word says neither."""
    if word in (GENERAL, MAJOR):
        return word, ""
    for grade, words in _GRADES.items():
        if word in words or word.removesuffix("隐患") in words:
            return grade, f"等级“{word}”归一为“{grade}”"
    return (GENERAL, "") if word in _LARGER else ("", "")


def _ordinal(raw: Raw, moment: Moment) -> Found:
    """The number of a line: it only counts, so however it is written nothing is to be said about it."""
    fits = re.search(r"\d{1,6}", half(raw.text))
    return Found(str(int(fits[0])) if fits else None)


def _grade(raw: Raw, moment: Moment) -> Found:
    if raw.blank:
        return Found(GENERAL, warn("没有写等级，按一般隐患记"))
    word = tidy(half(raw.text))
    grade, told = grade_of(word)
    if word in _LARGER:
        return Found(GENERAL, warn(f"等级“{word}”：现行判定只有一般和重大，先按一般记，请核对"))
    if not grade:
        return Found(GENERAL, warn(f"等级“{word}”看不懂，先按一般记，请核对"))
    return Found(grade, fixed(told) if told else ())


def _field(raw: Raw, moment: Moment) -> Found:
    if raw.blank:
        return Found(None)
    word = tidy(half(raw.text))
    if word in FIELDS:
        return Found(word)
    meant = LABELS[rules.field_of(word)]
    return Found(meant, fixed(f"类别“{word}”归一为“{meant}”") if meant != "其他" else warn(f"类别“{word}”记在“其他”"))


def status_of(word: str) -> str:
    """What a word for a status means; empty where it says nothing."""
    return next((state for state, pattern in _STATUS if re.search(pattern, word)), "")


def _status(raw: Raw, moment: Moment) -> Found:
    if raw.blank and not re.fullmatch(r"[×xX否]", tidy(raw.text)):
        return nothing(raw)
    word = tidy(half(raw.text))
    meant = status_of(word)
    more = {"listed": True} if "挂牌" in word else {}
    if not meant:
        return Found(None, warn(f"整改状态“{word}”看不懂，按日期判断"), more)
    return Found(meant, () if word == meant else fixed(f"状态写“{word}”"), more)


def _day(key: str, label: str) -> Reader:
    """A day to the day; what is less exact is told and left out."""

    def read(raw: Raw, moment: Moment) -> Found:
        if isinstance(raw.value, str) and re.fullmatch(r"当天|当日|即日|同日|立即", tidy(raw.text)):
            return Found(None, fixed(f"{label}“{raw.text.strip()}”按发现日期"), {f"{key}_same": True})
        found = cells.day(raw, moment)
        exact = found.more.get("date_precision") == "day"
        if raw.blank or exact or any(note.severity == "reject" for note in found.notes):
            return Found(found.value if exact else None, found.notes)
        return Found(None, warn(f"{label}“{raw.text.strip()}”不到日，没有记"))

    return read


_WITHIN = re.compile(
    r"(?:限)?(?:(\d{1,3})|([一二两三四五六七八九十]))\s*个?\s*(工作日|天|日|周|星期|月)(?:之?内|以内|内)?(?:整改|完成)*"
)
_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_LENGTHS = {"工作日": 1, "天": 1, "日": 1, "周": 7, "星期": 7, "月": 30}
_MONTH_DAY = re.compile(r"(?:(\d{1,2})月|本月|当月|月)(?:(\d{1,2})[日号]|[底末]|份)?(?:之?前|以前|前完成)?")
"""9月8日前, 9月底, 月底前: the year, and for the last the month, are those of the finding."""
_AT_ONCE = re.compile(r"立即|即时|当场|当天|马上|立行立改|立整立改")


def _deadline(raw: Raw, moment: Moment) -> Found:
    """A day, which may lie ahead; 立即 and 七天内 count from the finding, and the row as a whole knows from when."""
    if raw.blank:
        return nothing(raw)
    word = tidy(half(raw.text)) if isinstance(raw.value, str) else ""
    if word and _AT_ONCE.search(word):
        return Found(None, fixed(f"期限“{word}”按发现当天"), {"due_days": 0})
    if word and (fits := _WITHIN.fullmatch(word)):
        days = (int(fits[1]) if fits[1] else _NUMERALS[fits[2]]) * _LENGTHS[fits[3]]
        return Found(None, fixed(f"期限“{word}”从发现算起"), {"due_days": days})
    if word and (fits := _MONTH_DAY.fullmatch(word)):
        return Found(None, fixed(f"期限“{word}”"), {"due_month": [int(fits[1] or 0), int(fits[2] or 0)]})
    ahead = replace(moment, as_of=date(moment.as_of.year + 3, 12, 31))
    bare = re.sub(r"(?:之?前|以前|前完成|底前)$", "", word) or raw.value
    found = cells.day(raw._replace(value=bare), ahead)
    if found.more.get("date_precision") == "day":
        return Found(found.value, found.notes if bare == raw.value else fixed(f"期限“{raw.text.strip()}”"))
    if found.value and found.more.get("date_precision") == "month":
        year, month = map(int, str(found.value).split("-"))
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).isoformat()
        return Found(last, warn(f"期限“{raw.text.strip()}”只到月，按月底记"))
    return Found(None, warn(f"期限“{raw.text.strip()}”看不出哪一天，按规则的天数记"))


_SAME_AS = re.compile(r"(?:同|与|和)\s*(?:第\s*(\d{1,4})(?!\d)\s*(?:条|项|号|点)?|(?:序号)?\s*(\d{1,4})\s*(?:条|项))")
_ONLY_SAME = re.compile(r"(?:同|与|和)\s*(?:第|序号)?\s*(\d{1,4})\s*(?:条|项|号|点)?(?:隐患|问题)?(?:相同|一样|同)?")


def _money(raw: Raw, moment: Moment) -> Found:
    """Yuan; what costs nothing, or was done by the school's own people, is 0."""
    if raw.value is None and not raw.error:
        return Found(Decimal(0))
    if raw.blank or re.fullmatch(r"自筹|自行|自修|免费.*|无需.*|不需要|0", tidy(raw.text)):
        return Found(Decimal(0), () if raw.text.strip() == "0" else fixed(f"资金“{raw.text.strip()}”"))
    found = cells.amount(raw, moment)
    return Found(
        found.value,
        tuple(note._replace(reason=note.reason.replace("金额", "资金")) for note in found.notes),
        found.more,
    )


def finish(draft: Draft) -> None:
    """What the cells of a row tell of one another: the same as an earlier line, the deadline, how far it is."""
    record: dict[str, Any] = draft.record
    for column in LEDGER.columns:
        record.setdefault(column.key, None)
    record["again"] = None
    _same_as(draft)
    record["money"] = record.get("money") if record.get("money") is not None or draft.refused("money") else Decimal(0)
    record["grade"] = record["grade"] or GENERAL
    if not record["what"]:
        draft.note("what", "reject", "没有写是什么隐患，请补上")
    if not record["place"]:
        draft.note("place", "warn", "没有写地点，记在学校")
    if record["found"] is None and not draft.refused("found"):
        draft.note("found", "reject", "没有发现日期，请补上（年月日都要有，表题里写上年份）")
    elif record["found"] and record["found"] < EARLIEST:
        draft.note("found", "reject", f"发现日期早于 {EARLIEST[:4]} 年，请核对")
    for key in ("fixed", "closed"):
        if record.pop(f"{key}_same", None) and record["found"]:
            record[key] = record["found"]
    if not record["field"]:
        record["field"] = LABELS[rules.field_of(str(record["what"] or ""), str(record["place"] or ""))]
    _deadline_of(draft)
    _how_far(draft)
    for key, label in (("fixed", "完成日期"), ("closed", "销号日期")):
        if record[key] and record["found"] and record[key] < record["found"]:
            draft.note(key, "reject", f"{label}早于发现日期")
    if record["fixed"] and record["closed"] and record["closed"] < record["fixed"]:
        draft.note("closed", "reject", "销号日期早于完成日期")


def _same_as(draft: Draft) -> None:
    """同第5条: the hazard of that line has come back; its words are taken where this line has none of its own."""
    record: dict[str, Any] = draft.record
    what, note = (half(str(record.get(key) or "")).strip("。； ") for key in ("what", "note"))
    only = _ONLY_SAME.fullmatch(what)
    fits = only or _SAME_AS.search(what) or _SAME_AS.search(note)
    if fits is None:
        return
    key, number = "what" if only or _SAME_AS.search(what) else "note", next(filter(None, fits.groups()))
    earlier = draft.numbered.get(str(int(number)))
    if earlier is None:
        draft.note(key, "warn", f"前面没有第 {number} 条，请写清楚")
        return
    record["again"] = number
    record["again_of"] = {name: earlier.get(name) for name in ("no", "found", "place", "what")}
    if only:
        for name in ("what", "place", "field"):
            record[name] = earlier.get(name) if name == "what" or not record.get(name) else record[name]
    draft.note(key, "fixed", f"同第 {number} 条，记为又出现了一次")


def _deadline_of(draft: Draft) -> None:
    record: dict[str, Any] = draft.record
    days, month = record.pop("due_days", None), record.pop("due_month", None)
    if record["found"] and record["due"] is None and month is not None:
        record["due"] = _in_month(draft, date.fromisoformat(record["found"]), *month)
    if record["found"] and not draft.refused("found") and record["due"] is None and days is not None:
        record["due"] = (date.fromisoformat(record["found"]) + timedelta(days=days)).isoformat()
    elif record["due"] is None and not draft.refused("due") and not any(key == "due" for key, _ in draft.notes):
        draft.note("due", "warn", "没有写整改期限，按规则的天数记")
    if record["due"] and record["found"] and record["due"] < record["found"]:
        draft.note("due", "warn", "整改期限早于发现日期，请核对")


def _in_month(draft: Draft, found: date, month: int, day: int) -> str | None:
    """The day of that month which comes after the finding; without a day the month's last. Month 0 is the finding's own."""
    month = month or found.month
    year = found.year + (month < found.month)
    if not 1 <= month <= 12 or day > monthrange(year, month)[1]:
        draft.note("due", "warn", "整改期限的日期不存在，按规则的天数记")
        return None
    return date(year, month, day or monthrange(year, month)[1]).isoformat()


def _how_far(draft: Draft) -> None:
    """Closed only where somebody else looked again and a day says when; done otherwise waits for that."""
    record: dict[str, Any] = draft.record
    verdict, written = str(record["verdict"] or ""), str(record["did"] or "")
    status = record["status"]
    if status is None and len(written) <= 8:  # a ledger whose 整改情况 holds nothing but the state
        status = status_of(written) or None
    if status is None:
        status = CLOSED if record["closed"] else FIXED if record["fixed"] else OPEN
    said_waits = "待" in draft.raw.get("status", Raw()).text
    looked = bool(record["rechecker"] or record["closed"] or _PASSED.search(verdict))
    if status in (FIXED, CLOSED) and _DENIED.search(verdict):
        status = DOING
        draft.note("verdict", "warn", f"复查结论“{verdict[:20]}”没有通过，记成“整改中”")
    elif status == FIXED and looked and not said_waits:
        status = CLOSED
    elif status == FIXED and not said_waits:
        draft.note("status", "warn", "已整改，但没有复查人和复查结论，先记“待复查”，复查后才算销号")
    if status == CLOSED:
        status = _closed(draft)
    record["status"] = status
    if status != CLOSED and record["closed"]:
        draft.note("status", "warn", f"有销号日期，状态却是“{status}”，按状态记")
        record["closed"] = None


def _closed(draft: Draft) -> str:
    """Whether what claims to be closed is: by another person, on a day that somebody wrote."""
    record: dict[str, Any] = draft.record
    if record["rechecker"] and record["rechecker"] in (record["fixer"], record["responsible"]):
        draft.note(
            "rechecker", "warn", f"复查人“{record['rechecker']}”就是整改的人或责任人，先记“待复查”，请另一个人复查"
        )
        return FIXED
    if record["closed"]:
        return CLOSED
    if record["fixed"]:
        record["closed"] = record["fixed"]
        draft.note("closed", "fixed", "没有销号日期，按完成日期记")
        return CLOSED
    draft.note("closed", "warn", "写了已销号，却没有一个日期，先记“待复查”；补上完成日期或销号日期就算")
    return FIXED


_TOTALS = (
    ("found", re.compile(r"(?:排查|查出|发现|共有|共计|合计|总计|共)(?:出|各类|安全|事故|一般|重大)*(?:隐患|问题)?(?:共|共计)?[:,]?\s*(\d{1,6})\s*(?:处|条|项|个|起)")),
    ("closed", re.compile(r"(?:已|完成)(?:整改|销号|完成|整改完成|整改销号)(?:到位)?\s*(\d{1,6})\s*(?:处|条|项|个|起)?")),
    ("left", re.compile(r"(?:未|正在)(?:整改|完成|销号)\s*(\d{1,6})\s*(?:处|条|项|个|起)?")),
    ("rate", re.compile(r"整改(?:完成)?率\s*(?:为|达到|达)?\s*(\d{1,3}(?:\.\d{1,3})?)\s*%")),
    ("major", re.compile(r"重大(?:事故)?隐患\s*(\d{1,6})\s*(?:处|条|项|个|起)")),
)  # fmt: skip
_LABELS = {"found": "隐患", "closed": "已整改", "left": "没整改", "rate": "整改率", "major": "重大隐患"}


def compare(text: str, records: Sequence[Record]) -> Sequence[Stated]:
    """合计：共排查隐患 20 处，已整改 19 处，整改率 95%: only compared with what the rows come to."""
    plain = re.sub(r"\s+", "", half(text))
    done = sum(one["status"] in (CLOSED, FIXED) for one in records)
    computed = {
        "found": str(len(records)), "closed": str(done), "left": str(len(records) - done), "major": str(sum(one["grade"] == MAJOR for one in records)),
        "rate": f"{percent(done, len(records)) if records else Decimal(0)}%",
    }  # fmt: skip
    found = []
    for key, pattern in _TOTALS:
        if fits := pattern.search(plain):
            stated = f"{Decimal(fits[1]).quantize(Decimal('0.1'))}%" if key == "rate" else str(int(fits[1]))
            found.append(Stated(_LABELS[key], stated, computed[key]))
    return found if len(found) > 1 or (found and re.search(r"合计|总计|共计|小计", plain)) else ()


LEDGER = Sheet(
    kind="hazards",
    title="隐患排查整改台账",
    key="no",
    name="what",
    amount="money",
    ordinal="seq",
    shown=("no", "found", "place", "what", "grade", "responsible", "due", "status"),
    identity=("found", "place", "what", "finder"),
    limits={
        "no": 40,
        "place": 60, "finder": 40, "responsible": 40, "fixer": 40, "rechecker": 40, "what": 300, "measure": 200, "interim": 200, "did": 200, "basis": 120, "verdict": 100, "reported": 100, "source": 80, "note": 200,
    },
    finish=finish,
    compare=compare,
    columns=[
        SheetColumn("seq", "序号", ("序", "顺序号", "行号"), _ordinal, ditto=False, fill_down=False),
        SheetColumn("no", "隐患编号", ("编号", "台账编号", "单号", "隐患号"), cells.code, ditto=False, fill_down=False, note="系统导出的；没有就空着"),
        SheetColumn("found", "发现日期", ("排查日期", "检查日期", "排查时间", "检查时间", "发现时间", "登记日期", "日期", "时间"), _day("found", "发现日期"), required=True, note="如 2026-03-05"),
        SheetColumn("finder", "排查人", ("检查人", "发现人", "排查人员", "检查人员", "登记人", "上报人")),
        SheetColumn("source", "来源", ("隐患来源", "检查单位", "检查类型", "排查类型", "发现途径")),
        SheetColumn("place", "隐患部位", ("部位", "地点", "隐患地点", "位置", "所在部位", "场所", "隐患位置", "具体部位", "区域"), note="先写楼和房间，再写具体部位"),
        SheetColumn("field", "类别", ("隐患类别", "隐患类型", "类型", "分类", "隐患分类", "所属领域"), _field, choices=FIELDS),
        SheetColumn("what", "隐患内容", ("存在问题", "隐患描述", "存在隐患", "安全隐患", "隐患情况", "问题描述", "主要问题", "隐患", "问题", "存在的问题", "存在的隐患", "具体内容", "内容"), required=True),
        SheetColumn("grade", "隐患等级", ("等级", "级别", "隐患级别", "风险等级", "危险程度"), _grade, choices=(GENERAL, MAJOR)),
        SheetColumn("basis", "判定依据", ("依据",)),
        SheetColumn("responsible", "责任人", ("整改责任人", "责任部门", "责任单位", "负责人", "整改负责人", "责任部门及责任人", "整改责任部门")),
        SheetColumn("measure", "整改措施", ("措施", "整改意见", "整改要求", "处理意见", "整改方案"), cells.free),
        SheetColumn("money", "整改资金", ("资金", "投入资金", "经费", "整改经费", "资金投入", "费用"), _money, ditto=False, fill_down=False, money=True),
        SheetColumn("due", "整改期限", ("期限", "整改时限", "时限", "限期", "要求完成时间", "完成时限", "计划完成时间", "整改截止日期", "限改时间"), _deadline),
        SheetColumn("interim", "临时防护和预案", ("防范措施", "应急预案", "预案", "临时措施", "防护措施", "应急措施", "管控措施"), cells.free),
        SheetColumn("did", "整改情况", ("整改结果", "整改完成情况", "处理结果", "整改落实情况", "处理情况", "整改进展"), cells.free, ditto=False, fill_down=False),
        SheetColumn("fixer", "整改人", ("整改人员", "维修人", "实施人"), ditto=True),
        SheetColumn("fixed", "完成日期", ("整改完成时间", "完成时间", "整改日期", "整改时间", "整改完成日期", "实际完成时间"), _day("fixed", "完成日期"), ditto=False, fill_down=False),
        SheetColumn("rechecker", "复查人", ("验收人", "复查人员", "核查人", "复核人", "验收人员"), ditto=True),
        SheetColumn("verdict", "复查结论", ("复查情况", "复查结果", "验收结论", "验收情况", "复查意见", "验收意见"), cells.free, ditto=False, fill_down=False),
        SheetColumn("closed", "销号日期", ("销号时间", "复查日期", "复查时间", "验收日期", "验收时间", "闭环时间"), _day("closed", "销号日期"), ditto=False, fill_down=False),
        SheetColumn(
            "status", "状态", ("整改状态", "是否整改", "是否完成", "完成情况", "是否销号", "销号情况", "是否整改到位", "进度", "目前状态"), _status, ditto=False, fill_down=False, choices=(OPEN, DOING, FIXED, CLOSED),
        ),
        SheetColumn("reported", "上报情况", ("是否上报", "上报", "报告情况"), cells.free, ditto=False, fill_down=False),
        SheetColumn("note", "备注", ("说明",), cells.free, ditto=False, fill_down=False),
    ],
)  # fmt: skip
