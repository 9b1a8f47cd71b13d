"""What inspections do by themselves: every morning the tasks of the day."""

from __future__ import annotations

from datetime import datetime

from zongwu.checks import actions
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School


def make_tasks(school: School, now: datetime) -> bool:
    """The tasks that the plans ask for until today; False where none were lacking. A daily duty."""
    try:
        actions.make_tasks(Ctx.system("schedule", school, now=now))
    except Refused:
        return False
    return True
