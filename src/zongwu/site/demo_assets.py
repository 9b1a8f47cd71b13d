"""What the demonstrated school did with its assets in the term: broken panes, depreciation, disposal, a count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zongwu.assets import actions as assets
from zongwu.assets.actions.custody import Wrong
from zongwu.assets.forms import TERMS
from zongwu.assets.models import Asset
from zongwu.kernel import scope
from zongwu.school.models import Place, SchoolClass, Term
from zongwu.site.demo_cast import Cast, at, ink

PRICES = (
    ("窗玻璃", "块", "35"), ("课桌桌面", "张", "60"), ("课椅凳面", "张", "40"), ("门锁", "把", "45"), ("黑板擦", "个", "6"), ("灯管", "支", "28"),
)  # fmt: skip


def roll_panels_out(cast: Cast) -> None:
    """The ten panels of October become a card each and go into the rooms of the first two grades; three are still to come."""
    keeper = cast.does("sun", at(2026, 10, 13))
    with scope.active(cast.school):
        batch = Asset.objects.on_books().get(name="触控一体机", acquired_on=date(2026, 10, 12))
        first = list(
            Place.objects.filter(code__in=[f"A{grade}0{number}" for grade in (1, 2) for number in range(1, 6)])
        )
    assets.split_asset(keeper, batch)
    with scope.active(cast.school):
        panels = list(
            Asset.objects.on_books().filter(name="触控一体机", acquired_on=date(2026, 10, 12)).order_by("number")
        )
    rollout = assets.plan_rollout(
        keeper,
        name="一、二年级教室装触控一体机",
        assets=panels,
        places=first,
        leader=cast.people["he"],
        due_on=date(2026, 11, 30),
    )
    with scope.active(cast.school):
        rooms = list(rollout.placements.order_by("seq")[:7])
    for day, one in enumerate(rooms, 14):
        assets.place_item(cast.does("he", at(2026, 10, day, 16)), one, on=date(2026, 10, day))


def hand_rooms_over(cast: Cast) -> None:
    """Every class room with somebody to answer for it gets its agreement; the class of the third grade signs."""
    with scope.active(cast.school):
        term, building = Term.objects.get(year=2026, half="autumn"), Place.objects.get(path="本部/教学楼A")
    agreements = assets.draw_agreements(
        cast.does("sun", at(2026, 10, 15)),
        term=term,
        places=[building],
        until_on=date(2027, 1, 15),
        terms=TERMS.format(limit=Decimal(50)),
        signature=ink("sun"),
        confirmed=True,
    )
    for agreement in agreements:
        assets.sign_for_pupils(cast.does("gao", at(2026, 10, 16)), agreement, signature=ink("pupil"))
        cast.agrees("gao", at(2026, 10, 16, 10), agreement)


def look_through_rooms(cast: Cast) -> None:
    """Once a month 「都在」; in December a thing is missing."""
    with scope.active(cast.school):
        room = Place.objects.get(code="A302")
        last = Asset.objects.on_books().filter(place=room, state="in_use").order_by("number").last()
    assert last is not None
    for month in (10, 11):
        assets.check_room(cast.does("gao", at(2026, month, 30)), place=room, wrong={}, signature=ink("gao"))
    wrong = {last.pk: Wrong("elsewhere", None, "贴的是三（1）班的号")}
    assets.check_room(cast.does("gao", at(2026, 12, 30)), place=room, wrong=wrong, signature=ink("gao"))


def break_things(cast: Cast) -> None:
    """The price list; a pane that was paid, a table top of last week, and what wore out."""
    with scope.active(cast.school):
        ours = SchoolClass.objects.get(room__code="A302")
    prices = {
        name: assets.add_price(cast.does("zhou", at(2026, 9, 1)), name=name, unit=unit, price=Decimal(yuan))
        for name, unit, yuan in PRICES
    }
    reported = []
    for moment, happened, name, cause, remedy, account in (
        (at(2026, 10, 20), date(2026, 10, 19), "窗玻璃", "negligence", "school_repair", "课间打闹，球砸到窗户"),
        (at(2026, 11, 24), date(2026, 11, 23), "灯管", "wear", "school_repair", "用了三年，两头发黑"),
        (at(2027, 1, 13), date(2027, 1, 12), "课桌桌面", "wilful", "replace", "小刀刻划，面板换新"),
    ):
        damage = assets.report_damage(
            cast.does("gao", moment), item=prices[name], happened_on=happened, cause=cause, remedy=remedy, account=account,
            payer_class=None if cause == "wear" else ours,
        )  # fmt: skip
        assets.submit_damage(cast.does("gao", moment), damage, signature=ink("gao"))
        reported.append(damage)
    for damage, day in zip(reported[:2], (at(2026, 10, 21), at(2026, 11, 25)), strict=True):
        cast.agrees("zhou", day, damage)
    assets.take_payment(
        cast.does("lin", at(2026, 10, 23)), reported[0], amount=Decimal(35), on=date(2026, 10, 23), receipt_number="0002816"
    )  # fmt: skip


def charge_depreciation(cast: Cast) -> None:
    for year, month in ((2026, 9), (2026, 10), (2026, 11), (2026, 12)):
        following = at(year + month // 12, month % 12 + 1, 3)
        assets.depreciate_month(cast.does("lin", following), month=date(year, month, 1))


def dispose_of_what_is_worn_out(cast: Cast) -> None:
    """One list is struck off, one has reached the meeting, one waits for the head."""
    with scope.active(cast.school):
        old = list(
            Asset.objects.on_books()
            .filter(state__in=("in_use", "idle"), acquired_on__lt=date(2012, 1, 1))
            .order_by("-value", "number")[:60]
        )
    done, large, small = old[-3:], old[:32], old[40:44]
    keeper = cast.does("lin", at(2026, 11, 16))
    first = assets.apply_disposal(
        keeper, assets=done, form="scrap", reason="用了十多年，多次维修，已经不能用", confirmed=True
    )
    assets.submit_disposal(keeper, first, signature=ink("lin"))
    for day, account in enumerate(("sun", "zhou", "chen"), 17):
        cast.agrees(account, at(2026, 11, day), first)
    assets.settle_disposal(
        cast.does("zhou", at(2026, 12, 8)), first, proceeds=Decimal("180"), receipt_number="湘财缴 0031872", settled_on=date(2026, 12, 8),
        receiver="城南再生资源公司",
    )  # fmt: skip
    begun = cast.does("sun", at(2027, 1, 6))
    second = assets.apply_disposal(
        begun, assets=large, form="scrap", reason="超过使用年限，配件停产，维修报价高于残余价值", confirmed=True,
        appraiser=cast.people["li"], second_appraiser=cast.people["he"],
    )  # fmt: skip
    assets.submit_disposal(begun, second, signature=ink("sun"))
    for day, (account, opinion) in enumerate(
        (("lin", "已提足折旧，残值收入按规定上缴"), ("li", "抽检 10 台，均不具备维修价值"), ("he", "同意鉴定意见")),
        7,
    ):
        cast.agrees(account, at(2027, 1, day), second, opinion)
    third = assets.apply_disposal(
        cast.does("lin", at(2027, 1, 12)), assets=small, form="scrap", reason="破损，修不了", confirmed=True
    )
    assets.submit_disposal(cast.does("lin", at(2027, 1, 12, 10)), third, signature=ink("lin"))


def count_a_building(cast: Cast) -> None:
    """A count under way: some rooms are done, one has what does not belong there."""
    with scope.active(cast.school):
        building = Place.objects.get(path="本部/教学楼A")
    begun = cast.does("sun", at(2027, 1, 11))
    count = assets.plan_stocktake(
        begun, name="2026 年度盘点（教学楼A）", deadline_on=date(2027, 1, 20), places=[building], watcher=cast.people["he"],
        second_watcher=cast.people["gao"],
    )  # fmt: skip
    assets.begin_stocktake(begun, count)
    with scope.active(cast.school):
        rooms = list(count.rooms.select_related("place").order_by("place__path"))
        cards = {room.pk: list(Asset.objects.on_books().filter(place=room.place).order_by("number")) for room in rooms}
    for at_, room in enumerate(rooms[:4]):
        counter = cast.does("sun", at(2027, 1, 12, 9 + at_))
        wanted = cards[room.pk][: None if at_ else -1]
        for card in [*wanted, *cards[rooms[-1].pk][:1]] if at_ == 1 else wanted:
            assets.scan_item(counter, room, code=card.number)
        if at_ == 2:
            assets.scan_item(counter, room, code="ZC-2019-9912")
        if at_ < 3:
            assets.finish_room(counter, room, signature=ink("sun"))
