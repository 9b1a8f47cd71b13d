"""Numbers that differ by county or school: each with its name, its document and the day from which it holds.

LIMIT = setting("assets.disposal_limit_batch", "报财政局审批：批量原值达到（元）", "200000", source="…")
LIMIT.on(day)   # → Decimal
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from zongwu.kernel.actions import create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School
from zongwu.school import queries
from zongwu.school.limits import LABELS, Rule


@dataclass(frozen=True)
class Setting:
    """One number that a school may set. Without a rule of its own the default holds."""

    key: str
    label: str
    default: str
    source: str = ""
    """Where the default comes from; a default without a source says so."""
    low: int = 0
    high: int = 10**12
    """What a school may set: days within a calendar, shares within a hundred."""
    words: bool = False
    """A few words, such as a telephone number, instead of a number."""

    def on(self, day: date) -> Decimal:
        return Decimal(queries.rule(self.key, day, self.default))

    def whole(self, day: date, most: int = 3650) -> int:
        """As whole days or times, within what a calendar can count."""
        return int(min(max(self.on(day), Decimal(self.low)), Decimal(min(most, self.high))))

    def text(self, day: date) -> str:
        return queries.rule(self.key, day, self.default)

    def read(self, said: str) -> str:
        """What a school wrote, as it is kept.

        :raises Refused: no number, or one out of bounds.
        """
        if self.words:
            return said.strip()[:40]
        try:
            number = Decimal(said.replace(",", "").replace("，", "").strip())
            sound = number.is_finite() and self.low <= number <= self.high and number == round(number, 6)
        except InvalidOperation:
            sound = False
        if not sound:
            most = f"、不大于 {self.high}" if self.high < 10**12 else ""
            raise Refused(
                fields={"value": f"「{self.label}」要填一个不小于 {self.low}{most} 的数，如 {self.default}。"}
            )
        return f"{number:f}"


SETTINGS: dict[str, Setting] = {}


def setting(
    key: str, label: str, default: str, *, source: str = "没有统一规定，学校自定", low: int = 0, high: int = 10**12, words: bool = False
) -> Setting:  # fmt: skip
    """Describe a setting; called when a domain's `rules` are read."""
    made = Setting(key, label, default, source, low, high, words)
    assert SETTINGS.get(key, made) == made, f"{key} is described twice"
    SETTINGS[key], LABELS[key] = made, label
    return made


def create_defaults(school: School, on: date) -> None:
    """Give a school every number that it has not set yet, so that all of them stand on one page; it holds from the opening date."""
    had = set(Rule.objects.filter(school=school).values_list("key", flat=True))
    for one in SETTINGS.values():
        if one.key not in had:
            Rule.objects.create(
                school=school, key=one.key, value=one.default, source=one.source[:120], from_on=school.opened_on
            )


@create_action(Rule, label="改规则", permission="school.set_rule", icon="settings", primary=True)
def set_rule(ctx: Ctx, *, key: str, value: str, from_on: date, source: str) -> Rule:
    """Another number from a day on, with the document that says so. What was before that day stays as it was."""
    known = SETTINGS.get(key)
    if known is None:
        raise Refused(fields={"key": "没有这项规则，请重新选。"})
    kept = known.read(value)
    rule, _ = Rule.objects.update_or_create(
        school=ctx.school, key=key, from_on=from_on, defaults={"value": kept, "source": source}
    )
    detail = {"依据": source} | ({"内容": kept} if known.words else {})
    ctx.journal(rule, "school.rule_set", key=key, value="" if known.words else kept, from_on=from_on, detail=detail)
    return rule  # type: ignore[no-any-return]


PHONE = setting("school.phone", "总务处电话（印在点位牌和报修页上）", "", words=True)
