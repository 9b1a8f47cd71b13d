"""How a domain gives an example of each of its verbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.world import World

Given = tuple[Any, dict[str, Any]]
"""The row (None for a creating verb) and the keywords."""


@dataclass(frozen=True)
class Example:
    """A member of the cast who may do it, the row and keywords, and one case in which it is refused."""

    who: str
    given: Callable[[World], Given]
    wrong: Callable[[World], Given] | None = None
