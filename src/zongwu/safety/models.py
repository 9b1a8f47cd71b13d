"""What is dangerous, who answers for it, by when, and who saw that it is gone. Seeds R1.05, R1.23, R1.24, R1.25, R5.03."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from zongwu.kernel.accounts import Person
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.fields import MoneyField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class Field(models.TextChoices):
    """The fields of 教发厅函〔2024〕20号 (《教育系统重大事故隐患判定指南》), and what schools keep beside them."""

    FIRE = "fire", "消防"
    BUILDING = "building", "校舍"
    FOOD = "food", "食品"
    LAB = "lab", "实验实训"
    TRAFFIC = "traffic", "校车和校园交通"
    CROWD = "crowd", "预防拥挤踩踏"
    SPECIAL = "special", "特种设备"
    UTILITY = "utility", "水电气热"
    SECURITY = "security", "治安防范"
    AROUND = "around", "周边环境"
    OTHER = "other", "其他"


class Grade(models.TextChoices):
    GENERAL = "general", "一般"
    MAJOR = "major", "重大"


class Source(models.TextChoices):
    OWN = "own", "自查"
    CHECK = "check", "检查发现"
    SUPERIOR = "superior", "上级检查"
    PUBLIC = "public", "师生扫码"
    IMPORT = "import", "台账导入"


class State(models.TextChoices):
    NEW = "new", "待定责"
    OPEN = "open", "待整改"
    DOING = "doing", "整改中"
    FIXED = "fixed", "待复查"
    CLOSED = "closed", "已销号"
    VOID = "void", "不是隐患"


STANDING = (State.NEW, State.OPEN, State.DOING, State.FIXED)
"""It is there still, or nobody else has seen that it is gone."""
TO_FIX = (State.NEW, State.OPEN, State.DOING)


class HazardQuerySet(ScopedQuerySet):
    reads = "safety.read_hazard"

    def in_range(self, ctx: Any, span: str) -> Q:
        """What one found, answers for, watches over or put right."""
        if span != "own" or not ctx.person:
            return super().in_range(ctx, span)
        return Q(finder=ctx.person) | Q(responsible=ctx.person) | Q(supervisor=ctx.person) | Q(fixed_by=ctx.person)

    def visible_to(self, ctx: Any) -> HazardQuerySet:
        rows: HazardQuerySet = super().visible_to(ctx).select_related("place", "responsible")
        return rows

    def real(self) -> HazardQuerySet:
        return self.exclude(state=State.VOID)

    def standing(self) -> HazardQuerySet:
        return self.filter(state__in=STANDING)

    def overdue(self, today: date) -> HazardQuerySet:
        """Not closed, and its day has passed. A new date beside it changes nothing."""
        return self.standing().filter(due_on__lt=today)


class Hazard(SchoolModel):
    """One hazard (隐患), from who found it to who saw that it is gone; five things are fixed for it: 责任 措施 资金 时限 预案."""

    kind = "hazard"

    number = models.CharField("编号", max_length=40)
    title = models.CharField("隐患", max_length=120, editable=False)
    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="地点")
    spot = models.CharField("具体部位", max_length=60, blank=True, help_text="如 西楼梯扶手、后厨东墙")
    field = models.CharField("类别", max_length=8, choices=Field)
    grade = models.CharField("等级", max_length=8, choices=Grade, default=Grade.GENERAL)
    basis = models.CharField("判定依据", max_length=120, blank=True)
    what = models.CharField("什么隐患", max_length=300)
    source = models.CharField("来源", max_length=8, choices=Source, default=Source.OWN)
    superior = models.CharField("上级检查", max_length=80, blank=True, help_text="哪个部门、文号")
    finder = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="发现人"
    )
    finder_name = models.CharField("发现人（没登录）", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True, help_text="销号就抹掉")
    found_at = models.DateTimeField("发现时间")
    found_on = models.DateField("发现日期")
    responsible = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="责任人"
    )
    responsible_name = models.CharField("责任人（不在名册）", max_length=40, blank=True)
    supervisor = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="督办人"
    )
    measure = models.CharField("整改措施", max_length=200, blank=True)
    money = MoneyField("整改资金", default=0)
    funding = models.CharField("资金来源", max_length=40, blank=True)
    due_on = models.DateField("整改期限", help_text="过了也不改，延期写在旁边")
    later_on = models.DateField("延到", null=True, blank=True)
    interim = models.CharField("临时防护和预案", max_length=200, blank=True, help_text="如 封西楼梯，走东梯")
    state = models.CharField("状态", max_length=8, choices=State, default=State.NEW)
    set_on = models.DateField("定责日期", null=True, blank=True)
    did = models.CharField("整改情况", max_length=200, blank=True)
    fixed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="整改人"
    )
    fixed_name = models.CharField("整改人（不在名册）", max_length=40, blank=True)
    fixed_on = models.DateField("整改完成日期", null=True, blank=True)
    checked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="复查人"
    )
    checked_name = models.CharField("复查人（不在名册）", max_length=40, blank=True)
    verdict = models.CharField("复查结论", max_length=100, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    days = models.PositiveIntegerField("存在天数", null=True, blank=True, help_text="从发现到销号")
    back = models.PositiveSmallIntegerField("复查退回次数", default=0)
    back_on = models.DateField("最近退回日期", null=True, blank=True)
    seen = models.PositiveSmallIntegerField("又有几个人看到", default=0)
    again_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="again", db_index=False, verbose_name="又出现了"
    )
    listed_on = models.DateField("挂牌督办日期", null=True, blank=True)
    listed_number = models.CharField("挂牌文号", max_length=60, blank=True)
    reported_on = models.DateField("上报日期", null=True, blank=True)
    reported_to = models.CharField("上报情况", max_length=100, blank=True, help_text="报给谁、文号")
    told = models.PositiveSmallIntegerField("催到第几级", default=0, editable=False)

    objects: ClassVar[Any] = Scoped.from_queryset(HazardQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="hazard_number"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(fixed_by=None) | ~Q(checked_by=F("fixed_by")), name="hazard_two_people"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(responsible=None) | ~Q(checked_by=F("responsible")), name="hazard_not_himself"
            ),
            models.CheckConstraint(condition=~Q(state="closed") | Q(closed_on__isnull=False), name="hazard_closed"),
            models.CheckConstraint(condition=Q(again_of=None) | ~Q(again_of=F("id")), name="hazard_not_its_own"),
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "found_on", "id"], name="hazard_by_found_on"),
            models.Index(fields=["school", "due_on", "id"], name="hazard_by_due_on"),
            models.Index(fields=["school", "state", "due_on"], name="hazard_by_state"),
            models.Index(fields=["school", "place", "field", "found_on"], name="hazard_at"),
            models.Index(
                fields=["school", "responsible", "state"], condition=Q(responsible__isnull=False), name="hazard_of_person"
            ),
        ]  # fmt: skip
        verbose_name = "隐患"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state in STANDING

    def is_his(self, person: Person | None) -> bool:
        """Whether somebody put it right or answers for it: by his number, or by a name that a ledger gave."""
        if person is None:
            return False
        return person.pk in (self.fixed_by_id, self.responsible_id) or person.name in (
            self.fixed_name,
            self.responsible_name,
        )

    @property
    def answers(self) -> str:
        """Who answers for it, of the roster or not."""
        return str(self.responsible or self.responsible_name)


class Shot(SchoolModel):
    """A photograph of a hazard, and which of its three moments it shows."""

    class Moment(models.TextChoices):
        BEFORE = "before", "整改前"
        AFTER = "after", "整改后"
        CHECK = "check", "复查"

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="shots", db_index=False)
    paper = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    moment = models.CharField("什么时候", max_length=6, choices=Moment)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    on = models.DateField("日期")

    class Meta:
        constraints: ClassVar[list[Any]] = UNIQUE
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "hazard", "moment"], name="shot_of_hazard")]
        verbose_name = "隐患照片"
