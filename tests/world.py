"""One small school with a fixed cast, and a stranger from another school. The clock stands at a school day.

world = build_world()
move_asset(world.ctx("storekeeper"), world.projector, place=world.room_102, on=TODAY)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from zongwu.assets.actions import register_asset
from zongwu.assets.models import Asset
from zongwu.kernel import scope
from zongwu.kernel.accounts import Account, Holding, Membership, Person, Role
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.scope import School
from zongwu.school.actions import add_class, add_department, add_person, add_place, add_supplier, open_school
from zongwu.school.models import Department, Place, SchoolClass, Supplier, Term

NOW = datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
"""2026-11-23 10:20 in Shanghai, a Monday."""
TODAY = date(2026, 11, 23)
PASSWORD = "zongwu-2026-test"
CAST = {
    "administrator": ("管理员", "administrator"),
    "head": ("周建国", "head"),
    "storekeeper": ("孙丽华", "storekeeper"),
    "bookkeeper": ("林小燕", "bookkeeper"),
    "principal": ("陈立新", "principal"),
    "class_teacher": ("高文", "class_teacher"),
    "worker": ("何大庆", "worker"),
    "nobody": ("无岗", ""),
}


@dataclass
class World:
    """What `build_world` made; every row belongs to `school` but for the stranger's."""

    school: School
    people: dict[str, Person] = field(default_factory=dict)
    office: Department = None  # type: ignore[assignment]
    computing: Department = None  # type: ignore[assignment]
    campus: Place = None  # type: ignore[assignment]
    room_101: Place = None  # type: ignore[assignment]
    room_102: Place = None  # type: ignore[assignment]
    store: Place = None  # type: ignore[assignment]
    class_31: SchoolClass = None  # type: ignore[assignment]
    supplier: Supplier = None  # type: ignore[assignment]
    term: Term = None  # type: ignore[assignment]
    projector: Asset = None  # type: ignore[assignment]
    """In use in room 101; the class teacher uses and keeps it."""
    laptop: Asset = None  # type: ignore[assignment]
    """In use in the office; nobody is named."""

    def ctx(self, who: str = "head", **more: Any) -> Ctx:
        """The circumstances of a member of the cast, at the fixed time."""
        with scope.active(self.school):
            membership = Membership.objects.select_related("person", "school").get(person=self.people[who])
            return Ctx.member(membership, now=more.pop("now", NOW), **more)

    def system(self) -> Ctx:
        return Ctx.system("test", self.school, now=NOW)


def build_world(code: str = "cnsx", name: str = "城南实验小学") -> World:
    """The school as most tests need it. Calling it twice with other codes makes another school."""
    school = School.objects.create(code=code, name=name, opened_on=date(2026, 8, 1))
    world = World(school)
    system = world.system()
    open_school(system, administrator="开户人")
    world.office = add_department(system, name="总务处", aliases="总务、后勤")
    world.computing = add_department(system, name="信息中心", aliases="电教组")
    for who, (person, role) in CAST.items():
        world.people[who] = _member(world, who, person, role)
    world.campus = add_place(system, name="本部", level="campus")
    building = add_place(system, name="教学楼A", level="building", parent=world.campus)
    world.room_101 = add_place(
        system, name="101", level="room", parent=building, code="A101", keeper=world.people["class_teacher"]
    )
    world.room_102 = add_place(system, name="102", level="room", parent=building, code="A102")
    world.store = add_place(system, name="总务仓库", level="head_storeroom", parent=world.campus)
    world.class_31 = add_class(system, name="三1班", room=world.room_101, teacher=world.people["class_teacher"])
    world.supplier = add_supplier(system, name="城南智教科技")
    with scope.active(school):
        world.term = Term.objects.get()
    teacher = world.people["class_teacher"]
    world.projector = register_asset(
        system, name="投影仪", category="A02020200", quantity=Decimal(1), unit_price=Decimal("5260.00"), unit="台",
        acquired_on=date(2026, 9, 10), place=world.room_101, department=world.office, user=teacher, custodian=teacher,
        responsible=world.people["head"], spec="3600 流明 短焦",
    )  # fmt: skip
    world.laptop = register_asset(
        system, name="笔记本电脑", category="A02010108", quantity=Decimal(2), unit_price=Decimal("4980.00"), unit="台",
        acquired_on=date(2025, 3, 5), place=world.room_102, department=world.computing,
    )  # fmt: skip
    return world


def _member(world: World, who: str, name: str, role: str) -> Person:
    person = add_person(
        world.system(), name=name, number=f"{world.school.code}{len(world.people) + 1:02d}", department=world.office
    )
    account = Account.objects.create_user(f"{world.school.code}-{who}", PASSWORD)
    with scope.active(world.school):
        Membership.objects.create(school=world.school, account=account, person=person)
        if role:
            Holding.objects.create(
                school=world.school, person=person, role=Role.objects.get(code=role), from_on=date(2026, 8, 1)
            )
    return person


def build_stranger() -> World:
    """Another school in the same database, with the same cast."""
    return build_world("bctx", "北城特校")
