"""What hangs on a row of the school. Higher domains say it in `ready()`, since the school does not know them.

ties.tell(Place, lambda place: "还有 3 张资产卡片" if … else "")
ties.renamed.append(follow_name)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.scope import SchoolModel

Teller = Callable[[Any], str]
"""A few words on what still hangs on the row, such as `还有 3 张资产卡片`; empty when nothing does."""

_TELLERS: dict[type[SchoolModel], list[Teller]] = {}
renamed: list[Callable[[Ctx, type[SchoolModel], Sequence[int]], None]] = []
"""Steps that follow when places, people or departments (ids) are called otherwise."""


def tell(model: type[SchoolModel], teller: Teller) -> None:
    """Ask this before a place, department or class is closed, and before a person leaves."""
    _TELLERS.setdefault(model, []).append(teller)


def follow(ctx: Ctx, model: type[SchoolModel], ids: Sequence[int]) -> None:
    """Let everything that keeps the name of these rows follow."""
    for step in renamed:
        step(ctx, model, ids)


def on(row: SchoolModel) -> list[str]:
    """All that hangs on the row now."""
    return [told for teller in _TELLERS.get(type(row), ()) if (told := teller(row))]
