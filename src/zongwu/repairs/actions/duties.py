"""Who mends what where."""

from __future__ import annotations

from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.repairs.actions.tickets import DISPATCH
from zongwu.repairs.models import Duty, Fault
from zongwu.school.models import Place


@create_action(Duty, label="添分工", permission=DISPATCH, icon="plus", primary=True)
def set_duty(ctx: Ctx, *, worker: Person, fault: str = "", area: Place | None = None) -> Duty:
    """Who mends what where; the line of the same kind and place is replaced."""
    if fault and fault not in Fault.values:
        raise Refused(fields={"fault": "没有这个类别。"})
    if worker.left_on is not None:
        raise Refused(fields={"worker": f"{worker} 已经离校。"})
    duty = Duty.objects.filter(fault=fault, area=area).first() or Duty(school=ctx.school, fault=fault, area=area)
    duty.worker, duty.set_on = worker, ctx.today
    duty.save()
    ctx.journal(duty, "duty.set", worker=worker, also=[(worker, "worker"), (area, "place")])
    return duty


@action(Duty, label="取消分工", permission=DISPATCH, icon="ban", confirm="以后这一类要由派工的人来派。")
def drop_duty(ctx: Ctx, duty: Duty) -> Person:
    """Nobody's any more. What was given out stays."""
    worker: Person = duty.worker
    ctx.journal(worker, "duty.dropped", also=[(duty.area, "place")])
    duty.delete()
    return worker
