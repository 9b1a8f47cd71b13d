"""What is done every day without anybody pressing a button: `serve` calls each duty for every school, once a day.

daily.register(lambda school, now: …)
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from zongwu.kernel import clock
from zongwu.kernel.scope import School

Duty = Callable[[School, datetime], object]
DUTIES: list[Duty] = []
log = logging.getLogger(__name__)


def register(duty: Duty) -> None:
    """A duty does nothing where nothing is due, and acts through actions, as `system:schedule`."""
    if duty not in DUTIES:
        DUTIES.append(duty)


def carry_out(school: School, now: datetime | None = None) -> None:
    """All that is due today."""
    for duty in DUTIES:
        try:
            duty(school, now or clock.now())
        except Exception:  # the other duties and the other schools have theirs to do
            log.exception("a daily duty of %s failed", school.code)
