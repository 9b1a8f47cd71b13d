"""The demonstration: a school in its first term with the program, told through real actions at fixed times.

Everything here goes through the same doors as a school's own work; nothing is written past them. Names are invented.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path

from django.conf import settings

from zongwu.assets import actions as assets
from zongwu.assets.models import Asset
from zongwu.kernel import scope
from zongwu.kernel.accounts import Role
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.memberships import accept_invitation, assign_role, invite_person
from zongwu.kernel.transfer import runs, workbook, writing
from zongwu.kernel.transfer.reading import read
from zongwu.school import actions as school
from zongwu.school.models import Department, Place, Term
from zongwu.site import demo_assets, demo_purchasing, demo_repairs, demo_safety, demo_stores
from zongwu.site.demo_cast import PEOPLE, Cast, at
from zongwu.summary.actions import begin_summary
from zongwu.summary.models import Summary

PASSWORD = "zongwu-demo"
ENDS = datetime(2027, 1, 15, 17, 0, tzinfo=SCHOOL_ZONE)
"""The demonstration stands still on the last working day of the term."""
OPENED, FOUNDED = date(2026, 8, 1), datetime(2026, 8, 25, 8, tzinfo=SCHOOL_ZONE)
BRANCHES = (
    "体育器材室",
    "图书馆库房",
    "信息中心库房",
    "食堂库房",
    "美术器材室",
    "音乐器材室",
    "实验仪器室",
    "卫生用品库",
)
BOUGHT = (
    (date(2026, 9, 10), "投影仪", "A02020200", 8, "5260.00", "3600 流明 短焦", "县教育局信息化专项"),
    (date(2026, 9, 16), "便携式计算机", "A02010108", 26, "4980.00", "14 英寸 16G/512G", "公用经费"),
    (date(2026, 10, 12), "触控一体机", "A02020800", 10, "18600.00", "86 英寸 4K 红外触控", "县教育局信息化专项"),
    (date(2026, 10, 20), "空调机", "A02061804", 3, "5860.00", "3 匹 柜式", "公用经费"),
    (date(2026, 11, 9), "视频监控摄像机", "A02091107", 5, "1480.00", "400 万像素 室外", "安防专项"),
    (date(2026, 12, 3), "教学、实验用桌", "A05010203", 45, "380.00", "单人可调", "公用经费"),
)
"""Day, name, category, pieces, unit price, model, source of the money."""


def stand_still() -> None:
    """From here on the clock of this data folder stands at the end of the demonstrated term."""
    (Path(settings.DATA) / "demo.json").write_text(json.dumps({"now": ENDS.isoformat()}), encoding="utf-8")


def _pupils() -> Iterator[dict[str, str]]:
    """1,612 invented pupils in 36 classes."""
    surnames, given = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "子涵雨欣浩宇梓轩思远一诺嘉怡俊杰欣妍天佑语桐"
    for index in range(1612):
        seat = index % 36
        name = surnames[index % 20] + given[index * 7 % 20] + given[index * 3 % 20 if index % 3 else 1]
        yield {"no": f"2026{index + 1:04d}", "name": name, "class": f"{'一二三四五六'[seat // 6]}（{seat % 6 + 1}）班"}


def told() -> bool:
    """Whether the story in this data folder was told to its end."""
    return (Path(settings.DATA) / "demo.json").exists()


class Story(Cast):
    """The whole term, in the order in which it happened."""

    def tell(self) -> Summary:
        self.set_up()
        self.take_over_the_old_book()
        self.settle_what_the_old_book_left_open()
        self.buy_and_place()
        self.move_things()
        demo_stores.fill_the_storeroom(self)
        demo_stores.give_out_textbooks(self)
        demo_assets.roll_panels_out(self)
        demo_assets.hand_rooms_over(self)
        demo_assets.break_things(self)
        demo_assets.charge_depreciation(self)
        demo_assets.dispose_of_what_is_worn_out(self)
        demo_assets.look_through_rooms(self)
        demo_assets.count_a_building(self)
        demo_stores.serve_at_the_counter(self)
        demo_purchasing.buy(self)
        demo_stores.count_the_storeroom(self)
        demo_repairs.mend(self)
        demo_safety.look(self)
        self.plan_the_holiday()
        return self.write_the_summary()

    def set_up(self) -> None:
        """The first day: departments, people with accounts, places, storerooms, classes."""
        first = Ctx.system("demo", self.school, now=at(2026, 8, 25))
        departments = {
            name: school.add_department(first, name=name)
            for name in (
                "总务处",
                "校长室",
                "信息中心",
                "教务处",
                "德育处",
                "图书馆",
                "食堂",
                "一年级组",
                "三年级组",
                "五年级组",
                "体育组",
                "艺术组",
            )
        }
        with scope.active(self.school):
            roles = {role.code: role for role in Role.objects.all()}
        for account, name, title, department, role in PEOPLE:
            person = school.add_person(
                first, name=name, number=f"T{len(self.people) + 1:03d}", title=title, department=departments[department]
            )
            assign_role(first, person, role=roles[role])
            token = invite_person(first, person).token
            accept_invitation(
                Ctx.system("join", self.school, now=at(2026, 8, 25, 10)),
                token=token,
                username=account,
                password=PASSWORD,
            )
            self.people[account] = person
        assign_role(first, self.people["zhou"], role=roles["administrator"])  # as in most small schools
        self._places(departments)

    def _places(self, departments: dict[str, Department]) -> None:
        head = self.does("zhou", at(2026, 8, 26))
        campus = school.add_place(head, name="本部", level="campus")
        main = school.add_place(head, name="总务仓库", level="head_storeroom", parent=campus, keeper=self.people["sun"])
        for name in BRANCHES:
            school.add_place(head, name=name, level="storeroom", parent=main, keeper=self.people["sun"])
        building = school.add_place(head, name="教学楼A", level="building", parent=campus)
        for grade, word in enumerate("一二三四五六", 1):
            for number in range(1, 7):
                room = school.add_place(
                    head, name=f"{grade}{number:02d}", level="room", parent=building, code=f"A{grade}{number:02d}"
                )
                teacher = self.people["gao"] if (grade, number) == (3, 2) else None
                school.add_class(head, name=f"{word}（{number}）班", room=room, teacher=teacher)

    def take_over_the_old_book(self) -> None:
        """The pupils' list, and the ledger as the school kept it in a spreadsheet."""
        with tempfile.TemporaryDirectory() as folder:
            names = Path(folder) / "学生名单.xlsx"
            kind = runs.kind_named("pupils")
            names.write_bytes(writing.export(kind.sheet, _pupils(), school=self.school.name, made_on=date(2026, 8, 30)))
            self._import(self.does("zhou", at(2026, 8, 30)), "pupils", names, names.name)
        with as_file(files("zongwu.site").joinpath("data", "demo-ledger.xlsx")) as ledger:
            self._import(self.does("zhou", at(2026, 8, 31, 15)), "assets", ledger, "01_固定资产台账.xlsx")

    def _import(self, who: Ctx, kind: str, path: Path, name: str) -> None:
        described = runs.kind_named(kind)
        with scope.active(self.school):
            reading = read(described.sheet, workbook.load(path), today=who.today, words=described.words())
            effects = runs.weigh(described, reading)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        runs.apply_import(
            who,
            runs.stage_import(
                who, kind=kind, file_name=name, sha256=digest, reading=reading, effects=effects, mapping={}
            ),
        )

    def settle_what_the_old_book_left_open(self) -> None:
        """The categories that leave no doubt are confirmed; two dates are found in the vouchers."""
        with scope.active(self.school):
            sure = list(
                Asset.objects.on_books().exclude(category="").filter(category_confirmed=False).order_by("number")
            )
            unclear = list(Asset.objects.waiting_for_date().filter(precision="ambiguous").order_by("number")[:2])
        keeper = self.does("sun", at(2026, 9, 2))
        for card in sure:
            assets.confirm_category(keeper, card, category=card.category)
        for card in unclear:
            assets.confirm_date(keeper, card, acquired_on=date(int(card.date_text[:4]), 10, 15))

    def buy_and_place(self) -> None:
        """What was bought this term goes to named rooms and people."""
        with scope.active(self.school):
            rooms = list(Place.objects.filter(path__startswith="本部/教学楼A/", level="room").order_by("path"))
            offices = {d.name: d for d in Department.objects.all()}
        for at_, (day, name, category, pieces, price, spec, funding) in enumerate(BOUGHT):
            keeper = self.does("sun", datetime(day.year, day.month, day.day, 14, tzinfo=SCHOOL_ZONE))
            assets.register_asset(
                keeper, name=name, category=category, quantity=Decimal(pieces), unit_price=Decimal(price), unit="台" if at_ < 5 else "张",
                acquired_on=day, spec=spec, funding=funding, place=rooms[at_ * 5], department=offices["信息中心" if at_ < 3 else "总务处"],
                user=self.people["gao"], responsible=self.people["li"], custodian=self.people["sun"],
            )  # fmt: skip

    def move_things(self) -> None:
        """Idle things go where they are needed; rooms get people who answer for them."""
        with scope.active(self.school):
            idle = list(Asset.objects.on_books().filter(state="idle").order_by("number")[:3])
            offices = list(
                Asset.objects.on_books().filter(state="in_use", department__name="信息中心").order_by("number")[:12]
            )
            room = Place.objects.get(code="A302")
        for card in idle:
            assets.change_state(
                self.does("sun", at(2026, 10, 14)),
                card,
                state="in_use",
                condition="good",
                on=date(2026, 10, 14),
                reason="调剂到班级",
            )
            assets.move_asset(
                self.does("sun", at(2026, 10, 14, 10)), card, place=room, on=date(2026, 10, 14), reason="班级需要"
            )
        for card in offices:
            assets.hand_over_asset(
                self.does("sun", at(2026, 11, 5)), card, on=date(2026, 11, 5), user=self.people["li"], responsible=self.people["li"],
                custodian=self.people["sun"],
            )  # fmt: skip
        assets.print_labels(self.does("sun", at(2026, 11, 6)), assets=[card.pk for card in offices])

    def plan_the_holiday(self) -> None:
        """What the school sets itself beside the statutory days."""
        head = self.does("zhou", at(2027, 1, 8))
        school.set_days(head, from_on=date(2027, 1, 18), until_on=date(2027, 2, 26), works=False, label="寒假")
        school.set_days(head, from_on=date(2027, 2, 27), works=True, label="开学准备")

    def write_the_summary(self) -> Summary:
        with scope.active(self.school):
            term = Term.objects.get(year=2026, half="autumn")
        return begin_summary(self.does("zhou", ENDS), term=term)
