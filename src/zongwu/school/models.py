"""What every other domain points to: where things are, who people are, which term it is."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left

from zongwu.kernel.accounts import Person, masked
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet
from zongwu.school.limits import Rule  # noqa: F401 - Django looks for models here

UNIQUE = SchoolModel.Meta.constraints


def forward(begins: str, ends: str, name: str) -> models.CheckConstraint:
    """A span runs forward; one that ends on the day on which it begins never was: it was taken back."""
    return models.CheckConstraint(condition=Q(**{ends: None}) | Q(**{f"{ends}__gte": F(begins)}), name=name)


class DepartmentQuerySet(ScopedQuerySet):
    reads = "school.read_department"


class Department(SchoolModel):
    """An office or group such as 总务处, 信息中心, 三年级组."""

    kind = "department"

    name = models.CharField("部门", max_length=30)
    pinyin = models.CharField(max_length=80, editable=False)
    aliases = models.CharField("别名", max_length=120, blank=True, help_text="用顿号隔开，导入时按别名认出来")
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(DepartmentQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "name"], name="department_name")
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "pinyin", "id"], name="department_by_pinyin")]
        verbose_name = "部门"

    def __str__(self) -> str:
        return self.name


class Appointment(SchoolModel):
    """A person belongs to a department, with a post, from a day until another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name="人员")
    department = models.ForeignKey(Department, models.PROTECT, related_name="appointments", verbose_name="部门")
    post = models.CharField("职务", max_length=30, blank=True)
    from_on = models.DateField("自")
    until_on = models.DateField("至", null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, forward("from_on", "until_on", "appointment_forward")
        ]  # fmt: skip
        verbose_name = "任职部门"


class PlaceQuerySet(ScopedQuerySet):
    reads = "school.read_place"

    def storerooms(self) -> PlaceQuerySet:
        """The head storeroom and the branches."""
        return self.filter(level__in=STOREROOMS)

    def open(self) -> PlaceQuerySet:
        return self.filter(closed_on=None)

    def under(self, *places: Place) -> PlaceQuerySet:
        """These places themselves and everything in them."""
        narrowed, found = Q(pk__in=[place.pk for place in places]), self
        for at, place in enumerate(places):
            top = f"{place.path}/"  # compared once more as it stands: SQLite's LIKE takes 教学楼a for 教学楼A
            found = found.alias(**{f"top{at}": Left("path", len(top))})
            narrowed |= Q(**{"path__startswith": top, f"top{at}": top})
        return found.filter(narrowed)


class Place(SchoolModel):
    """A node of the place tree: campus, building, floor, room; storerooms are places too."""

    kind = "place"

    class Level(models.TextChoices):
        CAMPUS = "campus", "校区"
        BUILDING = "building", "楼"
        FLOOR = "floor", "楼层"
        ROOM = "room", "房间"
        HEAD_STOREROOM = "head_storeroom", "总库房"
        STOREROOM = "storeroom", "分库房"
        GROUND = "ground", "室外场地"

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    level = models.CharField("类别", max_length=16, choices=Level)
    name = models.CharField("名称", max_length=40)
    code = models.CharField("房间号", max_length=20, blank=True)
    path = models.CharField("位置", max_length=200, editable=False, help_text="自上而下的名称，用于排序和“其下全部”")
    keeper = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="rooms", verbose_name="分保管员"
    )
    opened_on = models.DateField("启用日期", help_text="从这一天起算在用")
    closed_on = models.DateField("停用日期", null=True, blank=True, help_text="这一天起不再用")

    objects: ClassVar[Any] = Scoped.from_queryset(PlaceQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "path"], name="place_path"),
            models.UniqueConstraint(
                fields=["school", "code"], condition=~Q(code="") & Q(closed_on=None), name="place_code"
            ),
            models.UniqueConstraint(
                fields=["school"], condition=Q(level="head_storeroom", closed_on=None), name="place_one_head_storeroom"
            ),
            forward("opened_on", "closed_on", "place_forward"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "path", "id"], name="place_by_path")]
        verbose_name = "场所"

    def __str__(self) -> str:
        return " ".join(spoken(self.path))

    @property
    def is_storeroom(self) -> bool:
        return self.level in STOREROOMS

    @property
    def word(self) -> str:
        """As a ledger names it: building and room run together (`教学楼A302`)."""
        return "".join(spoken(self.path))


@lru_cache(maxsize=10_000)
def spoken(path: str) -> tuple[str, ...]:
    """A place's path without what nobody says: the campus, and a floor that a room's number tells."""
    parts = path.split("/")
    inner = parts[1:] or parts
    return (*(part for part in inner[:-1] if not part.endswith("层")), inner[-1])


STOREROOMS = (Place.Level.HEAD_STOREROOM, Place.Level.STOREROOM)


class SchoolClassQuerySet(ScopedQuerySet):
    reads = "school.read_class"

    def in_range(self, ctx: Any, span: str) -> Q:
        return Q(teacher=ctx.person) if span == "class" and ctx.person else super().in_range(ctx, span)

    def open(self) -> SchoolClassQuerySet:
        return self.filter(closed_on=None)


