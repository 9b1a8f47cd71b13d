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

    def on(self, day: date) -> Decimal:
        return Decimal(queries.rule(self.key, day, self.default))

    def whole(self, day: date, most: int = 3650) -> int:
        """As whole days or times, within what a calendar can count."""
        return int(min(max(self.on(day), Decimal(0)), Decimal(most)))


SETTINGS: dict[str, Setting] = {}


def setting(key: str, label: str, default: str, *, source: str = "没有统一规定，学校自定") -> Setting:
    """Describe a setting; called when a domain's `rules` are read."""
    made = Setting(key, label, default, source)
    assert SETTINGS.get(key, made) == made, f"{key} is described twice"
    SETTINGS[key], LABELS[key] = made, label
    return made


def create_defaults(school: School, on: date) -> None:
    """Give a school every number that it has not set yet, so that all of them stand on one page."""
    had = set(Rule.objects.filter(school=school).values_list("key", flat=True))
    for one in SETTINGS.values():
        if one.key not in had:
            Rule.objects.create(school=school, key=one.key, value=one.default, source=one.source[:120], from_on=on)


@create_action(Rule, label="改规则", permission="school.set_rule", icon="settings", primary=True)
def set_rule(ctx: Ctx, *, key: str, value: str, from_on: date, source: str) -> Rule:
    """Another number from a day on, with the document that says so. What was before that day stays as it was."""
    known = SETTINGS.get(key)
    if known is None:
        raise Refused(fields={"key": "没有这项规则，请重新选。"})
    try:
        number = Decimal(value.replace(",", "").replace("，", "").strip())
        sound = number.is_finite() and 0 <= number < 10**12
    except InvalidOperation:
        sound = False
    if not sound:
        raise Refused(fields={"value": f"「{known.label}」要填一个不小于 0 的数，如 {known.default}。"})
    rule, _ = Rule.objects.update_or_create(
        school=ctx.school, key=key, from_on=from_on, defaults={"value": f"{number:f}", "source": source}
    )
    ctx.journal(rule, "school.rule_set", key=key, value=f"{number:f}", from_on=from_on, detail={"依据": source})
    return rule  # type: ignore[no-any-return]
