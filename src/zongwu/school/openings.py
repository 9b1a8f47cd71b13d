"""What a new school begins with beside its roles: a domain adds its own in `ready()`, and an upgrade gives what is missing.

openings.register(create_defaults)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from zongwu.kernel.scope import School

Beginning = Callable[[School, date], None]
_BEGINNINGS: list[Beginning] = []


def register(*beginnings: Beginning) -> None:
    """Each writes what the school lacks of its defaults, and nothing that it has already."""
    _BEGINNINGS.extend(one for one in beginnings if one not in _BEGINNINGS)


def create_defaults(school: School, on: date) -> None:
    """Part of `init` and of every upgrade; the school is active."""
    for beginning in _BEGINNINGS:
        beginning(school, on)
