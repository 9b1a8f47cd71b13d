"""What rows say that are no data: totals, headings, notes, signatures, the day on which the sheet was filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from zongwu.kernel.transfer.grid import Grid, Value
from zongwu.kernel.transfer.raw import half

TotalKind = Literal["", "subtotal", "total", "carried"]

_MAY_SUM = re.compile("[计总页]")
_CARRIED = re.compile(r"承前页|承上页|接上页|过次页|转下页|转次页|本页累计|截至本页.*")
_TOTAL = re.compile(
    r"(?:全表|全校|全部|以上|本表|总)?(?:合计|总计|共计|累计|总额|总值|总数|总和)(?:金额|数量|数|人民币|大写|小写|元)*|总金额|合计总值|总合计"
)
_SUBTOTAL = re.compile(r".{0,12}小计(?:金额|数|元)?|[^\d]{2,10}(?:合计|总计|共计)(?:金额|数|元)?")

_ORDINAL = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．:：]|第[一二三四五六七八九十\d]{1,3}[类组部项]|[(（]\d{1,2}[)）]|\d{1,2}、|[★●◆■▲▼◇【\[]"
)
_SENTENCE = re.compile(r"[。；;！!，,：:]")
_NOTE = re.compile(r"(?:填表)?(?:说明|附注|备注|注释|注|附|提示|要求)[一二三四五六七八九\d]*[：:、.．\s]|[※*]")
_SIGNED = re.compile(
    r"(?:制表|填表|填报|编制|复核|审核|审批|核对|负责|分管|主管|经办|保管|领用|盖章|单位|部门|校长|园长|会计|出纳|日期|报送|报出|盘点|监盘|验收|移交|接收"
    r"|资产管理|打印|领导|签字|签名)[^：:]{0,8}[：:]"
)
_EXAMPLE = re.compile(r"[（(【]?(?:示例|样例|范例|举例|例如|例[:：])")
_COLUMN_MARK = re.compile(r"[甲乙丙丁戊己庚辛壬癸]|栏次|[(（]?\d{1,2}[)）]?(?:[=＝].*)?|[A-Z]")

_ASIDE = re.compile(r"汇总|统计|说明|须知|字典|代码|目录|封面|示例|选项|参数")
_FILLED_ON = re.compile(
    r"(?:(?:填表|填报|制表|编制|编表|统计|盘点|报送|打印|导出|上报)(?:日期|时间)|截至|截止|^日期|\s日期)(?:日期|时间)?\s*[:：至到]?\s*"
    r"(\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2})"
)
_LINES_ABOVE, _LINES_BELOW = 10, 12


def total_kind(text: str) -> TotalKind:
    """小计, 本页合计, 计算机设备合计 are subtotals; 合计, 总计, 合　计：… totals; 承前页 neither."""
    if not _MAY_SUM.search(text):  # nearly every cell that is asked about
        return ""
    word = re.split(r"[:(¥\d]", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)), maxsplit=1)[0]
    if _CARRIED.fullmatch(word):
        return "carried"
    if _TOTAL.fullmatch(word):
        return "total"
    word = re.sub(r"^[一二三四五六七八九十]+[、.]", "", word)
    return "subtotal" if _SUBTOTAL.fullmatch(word) else ""


def written_amount(text: str) -> str:
    """The amount within a sentence: 合计：310 件，￥1,889,688.36 → 1,889,688.36; empty where there is none."""
    plain = half(text)
    found = re.search(r"¥\s*(-?[\d,]+(?:\.\d+)?)", plain) or re.search(r"(-?\d[\d,]*(?:\.\d+)?)\s*万?元", plain)
    found = found or re.fullmatch(r"[^\d]*[:\s]\s*(-?\d[\d,]*(?:\.\d+)?)", plain)
    return found[1] if found else ""


def is_heading(text: str) -> bool:
    """一、计算机设备: an ordinal and few words, no sentence."""
    return bool(_ORDINAL.match(text)) and is_label(_ORDINAL.sub("", text, count=1))


def is_title(text: str) -> bool:
    """某校固定资产台账（第2页）."""
    return bool(re.search(r"[表账册单]\s*(?:[（(].*[）)])?$", text))


def is_label(text: str) -> bool:
    return len(text) <= 24 and not _SENTENCE.search(text)


def is_note(text: str) -> bool:
    return bool(_NOTE.match(text))


def is_signed(texts: Sequence[str]) -> bool:
    """制表人：周××　复核人：."""
    return bool(texts and _SIGNED.match(texts[0]))


def is_example(texts: Sequence[str]) -> bool:
    """The grey example row of a template."""
    return any(_EXAMPLE.match(text) for text in texts[:3])


def is_column_marks(values: Sequence[Any]) -> bool:
    """The line under a header that numbers its columns: 甲 乙 1 2 3=1×2."""
    texts = [f"{value:f}" if not isinstance(value, str | date) else str(value).strip() for value in values]
    marks = [text for text in texts if _COLUMN_MARK.fullmatch(text)]
    return len(texts) >= 3 and len(marks) == len(texts) and len(set(marks)) == len(marks)


def is_aside(grid: Grid) -> bool:
    """A page beside the data by its name or its first line: 汇总, 填表说明, 字典."""
    first = next((str(value) for row in grid.rows[:3] for value in row if value is not None), "")
    return bool(_ASIDE.search(grid.name)) or bool(re.search(r"汇总|填表说明|数据字典|统计表", first))


def filled_on(grid: Grid) -> date | None:
    """The sheet's own day: 填表日期 or 截至 in the lines above the table, else 日期 in the signatures below it."""
    above = [value for row in grid.rows[:_LINES_ABOVE] for value in row]
    below = [value for row in list(grid.rows[_LINES_ABOVE:])[-_LINES_BELOW:] for value in row]
    return _day_in(above) or _day_in(below)


_SCHOOL_YEARS = re.compile(r"(20\d{2})\s*[-—–~至]+\s*(20\d{2}|\d{2})\s*学年")
_ONE_YEAR = re.compile(r"(20\d{2})\s*(?:年(?!\s*\d)|(?=春|秋|上半年|下半年))")


def years_of(grid: Grid) -> tuple[int, int] | None:
    """The years that the title names, for days written without one: those from August on, and those before."""
    above = [
        half(value) for row in grid.rows[:_LINES_ABOVE] for value in row if isinstance(value, str) and len(value) < 200
    ]
    for words in above:
        if found := _SCHOOL_YEARS.search(words):
            return int(found[1]), int(found[1]) + 1
    years = [int(found[1]) for words in above if (found := _ONE_YEAR.search(words))]
    return (years[0], years[0]) if years else None


def _day_in(values: Sequence[Value]) -> date | None:
    days = []
    for value in values:
        if isinstance(value, str) and len(value) < 200:
            for found in _FILLED_ON.finditer(half(value)):
                year, month, day = map(int, re.findall(r"\d+", found[1]))
                try:
                    days.append(date(year, month, day))
                except ValueError:
                    continue
    return days[-1] if days else None