class SchoolClass(SchoolModel):
    """A class of pupils; `三（2）班`, however people write it (`rules.class_name`)."""

    kind = "class"

    name = models.CharField("班级", max_length=20)
    grade = models.PositiveSmallIntegerField("年级")
    number = models.PositiveSmallIntegerField("班号")
    room = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="classes", verbose_name="教室")
    teacher = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="classes", verbose_name="班主任"
    )
    opened_on = models.DateField("建班日期", help_text="从这一天起算有这个班")
    promoted_on = models.DateField("上次升级", null=True, blank=True, editable=False)
    closed_on = models.DateField("毕业或撤班日期", null=True, blank=True, help_text="这一天起不再有这个班")

    objects: ClassVar[Any] = Scoped.from_queryset(SchoolClassQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "name"], condition=Q(closed_on=None), name="class_name_open"),
            forward("opened_on", "closed_on", "class_forward"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "grade", "id"], name="class_by_grade")]
        verbose_name = "班级"

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        """How many pupils are in it today."""
        return self.pupils.filter(left_on=None).count()


class PupilQuerySet(ScopedQuerySet):
    reads = "school.read_pupil"

    def in_range(self, ctx: Any, span: str) -> Q:
        if span == "class" and ctx.person:
            return Q(school_class__teacher=ctx.person)
        return super().in_range(ctx, span)

    def present(self) -> PupilQuerySet:
        """Those still at the school."""
        return self.filter(left_on=None)


class Pupil(SchoolModel):
    """Number, name, class, and from when until when at the school: no more is kept of a minor (decisions 7).

    Who graduated or left stays with his last class.
    """

    kind = "pupil"

    number = models.CharField("学号", max_length=20)
    name = models.CharField("姓名", max_length=40)
    pinyin = models.CharField(max_length=80, editable=False)
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="pupils", verbose_name="班级")
    entered_on = models.DateField("入学日期", help_text="从这一天起算在校")
    left_on = models.DateField("离校日期", null=True, blank=True, help_text="这一天起不在校")

    objects: ClassVar[Any] = Scoped.from_queryset(PupilQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="pupil_number"),
            forward("entered_on", "left_on", "pupil_forward"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "pinyin", "id"], name="pupil_by_pinyin"),
            models.Index(fields=["school", "number", "id"], name="pupil_by_number"),
        ]
        verbose_name = "学生"

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> str:
        """At the school or not, in one word."""
        return "在校" if self.left_on is None else "离校"


class Gap(SchoolModel):
    """A time in which something that came back did not stand: from leaving until, exclusively, returning."""

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="gaps")
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, related_name="gaps")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="gaps")
    from_on = models.DateField("自")
    until_on = models.DateField("至")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.CheckConstraint(
                condition=Q(person__isnull=False, pupil=None, place=None)
                | Q(person=None, pupil__isnull=False, place=None)
                | Q(person=None, pupil=None, place__isnull=False),
                name="gap_of_one",
            ),
            models.CheckConstraint(condition=Q(until_on__gt=F("from_on")), name="gap_forward"),
        ]
        verbose_name = "离开的一段"


class SupplierQuerySet(ScopedQuerySet):
    reads = "school.read_supplier"


class Supplier(SchoolModel):
    """Whoever sells to, builds for or serves the school."""

    kind = "supplier"

    name = models.CharField("单位名称", max_length=60)
    pinyin = models.CharField(max_length=80, editable=False)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    contact = models.CharField("联系人", max_length=30, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    scope = models.CharField("供应范围", max_length=80, blank=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(SupplierQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "name"], name="supplier_name")
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "pinyin", "id"], name="supplier_by_pinyin")]
        verbose_name = "供应商"

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        """As lists show it; the supplier's own page has the whole number."""
        return masked(self.phone)


class TermQuerySet(ScopedQuerySet):
    reads = "school.read_term"


class Term(SchoolModel):
    """Half a school year. Terms tile time: each runs to the day before the next begins (decisions 6)."""

    kind = "term"

    class Half(models.TextChoices):
        AUTUMN = "autumn", "秋"
        SPRING = "spring", "春"

    year = models.PositiveSmallIntegerField("年份", help_text="学期开始的那一年")
    half = models.CharField("学期", max_length=6, choices=Half)
    label = models.CharField("名称", max_length=30, help_text="如 2026—2027 学年第一学期")
    begins_on = models.DateField("开始")
    classes_begin_on = models.DateField("开学日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(TermQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "year", "half"], name="term_once"),
            models.UniqueConstraint(fields=["school", "begins_on"], name="term_begins"),
        ]
        ordering: ClassVar[list[str]] = ["begins_on"]
        verbose_name = "学期"

    def __str__(self) -> str:
        return self.label

    @property
    def name(self) -> str:
        """As the command line knows it: `2026秋`."""
        return f"{self.year}{self.get_half_display()}"


class CalendarDayQuerySet(ScopedQuerySet):
    reads = "school.read_term"

    def live(self) -> CalendarDayQuerySet:
        """The days that hold; those taken back follow the week again."""
        return self.filter(void=False)


class CalendarDay(SchoolModel):
    """A day on which the school departs from the week: a holiday, or a weekend made up as a working day."""

    kind = "calendar_day"

    day = models.DateField("日期")
    works = models.BooleanField("上班")
    label = models.CharField("说明", max_length=30, blank=True)
    void = models.BooleanField("撤回", default=False)

    objects: ClassVar[Any] = Scoped.from_queryset(CalendarDayQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "day"], name="calendar_day"),
        ]
        verbose_name = "校历"

    def __str__(self) -> str:
        return f"{self.day} {self.what}"

    @property
    def weekday(self) -> str:
        return f"星期{'一二三四五六日'[self.day.weekday()]}"

    @property
    def what(self) -> str:
        """What the day is, in one word."""
        return "上班" if self.works else "放假"
