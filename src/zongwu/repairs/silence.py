"""What repairs do by themselves: silence closes, and what is due is looked after."""

from __future__ import annotations

from datetime import datetime

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School, active
from zongwu.repairs import actions, queries
from zongwu.repairs.models import State, Ticket, Upkeep


def close_silent(school: School, now: datetime) -> int:
    """Close what was mended days ago and nobody said anything about; tells how many. A daily duty."""
    ctx = Ctx.system("schedule", school, now=now)
    with active(school):
        mended = Ticket.objects.filter(state=State.DONE, done_at__lte=queries.silent_since(ctx))
        waiting = list(mended.values_list("pk", flat=True))
    closed = 0
    for pk in waiting:
        try:
            actions.close_silent(ctx.keyed(""), pk)
            closed += 1
        except Refused:  # somebody said something meanwhile
            continue
    return closed


def open_due_upkeep(school: School, now: datetime) -> int:
    """A repair for everything whose day of upkeep has come; tells how many. A daily duty."""
    ctx = Ctx.system("schedule", school, now=now)
    with active(school):
        due = list(Upkeep.objects.running().filter(next_on__lte=ctx.today).values_list("pk", flat=True))
    opened = 0
    for pk in due:
        try:
            actions.open_due_upkeep(ctx.keyed(""), pk)
            opened += 1
        except Refused:  # its repair is open still
            continue
    return opened
