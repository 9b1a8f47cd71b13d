"""A district to measure in: one large school and many smaller ones, written set-based."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction
from django.test import Client

from zongwu.assets.models import Asset, AssetSpell, State
from zongwu.assets.steps import SPELL
from zongwu.kernel import bulk, pinyin, search
from zongwu.kernel.accounts import Account, Holding, Membership, Person, Role
from zongwu.kernel.scope import School, active
from zongwu.school.models import Appointment, Department, Place
from zongwu.site.setup import found_school

NAMES = (
    "空调机", "触控一体机", "笔记本电脑", "学生课桌椅", "投影仪", "文件柜", "交换机", "打印机", "饮水机", "摄像机", "钢琴", "篮球架", "书架",
    "讲台", "显微镜", "天平", "灭火器", "音箱", "扫描仪", "服务器",
)  # fmt: skip
RARE = "日晷"
HEADS = (
    "资产编号", "资产名称", "规格型号", "品牌", "国标分类代码", "计量单位", "数量", "单价", "金额", "取得日期", "取得方式", "供应商", "使用部门",
    "存放地点", "使用人", "保管人", "使用状况", "资金来源", "保修截止", "备注",
)  # fmt: skip


def workbook(path: Path, rows: int) -> Path:
    """A ledger of twenty columns as an office keeps it: names, rooms and people repeat, numbers and remarks do not."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page, day = book.add_worksheet("固定资产台账"), book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(0, 0, HEADS)
        for n in range(1, rows + 1):
            price = 1000 + n % 977
            page.write_row(n, 0, [
                f"ZC-2020-{n:06d}", NAMES[n % 20] + ("" if n % 3 else f"{n % 40}型"), f"型号{n % 300}", f"品牌{n % 30}", "A02020200", "台",
                1 + n % 3, price, price * (1 + n % 3),
            ])  # fmt: skip
            page.write_datetime(n, 9, date(2015 + n % 11, 1 + n % 12, 1 + n % 28), day)
            page.write_row(n, 10, [
                "新购", f"城南商贸{n % 40}公司", f"部门{n % 20}", f"教学楼A{100 + n % 9 * 100 + n % 30}", f"王老师{n % 150}", f"李老师{n % 150}",
                "在用", "财政拨款",
            ])  # fmt: skip
            page.write_string(n, 19, f"备注{n}")
    return path


def school_with(code: str, cards: int) -> School:
    """A school with so many cards, their spells and their entries in the search index."""
    school, _ = found_school(f"{code}小学", kind="primary", region="", code=code)
    with active(school), transaction.atomic():
        rooms = [
            Place(school=school, level="room", name=f"{n}", path=f"本部/楼{n % 9}/{n:03d}", opened_on=school.opened_on)
            for n in range(300)
        ]
        bulk.insert_objects(rooms)
        people = [
            Person(school=school, name=f"老师{n}", pinyin=f"lao shi {n:03d}", entered_on=school.opened_on)
            for n in range(150)
        ]
        bulk.insert_objects(people)
        departments = [Department(school=school, name=f"部门{n}", pinyin=f"bu men {n:02d}") for n in range(20)]
        bulk.insert_objects(departments)
        blank = Asset(school=school, category="A02020200", category_confirmed=True, life_months=120, unit="台")
        made = []
        for n in range(cards):
            card = bulk.twin(blank)
            room, person, department = rooms[n * 7 % 300], people[n * 11 % 150], departments[n * 3 % 20]
            card.number, card.name = f"ZC-2020-{n:06d}", RARE if n % 20_000 == 7 else NAMES[n % 20]
            card.pinyin, card.value = pinyin.sort_key(card.name), Decimal(100 + n * 37 % 90_000)
            card.unit_price, card.monthly = card.value, card.value / 120
            card.monthly = card.monthly.quantize(Decimal("0.01"))
            card.acquired_on = card.posted_on = card.in_books_on = date(2019 + n % 7, 1 + n % 12, 1)
            card.state = State.IDLE if n % 50 == 0 else State.IN_USE
            card.condition = "broken" if n % 97 == 0 else "good"
            card.place_id, card.place_path = room.pk, room.path
            card.custodian_id, card.custodian_pinyin = person.pk, person.pinyin
            card.user_id, card.responsible_id = people[n * 5 % 150].pk, people[n * 13 % 150].pk
            card.department_id, card.department_pinyin = department.pk, department.pinyin
            made.append(card)
        bulk.insert_objects(made)
        bulk.insert(
            AssetSpell, ("school_id", "asset_id", "seq", "from_on", *SPELL),
            ((school.pk, c.pk, 1, c.in_books_on, *(getattr(c, name) for name in SPELL)) for c in made),
        )  # fmt: skip
    with active(school), transaction.atomic():
        search.index(school.pk, "asset")
    return school


def member(school: School, role: str, department: Department | None = None) -> Client:
    """A browser in which somebody with this role has signed in."""
    with active(school):
        person = Person.objects.create(school=school, name=role, pinyin=role, entered_on=school.opened_on)
        account = Account.objects.create_user(f"{school.code}-{role}", "bench-bench-1")
        Membership.objects.create(school=school, account=account, person=person)
        Holding.objects.create(school=school, person=person, role=Role.objects.get(code=role), from_on=school.opened_on)
        if department is not None:
            Appointment.objects.create(school=school, person=person, department=department, from_on=school.opened_on)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def analyze() -> None:
    """What both databases do by themselves in time: statistics for the planner."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
