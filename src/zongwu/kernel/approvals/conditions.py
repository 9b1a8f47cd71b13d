"""Conditions of routes and stages: data that a person edits and reads, asked of a document's facts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

Facts = Mapping[str, Any]
"""Name → Decimal, bool or code, as a matter knows them of its document."""
ASKED: dict[str, Mapping[str, Ask]] = {}
"""Matter → what its conditions may ask; filled by `matters.register`."""
MOST = 2
"""So many conditions may stand together: more than a person can weigh is a sign that a second route is missing."""
OPS = {"ge": "≥", "lt": "<", "is": "是", "not": "不是"}


@dataclass(frozen=True)
class Ask:
    """Something that a condition may ask of a document."""

    label: str
    sort: Literal["amount", "flag", "choice"] = "amount"
    choices: Mapping[str, str] = field(default_factory=dict)


def holds(conditions: Sequence[Mapping[str, str]], facts: Facts) -> bool:
    """Whether every condition holds. A fact that the document does not have holds for nothing."""
    return all(_holds(one["ask"], one["op"], one["value"], facts) for one in conditions)


def _holds(ask: str, op: str, value: str, facts: Facts) -> bool:
    fact = facts.get(ask)
    if fact is None:
        return False
    if op in ("ge", "lt"):
        return (Decimal(fact) >= Decimal(value)) is (op == "ge")
    said = {True: "yes", False: "no"}.get(fact, str(fact)) if isinstance(fact, bool) else str(fact)
    return (said == value) is (op == "is")


def wrong(conditions: Sequence[Mapping[str, str]], asks: Mapping[str, Ask]) -> str:
    """What is wrong with a condition that somebody wrote; empty when nothing is."""
    if len(conditions) > MOST:
        return f"一处最多写 {MOST} 个条件；还要分得更细，请另添一条路线或一步。"
    for one in conditions:
        ask = asks.get(one["ask"])
        if ask is None or one["op"] not in OPS:
            return "条件里有看不懂的项目，请重新选。"
        if ask.sort == "amount":
            try:
                number = Decimal(one["value"])
                sound = one["op"] in ("ge", "lt") and number.is_finite() and 0 <= number < 10**13
            except InvalidOperation:
                sound = False
            if not sound:
                return f"「{ask.label}」要和一个不小于 0 的数比大小，如 ≥ 200000。"
        elif one["op"] not in ("is", "not") or one["value"] not in values_of(ask):
            return f"「{ask.label}」请选：{'、'.join(values_of(ask).values())}。"
    return ""


def values_of(ask: Ask) -> Mapping[str, str]:
    return {"yes": "是", "no": "否"} if ask.sort == "flag" else ask.choices


def spoken(conditions: Sequence[Mapping[str, str]], asks: Mapping[str, Ask]) -> str:
    """The conditions in words: 「批量原值 ≥ 200,000」."""
    words = []
    for one in conditions:
        ask = asks.get(one["ask"]) or Ask(one["ask"])
        if ask.sort == "amount":
            words.append(f"{ask.label} {OPS[one['op']]} {Decimal(one['value']):,}")
        elif ask.sort == "flag":
            words.append(ask.label if (one["op"] == "is") is (one["value"] == "yes") else f"不{ask.label}")
        else:
            words.append(f"{ask.label}{OPS[one['op']]}{values_of(ask).get(one['value'], one['value'])}")
    return "，".join(words)


def kept(facts: Facts) -> dict[str, Any]:
    """Facts as a case keeps them: JSON has no decimals."""
    return {name: str(fact) if isinstance(fact, Decimal) else fact for name, fact in facts.items()}
