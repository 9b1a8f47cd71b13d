"""What safety does by itself: every morning the next on the ladder is told."""

from __future__ import annotations

from datetime import datetime

from zongwu.kernel import clock
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School, active
from zongwu.safety import actions, queries


def escalate(school: School, now: datetime) -> int:
    """Tell whoever has to know of what is due or late; how many. A daily duty."""
    ctx = Ctx.system("schedule", school, now=now)
    with active(school):
        waiting = queries.to_escalate(clock.day_of(now))
    told = 0
    for pk in waiting:
        try:
            actions.escalate_hazard(ctx.keyed(""), pk)
            told += 1
        except Refused:  # put right meanwhile
            continue
    return told
