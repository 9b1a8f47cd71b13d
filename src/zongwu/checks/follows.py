"""What can become of something that was found: a higher domain adds its own, as repairs and hazards do.

follows.register(Follow("repair", "报修", "派师傅", carry_out=…))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zongwu.checks.models import Finding
    from zongwu.kernel.ctx import Ctx
    from zongwu.kernel.scope import SchoolModel


def _nothing(ctx: Ctx, finding: Finding) -> None:
    """It is settled by being said."""


@dataclass(frozen=True)
class Follow:
    """One way on from a finding."""

    key: str
    label: str
    hint: str
    """What happens then, in a few characters under the label."""
    carry_out: Callable[[Ctx, Finding], SchoolModel | None] = _nothing
    """A step: makes what becomes of it, inside the action that settles the finding."""
    order: int = 50


FOLLOWS: dict[str, Follow] = {}


def register(*follows: Follow) -> None:
    for follow in follows:
        assert FOLLOWS.get(follow.key, follow) is follow, f"{follow.key} is registered twice"
        FOLLOWS[follow.key] = follow


def offered() -> list[Follow]:
    return sorted(FOLLOWS.values(), key=lambda one: one.order)


def choices() -> list[tuple[str, str]]:
    return [(one.key, one.label) for one in offered()]


register(Follow("spot", "当场改好", "记下就行", order=80), Follow("nothing", "无需处理", "记下就行", order=90))
