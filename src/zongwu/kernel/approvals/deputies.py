"""Somebody signs in another's place for some days (委托), and takes it back."""

from __future__ import annotations

from datetime import date

from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.approvals import people
from zongwu.kernel.approvals.models import Deputy
from zongwu.kernel.approvals.prescribed import SIGN
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused


@create_action(Deputy, label="委托别人代办", permission=SIGN, icon="user-share", primary=True, narrows=True)
def deputise(ctx: Ctx, *, deputy: Person, from_on: date, until_on: date) -> Deputy:
    """From one day to another, both inclusive, another signs in one's place; the history names both."""
    assert ctx.person is not None
    wrong = {}
    if deputy.pk == ctx.person.pk:
        wrong["deputy"] = "不能委托给自己。"
    elif not people.can_sign(deputy, ctx.today):
        wrong["deputy"] = f"{deputy} 还没有开通账号，或者岗位没有签字的权限，办不了。"
    if until_on < from_on:
        wrong["until_on"] = "结束日期不能早于开始日期。"
    elif until_on < ctx.today:
        wrong["until_on"] = "这段时间已经过去了。"
    Person.objects.select_for_update(no_key=True).get(pk=ctx.person.pk)  # two at once would overlap
    overlapping = Deputy.objects.filter(person=ctx.person, ended_on=None, from_on__lte=until_on, until_on__gte=from_on)
    if (other := overlapping.select_related("deputy").first()) and not wrong:
        wrong["from_on"] = (
            f"这段时间里已经委托了{other.deputy}（{other.from_on} 至 {other.until_on}），请先结束那一次。"
        )
    if wrong:
        raise Refused(fields=wrong)
    made: Deputy = Deputy.objects.create(
        school=ctx.school, person=ctx.person, deputy=deputy, from_on=from_on, until_on=until_on
    )
    ctx.journal(
        made,
        "approval.deputised",
        deputy=deputy,
        from_on=from_on,
        until_on=until_on,
        also=[(ctx.person, "person"), (deputy, "deputy")],
    )
    return made


@action(
    Deputy,
    label="结束委托",
    permission=SIGN,
    icon="x",
    available=lambda row: row.ended_on is None,
    refusal="这次委托已经结束了。",
)
def end_deputy(ctx: Ctx, row: Deputy) -> Deputy:
    """Sign oneself again. Only who gave it can take it back."""
    if ctx.person is None or row.person_id != ctx.person.pk:
        raise Refused("只有委托人自己能结束委托。")
    row.ended_on = ctx.today
    row.save(update_fields=["ended_on"])
    ctx.journal(row, "approval.deputy_ended", also=[(row.person, "person"), (row.deputy, "deputy")])
    return row
