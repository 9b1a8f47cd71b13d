"""What is done every day without anybody pressing a button: `serve` calls each duty for every school, once a day.

daily.register(lambda school, now: …)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from zongwu.kernel import clock
from zongwu.kernel.scope import School

Duty = Callable[[School, datetime], object]
DUTIES: list[Duty] = []


def register(duty: Duty) -> None:
    """A duty does nothing where nothing is due, and acts through actions, as `system:schedule`."""
    if duty not in DUTIES:
        DUTIES.append(duty)


def carry_out(school: School, now: datetime | None = None) -> None:
    """All that is due today."""
    for duty in DUTIES:
        duty(school, now or clock.now())
