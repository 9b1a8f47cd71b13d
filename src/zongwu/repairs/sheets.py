"""The repair book as schools keep it, and as we export it. Dispositions: samples/README.md."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.cells import Found, Moment, Raw, Reader, fixed, half, nothing, tidy
from zongwu.kernel.transfer.dates import SCHOOL_YEAR
from zongwu.kernel.transfer.layout import Draft, Sheet, SheetColumn
from zongwu.repairs import rules
from zongwu.school.rules import class_name

DONE, OPEN = "已完成", "未完成"
_DONE = {
    DONE,
    "已修好",
    "修好",
    "修好了",
    "完成",
    "修复",
    "已修复",
    "已修",
    "√",
    "✓",
    "☑",
    "OK",
    "ok",
    "Ok",
    "好",
    "已处理",
    "处理完毕",
    "是",
    "已换",
    "更换",
}
_OPEN = {
    OPEN,
    "未修",
    "待料",
    "待修",
    "未修好",
    "没修",
    "联系厂家中",
    "联系厂家",
    "待配件",
    "缺件",
    "等配件",
    "维修中",
    "处理中",
    "否",
    "×",
    "待处理",
    "外修中",
    "报厂家",
}
_FREE = re.compile(r"免费.*|质保.*|保修.*|自修|厂家.*")
STARS = {
    "很满意": "5",
    "非常满意": "5",
    "满意": "4",
    "较满意": "4",
    "一般": "3",
    "不满意": "2",
    "很不满意": "1",
    "★★★★★": "5",
    "★★★★": "4",
    "★★★": "3",
    "★★": "2",
    "★": "1",
}


def _day(key: str) -> Reader:
    """A day; `3.1` typed as a number may have been 3.10 and is left to the rows around it, under `<key>_candidates`."""

    def read(raw: Raw, moment: Moment) -> Found:
        if candidates := _by_number(raw, moment):
            return Found(None, (), {f"{key}_candidates": candidates})
        found = cells.day(raw, moment)
        return Found(found.value if found.more.get("date_precision") == "day" else None, found.notes)

    return read


def _by_number(raw: Raw, moment: Moment) -> list[str]:
    """3.1 → 3月1日 or 3月10日; nothing for every other value."""
    if not isinstance(raw.value, Decimal) or moment.years is None:
        return []
    month, _, digit = f"{raw.value:f}".partition(".")
    if digit not in ("1", "2", "3") or not 1 <= int(month) <= 12:
        return []
    start = f"{moment.years[int(month) < SCHOOL_YEAR]}-{int(month):02d}"
    return [f"{start}-0{digit}", f"{start}-{digit}0"]


def _place(raw: Raw, moment: Moment) -> Found:
    found = cells.text(raw, moment)
    named = class_name(str(found.value)) if found.value else None
    if named is None or named == raw.value:
        return found
    return Found(named, fixed(f"班级写法“{raw.text.strip()}”归一为“{named}”"))


def _status(raw: Raw, moment: Moment) -> Found:
    """What came of it, in one of two words; words that say neither are kept for `finish`."""
    if raw.blank and tidy(raw.text) not in _OPEN:
        return nothing(raw)
    word = tidy(half(raw.text))
    meant = DONE if word in _DONE else OPEN if word in _OPEN else None
    if meant is None:
        meant = OPEN if re.search(r"未|待|等|联系|缺|没", word) else DONE if re.search(r"修|换|好|完", word) else None
    if meant is None:
        return Found(None, cells.warn(f"处理结果“{word}”看不出修好没有，按完成日期判断"))
    return Found(meant, () if word in (DONE, OPEN, "已修好") else fixed(f"处理结果“{word}”归一"))


def _fee(raw: Raw, moment: Moment) -> Found:
    """Yuan; an empty cell and free work cost nothing."""
    if raw.value is None and not raw.error:
        return Found(Decimal(0))
    if raw.blank or _FREE.fullmatch(tidy(raw.text)):
        return Found(Decimal(0), fixed(f"费用“{raw.text.strip()}”"))
    found = cells.amount(raw, moment)
    return Found(
        found.value,
        tuple(note._replace(reason=note.reason.replace("金额", "费用")) for note in found.notes),
        found.more,
    )


def _stars(raw: Raw, moment: Moment) -> Found:
    if raw.blank:
        return nothing(raw)
    word = tidy(half(raw.text))
    stars = STARS.get(word, word if word in STARS.values() else None)
    return Found(stars, () if stars else cells.warn(f"满意度“{word}”看不懂，没有记"))


def finish(draft: Draft) -> None:
    """What the cells of a row tell of one another: the day, what came of it, the material."""
    record: dict[str, Any] = draft.record
    for key in ("no", "date", "place", "reporter", "what", "status", "parts", "mender", "finished", "stars", "note"):
        record.setdefault(key, None)
    record["fee"] = record.get("fee") if record.get("fee") is not None or draft.refused("fee") else Decimal(0)
    _settle(draft)
    if not record["place"]:
        draft.note("place", "reject", "地点为空，请补上")
    if record["date"] is None and not draft.refused("date"):
        draft.forget("date")
        draft.note("date", "reject", "没有报修日期，请补上（月日都要有，表题里写上学年）")
    if record["status"] is None:
        record["status"] = DONE if record["finished"] else OPEN
    if record["finished"] and record["date"] and record["finished"] < record["date"]:
        draft.note("finished", "warn", "完成日期早于报修日期")
    if not record["what"]:
        draft.note("what", "warn", "没有写报修内容")
    named = rules.parts(str(record["parts"] or ""))
    name = next(iter(named), "其他")
    record["material"], record["material_qty"] = name, named.get(name, 0)


def _settle(draft: Draft) -> None:
    """A number such as 3.1: the day that does not go back behind the row above, or behind the report."""
    for key, label in (("date", "日期"), ("finished", "完成日期")):
        candidates = draft.record.pop(f"{key}_candidates", None)
        if not candidates:
            continue
        floor = str((draft.above or {} if key == "date" else draft.record).get("date") or "")
        chosen = next((one for one in candidates if one >= floor and _exists(one)), candidates[0])
        draft.record[key] = chosen
        first, second, meant = (f"{int(one[5:7])}月{int(one[8:])}日" for one in (*candidates, chosen))
        draft.note(
            key,
            "warn",
            f"{label}是数值 {draft.raw[key].text}：{first}还是{second}，按前后行顺序应为{meant}，请人工确认",
        )


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


REPAIRS = Sheet(
    kind="repairs",
    title="报修维修登记",
    key="no",
    name="what",
    amount="fee",
    identity=("date", "place", "what", "reporter"),
    limits={"place": 40, "reporter": 40, "what": 200, "parts": 120, "mender": 40, "note": 60},
    finish=finish,
    columns=[
        SheetColumn("no", "报修单号", ("单号", "维修单号", "编号"), cells.code, ditto=False, fill_down=False, note="系统导出的；没有就空着"),
        SheetColumn("date", "报修日期", ("报修时间", "登记日期", "日期", "时间"), _day("date"), required=True, note="如 2026-03-05"),
        SheetColumn("place", "班级/地点", ("地点", "报修地点", "班级", "位置", "班级地点", "部门班级", "报修班级", "维修地点"), _place, note="班级按班级的教室；名册里没有的地点会添上"),
        SheetColumn("reporter", "报修人", ("报修老师", "申报人", "联系人"), ditto=True),
        SheetColumn("what", "报修内容", ("故障内容", "报修事项", "维修内容", "故障描述", "内容", "项目"), required=True),
        SheetColumn("status", "处理结果", ("维修结果", "完成情况", "结果", "是否完成", "处理情况"), _status, ditto=False, fill_down=False),
        SheetColumn("parts", "更换材料及数量", ("更换材料", "材料", "所用材料", "耗材", "更换配件"), cells.free, ditto=False, fill_down=False),
        SheetColumn("mender", "维修人", ("维修人员", "维修师傅", "师傅", "处理人")),
        SheetColumn("finished", "完成日期", ("完成时间", "修复日期", "维修日期", "办结日期"), _day("finished"), ditto=False, fill_down=False),
        SheetColumn("fee", "费用", ("维修费用", "金额", "费用（元）"), _fee, ditto=False, fill_down=False, money=True),
        SheetColumn("stars", "满意度", ("评价", "满意情况"), _stars, ditto=False, fill_down=False),
        SheetColumn("note", "备注", ("说明",), cells.free, ditto=False, fill_down=False),
    ],
)  # fmt: skip
