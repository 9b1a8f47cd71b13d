"""The outline with which a school's first summary begins (rules.md §8.1). A school edits its own from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zongwu.kernel.figures import STATEMENTS, Statement, Value


@dataclass(frozen=True)
class Part:
    """One section to be written: fixed words before and after, and the statements of an area between them."""

    heading: str
    level: int = 1
    area: str = ""
    lead: str = ""
    tail: str = ""
    figures: tuple[str, ...] = ()
    """Keys of breakdowns to be put under the text, as `图:key` or `表:key`."""
    always: bool = True
    """False: the section is left out when none of its statements is said."""
    over: bool = False
    """Only a heading: left out with everything under it."""
    after: str = ""
    """Left out when nothing of this area is said."""


OUTLINE = (
    Part("", area="school", lead="本学期，总务处在学校领导下，以服务教育教学、服务师生为本，", tail="现将主要工作总结如下。"),
    Part("主要工作", over=True),
    Part(
        "校产管理，家底清楚", 2, "assets", figures=("表:assets.value_by_category", "图:assets.value_by_category"), always=False
    ),
    Part("采购规范，货比三家", 2, "purchasing", always=False),
    Part("物资保障，随到随领", 2, "stores", figures=("表:stores.issued_by_department",), always=False),
    Part("维修及时，师生满意", 2, "repairs", figures=("表:repairs.by_fault", "图:repairs.by_month"), always=False),
    Part("安全排查到位，隐患整改落实", 2, "safety", figures=("表:safety.by_field", "图:safety.by_month"), always=False),
    Part("存在的问题", area="problems", always=False),
    Part("今后打算", after="problems", lead="把上面的问题逐项落实到人、落实到日期，按月对账，让每一件东西有人用、有人管、有人负责。"),
)  # fmt: skip


def statements(area: str) -> list[Statement]:
    """The statements of an area, in the order in which the domains registered them."""
    return [statement for statement in STATEMENTS.values() if statement.area == area]


def figure_keys() -> set[str]:
    """Every figure on which a first draft may depend."""
    areas = {part.area for part in OUTLINE if part.area}
    return {key for area in areas for s in statements(area) for key in (*s.needs, *s.slots)}


def part_of(area: str) -> tuple[int, Part] | None:
    """Where the outline speaks of an area, and how."""
    return next(((at, part) for at, part in enumerate(OUTLINE) if part.area == area), None)


def draft(values: Callable[[str], Value]) -> list[tuple[Part, str]]:
    """Every section of a first draft with its text; headings over nothing and plans about nothing are left out."""
    written: list[tuple[Part, str]] = []
    for part in OUTLINE:
        body = write(part, values)
        if body is not None and (not part.after or any(one.area == part.after for one, _ in written)):
            written.append((part, body))
    under = {at for at, (part, _) in enumerate(written) if part.level > 1}
    return [one for at, one in enumerate(written) if not one[0].over or at + 1 in under]


def write(part: Part, values: Callable[[str], Value]) -> str | None:
    """The section's first text: every statement that has something to say. None when the section is left out."""
    said = (
        [s for s in statements(part.area) if s.said({key: values(key) for key in {*s.needs, *s.slots}})]
        if part.area
        else []
    )
    if not said and not part.always:
        return None
    prose = part.lead + "".join(s.text for s in said) + part.tail
    lines = [prose] if prose else []
    for figure in part.figures:
        mark, _, key = figure.partition(":")
        lines.append(f"〔{mark} {key}〕")
    return "\n".join(lines)
