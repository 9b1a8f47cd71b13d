"""One look: what was gone through, what was wrong, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from zongwu.checks import follows, queries, rules
from zongwu.checks.models import CheckItem, CheckList, Finding, Level, Plan, Point, Round, Task
from zongwu.kernel import attachments, clock, numbering
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.attachments import Kept
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Refused
from zongwu.kernel.refs import ref

CHECK, SPOT, SETTLE = queries.CHECK, queries.SPOT, "checks.settle"
SERIES = "JC"
Verdict = Finding.Verdict


class Said(NamedTuple):
    """What was said of one item; items of which nothing is said are all right."""

    item: int
    wrong: bool = False
    absent: bool = False
    """Not applicable, with the reason in `words`."""
    words: str = ""
    note: str = ""
    """What the checker adds in his own words."""
    number: Decimal | None = None
    then: str = ""
    """What shall become of it (`follows`); empty leaves that for later."""
    photo: Kept | None = None


@create_action(Round, label="记检查", permission=CHECK, icon="clipboard-check", primary=True, hidden=True, narrows=True)
def submit_round(
    ctx: Ctx, *, plan: Plan | None = None, checklist: CheckList | None = None, point: Point | None = None, shown: Sequence[int] = (),
    said: Sequence[Said] = (), along: str = "", device_at: datetime | None = None,
) -> Round:  # fmt: skip
    """A list gone through at a point: by a plan, or without one by a leader who looks where he likes. `shown` are the items that
    the page had, so that days later nothing is confirmed that nobody saw; a telephone's clock decides the day as far as it can be believed.

    :raises Refused: an item that has no answer, no photograph where one is demanded, or the self-checker checks himself again.
    :raises Forbidden: the plan is somebody else's.
    """
    listed = plan.checklist if plan else checklist
    if listed is None or ctx.person is None:
        raise Refused("请先选检查表，并且用自己的账号登录。")
    level = _level(ctx, plan)
    on = clock.day_of(clock.believed(device_at, ctx.now))
    if level in (Level.AGAIN, Level.SPOT):
        before = queries.self_checked(point, listed, on)
        if before is not None and before.person_id == ctx.person.pk:
            raise Refused(f"{point or listed}的自查是您自己做的，{Level(level).label}请换一个人。")
    items = _items(listed, shown, on)
    answers = _answered(items, said)
    task = _task(plan, point, on) if plan else None
    if (
        plan
        and (stops := set(queries.stops_of(plan).values_list("point", flat=True)))
        and (point is None or point.pk not in stops)
    ):
        raise Refused(f"「{plan}」不经过{point or '全校'}，请刷新后再查。")
    round_ = Round(
        school=ctx.school, number=numbering.take(ctx.school.pk, SERIES, on.year)[0], plan=plan, checklist=listed, point=point, level=level,
        person=ctx.person, along=along, on=on, at=ctx.now, device_at=device_at, items=len(items),
        wrong=sum(one.verdict == Verdict.WRONG for one in answers.values()),
    )  # fmt: skip
    round_.save()
    if task is not None:
        task.round = round_
        task.save(update_fields=["round"])
    told = {one.item: one for one in said}
    for pk, finding in answers.items():
        finding.school, finding.round, finding.on = ctx.school, round_, on
        finding.save()
        if (photo := told[pk].photo) is not None:
            attachments.hang(finding, photo, ctx.now)
        if finding.verdict == Verdict.WRONG and told[pk].then:
            _follow(ctx, finding, told[pk].then)
    ctx.journal(
        round_, "check.done", items=round_.items, wrong=round_.wrong,
        also=[(point, "point"), (point.place if point else None, "place"), (plan, "plan"), *((one, "finding") for one in answers.values())],
    )  # fmt: skip
    return round_


def _level(ctx: Ctx, plan: Plan | None) -> str:
    """:raises Forbidden: it is neither his plan, nor may he look where he likes."""
    if plan is None:
        if not ctx.may(SPOT):
            raise Forbidden("没有计划的抽查由领导和总务来做。")
        return Level.SPOT
    if not Plan.objects.within(ctx, CHECK).filter(pk=plan.pk).exists():
        raise Forbidden(f"「{plan}」由{plan.who}查。")
    level: str = plan.level
    return level


def _items(listed: CheckList, shown: Sequence[int], on: date) -> list[CheckItem]:
    """What the page showed, or what the list asks today.

    :raises Refused: items that are not of this list, or none at all.
    """
    items = list(listed.items.filter(pk__in=shown).order_by("seq") if shown else queries.items_of(listed))
    lacks = queries.listed_on(listed, on) - set(shown) if shown else set()
    if not items or len(items) < len(set(shown)) or lacks:
        raise Refused(f"「{listed}」的检查项改过了，请刷新后再查。" if shown else f"「{listed}」还没有检查项。")
    return items


def _task(plan: Plan, point: Point | None, on: date) -> Task | None:
    """The first open task of these days, locked; None where all are done: then it is one look more."""
    rows = Task.objects.select_for_update().filter(
        plan=plan, point=point, from_on__lte=on, until_on__gte=on, round=None
    )
    found: Task | None = rows.order_by("until_on", "nth").first()
    return found


def _answered(items: Sequence[CheckItem], said: Sequence[Said]) -> dict[int, Finding]:
    """Item → what is kept of its answer. Every problem at once.

    :raises Refused: what cannot be an answer.
    """
    told, known = {one.item: one for one in said}, {item.pk for item in items}
    problems = ["有一项不在这张检查表上，请刷新后再查。"] if told.keys() - known else []
    found: dict[int, Finding] = {}
    for item in items:
        one = told.get(item.pk)
        finding, problem = _judged(item, one or Said(item.pk))
        if problem:
            problems.append(f"{item.name}：{problem}")
        elif finding is not None:
            found[item.pk] = finding
    if problems:
        raise Refused(*problems)
    return found


def _judged(item: CheckItem, one: Said) -> tuple[Finding | None, str]:
    """What is kept, or what is wrong with the answer."""
    words = one.words.strip()[:120]
    if one.absent:
        return (Finding(item=item, verdict=Verdict.ABSENT, said=words), "") if words else (None, "不适用的要写原因。")
    wrong = one.wrong
    if item.sort == CheckItem.Sort.NUMBER:
        if one.number is None:
            return None, "请填读数；看不到的点「不适用」写原因。"
        if abs(one.number) >= 10**9:
            return None, "读数太大，请核对。"
        wrong = wrong or not rules.within(one.number, item.least, item.most)
    if item.sort == CheckItem.Sort.CHOICE:
        if words not in (*item.fines, *item.wrongs) and not wrong:
            return None, f"请选一个：{'、'.join((*item.fines, *item.wrongs))}。"
        wrong = wrong or words in item.wrongs
    if wrong and item.photo and one.photo is None:
        return None, "异常要拍一张照片。"
    if one.then and one.then not in follows.FOLLOWS:
        return None, "没有这种处理，请重新选。"
    words = "，".join(filter(None, [words, one.note.strip()]))[:120]
    if not wrong and not words and item.sort == CheckItem.Sort.FINE and one.photo is None:
        return None, ""
    verdict = Verdict.WRONG if wrong else Verdict.FINE
    return Finding(item=item, verdict=verdict, said=words, number=one.number), ""  # type: ignore[misc]


def _follow(ctx: Ctx, finding: Finding, then: str) -> None:
    """What becomes of it is made now, in the same transaction."""
    made = follows.FOLLOWS[then].carry_out(ctx, finding)
    finding.then, finding.settled_on = then, ctx.today
    finding.became = ref(made) if made is not None else ""
    finding.save(update_fields=["then", "settled_on", "became"])
    ctx.touch([made] if made is not None else [], "became")


@action(Finding, label="处理", permission=SETTLE, icon="wand", primary=True, available=lambda finding: finding.verdict == Verdict.WRONG and not finding.then,
        refusal="{row} 已经处理过了，或者不是异常。")  # fmt: skip
def follow_finding(ctx: Ctx, finding: Finding, *, then: str) -> Finding:
    """What becomes of something that was found and left open: mended, a hazard, or nothing.

    :raises Refused: a way that nobody knows.
    """
    if then not in follows.FOLLOWS:
        raise Refused(fields={"then": "没有这种处理，请重新选。"})
    _follow(ctx, finding, then)
    ctx.journal(finding, "check.followed", then=then, also=[(finding.round, "round")])
    return finding


@action(Round, label="复核签字", permission="checks.countersign", icon="user-check", primary=True,
        available=lambda round_: round_.checklist.second and round_.second_id is None, refusal="{row} 不用第二个人签，或者已经签过。")  # fmt: skip
def countersign_round(ctx: Ctx, round_: Round) -> Round:
    """A second person, who leads what was looked through, says that it was (61 号令 art. 25: patroller and head sign).

    :raises Refused: whoever looked himself.
    """
    if ctx.person is None or round_.person_id == ctx.person.pk:
        raise Refused("检查的人不能自己复核，请被查部门的负责人或主管签。")
    round_.second, round_.second_at = ctx.person, ctx.now
    round_.save(update_fields=["second", "second_at"])
    ctx.journal(round_, "check.countersigned", also=[(round_.point, "point")])
    return round_
