"""The school's own pages: people, places, departments, classes, pupils, suppliers, terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zongwu.kernel import memberships, rights, separation
from zongwu.kernel.accounts import Holding, Person, Role
from zongwu.kernel.ctx import Ctx
from zongwu.school import actions, filters, forms, queries, settings
from zongwu.school.limits import Rule
from zongwu.school.models import CalendarDay, Department, Place, Pupil, SchoolClass, Supplier, Term
from zongwu.ui import home, navigation, periods, screens
from zongwu.ui.forms import (
    AssignRoleForm,
    GrantsForm,
    LiftSeparationForm,
    ReleaseRoleForm,
    RenameRoleForm,
    RoleForm,
    SeparatePostsForm,
)
from zongwu.ui.history import say
from zongwu.ui.navigation import Entry
from zongwu.ui.screens import Column, Facts, History, Number, Part, Rows, Screens, View


def _posts(ctx: Ctx, person: Person) -> Any:
    return person.appointments.select_related("department").order_by("-from_on")


def _roles(ctx: Ctx, person: Person) -> Any:
    return person.holdings.select_related("role").order_by("-from_on")


def _inside(ctx: Ctx, place: Place) -> Any:
    return Place.objects.filter(parent=place, closed_on=None).select_related("keeper").order_by("path")


def _roster(ctx: Ctx, row: SchoolClass) -> Any:
    """The pupils of a class, for those who may see them; of a class that is no more, those who left with it."""
    rows = Pupil.objects.visible_to(ctx).filter(school_class=row)
    return (rows.present() if row.closed_on is None else rows.filter(left_on=row.closed_on)).order_by("number")


def _members(ctx: Ctx, department: Department) -> Any:
    return Person.objects.filter(appointments__department=department, appointments__until_on=None).order_by("pinyin")


def _holders(ctx: Ctx, role: Role) -> Any:
    return Holding.objects.after(ctx.today).filter(role=role).select_related("person").order_by("from_on", "id")


PEOPLE = Screens(
    model=Person, area="school", name="people", title="人员", icon="users", read="school.read_person", unit="人",
    blank="学校的教职工。可以一位一位添，也可以导入花名册。",
    columns=[
        Column("name", link=True, sort="pinyin", phone="title"), Column("number", phone="line"), Column("title", phone="line"),
        Column("masked_phone", label="电话"), Column("entered_on", hidden=True), Column("left_on", hidden=True),
    ],
    default_order="name", filters=filters.PersonFilters, views=[View("在校", ""), View("已离校", "ended=yes"), View("全部", "ended=all")],
    detail=[
        Facts("基本信息", ["number", "title", Column("masked_phone", label="电话"), "entered_on", "left_on"]),
        Rows("任职部门", [Column("department", label="部门"), Column("post", label="职务"), Column("from_on", label="自"), Column("until_on", label="至")], _posts),
        Rows("岗位（权限）", [Column("role", label="岗位"), Column("from_on", label="自"), Column("until_on", label="至")], _roles, empty="没有岗位，登录后什么也看不到。"),
        History(),
    ],
    forms={actions.add_person: forms.NewPersonForm, actions.correct_person: forms.PersonForm, actions.appoint_person: forms.AppointForm,
        actions.leave_school: forms.EndForm, actions.return_to_school: forms.ReturnForm,
        memberships.assign_role: AssignRoleForm, memberships.release_role: ReleaseRoleForm,
    },
    imports="staff",
)  # fmt: skip
PLACES = Screens(
    model=Place, area="school", name="places", title="场所", icon="building", read="school.read_place", unit="处",
    blank="校区、楼、楼层、房间和库房。导入资产台账时，表里写的地点会自动建好。",
    columns=[Column("name", link=True, phone="title"), Column("path", sort=True, phone="line"), Column("level"), Column("code"), Column("keeper"), Column("closed_on", hidden=True)],
    default_order="path", filters=filters.PlaceFilters,
    views=[View("在用", ""), View("房间", "level=room"), View("库房", "level=head_storeroom&level=storeroom"), View("已停用", "ended=yes")],
    detail=[
        Facts("基本信息", ["path", "level", "code", "keeper", "opened_on", "closed_on"]),
        Rows("里面有", [Column("name", label="名称", link=True), Column("level", label="类别"), Column("keeper", label="分保管员")], _inside),
        History(),
    ],
    forms={actions.add_place: forms.PlaceForm, actions.set_keeper: forms.KeeperForm, actions.correct_place: forms.CorrectPlaceForm,
        actions.move_place: forms.MovePlaceForm, actions.close_place: forms.EndForm, actions.reopen_place: forms.ReopenForm,
    },
    imports="places",
)  # fmt: skip
DEPARTMENTS = Screens(
    model=Department, area="school", name="departments", title="部门", icon="sitemap", read="school.read_department", unit="个",
    blank="处室和年级组。别名写全一点，导入时就不会认错。",
    columns=[Column("name", link=True, sort="pinyin", phone="title"), Column("aliases", phone="line"), Column("closed_on", hidden=True)], default_order="name",
    filters=filters.DepartmentFilters, views=[View("现有", ""), View("已撤销", "ended=yes")],
    detail=[Facts("基本信息", ["aliases", "closed_on"]), Rows("成员", [Column("name", label="姓名", link=True), Column("title", label="职务")], _members), History()],
    forms={actions.add_department: forms.DepartmentForm, actions.correct_department: forms.DepartmentForm,
        actions.close_department: forms.CloseDepartmentForm,
    },
)  # fmt: skip
CLASSES = Screens(
    model=SchoolClass, area="school", name="classes", title="班级", icon="school", read="school.read_class", unit="个",
    blank="教学班。三（2）班、三2、302班 是同一个班，怎么写都认得。",
    columns=[Column("name", link=True, sort="grade", phone="title"), Column("room", phone="line"), Column("teacher", phone="line"), Column("closed_on", hidden=True)],
    default_order="name", filters=filters.ClassFilters,
    views=[View("在册", ""), View("毕业或撤班", "ended=yes")],
    detail=[
        Facts("基本信息", ["teacher", "room", Number("size", label="学生（人）"), "opened_on", "promoted_on", "closed_on"]),
        Rows("学生", [Column("number", label="学号", link=True), Column("name", label="姓名"), Column("entered_on", label="入学日期")], _roster, most=80),
        History(),
    ],
    forms={actions.add_class: forms.NewClassForm, actions.promote_classes: forms.PromoteForm, actions.correct_class: forms.ClassForm,
        actions.end_class: forms.EndClassForm,
    },
)  # fmt: skip
PUPILS = Screens(
    model=Pupil, area="school", name="pupils", title="学生", icon="user", read="school.read_pupil", unit="人",
    blank="只存学号、姓名、班级、入学和离校日期，别的一概不存。",
    columns=[Column("number", link=True, sort=True, phone="line"), Column("name", sort="pinyin", phone="title"),
        Column("school_class", phone="line"), Column("standing", label="状态", badge={"在校": "ok"}, phone="badge"),
        Column("entered_on", hidden=True), Column("left_on", hidden=True),
    ],
    default_order="number", filters=filters.PupilFilters,
    views=[View("在校", ""), View("已离校", "ended=yes"), View("全部", "ended=all")],
    detail=[Facts("基本信息", ["number", "school_class", "standing", "entered_on", "left_on"]), History()], imports="pupils",
    forms={actions.add_pupil: forms.NewPupilForm, actions.move_pupil: forms.MovePupilForm, actions.pupil_leaves: forms.EndForm,
        actions.pupil_returns: forms.PupilReturnsForm, actions.correct_pupil: forms.PupilForm,
    },
)  # fmt: skip
SUPPLIERS = Screens(
    model=Supplier, area="school", name="suppliers", title="供应商", icon="truck", read="school.read_supplier", unit="家",
    blank="卖东西、做工程、提供服务的单位。",
    columns=[Column("name", link=True, sort="pinyin", phone="title"), Column("scope", phone="line"), Column("contact"), Column("masked_phone", label="电话"), Column("closed_on", hidden=True)],
    default_order="name", filters=filters.SupplierFilters, views=[View("现有", ""), View("已停用", "ended=yes")],
    detail=[Facts("基本信息", ["credit_code", "contact", "phone", "scope", "closed_on"]), History()], imports="suppliers",
    forms={actions.add_supplier: forms.SupplierForm, actions.correct_supplier: forms.SupplierForm, actions.close_supplier: forms.EndForm},
)  # fmt: skip
TERMS = Screens(
    model=Term, area="school", name="terms", title="学期", icon="calendar", read="school.read_term", unit="个",
    columns=[Column("label", link=True, phone="title"), Column("begins_on", sort=True, phone="line"), Column("half")],
    default_order="-begins_on", detail=[Facts("基本信息", ["year", "half", "begins_on", "classes_begin_on"]), History()],
    forms={actions.add_term: forms.NewTermForm, actions.correct_term: forms.TermForm},
)  # fmt: skip
ROLES = Screens(
    model=Role, area="school", name="roles", title="岗位", icon="user-check", read="rights.read_role", unit="个",
    blank="岗位是一组权限：谁任这个岗位，谁就能看、能办这些事。",
    columns=[Column("name", link=True, sort="id", phone="title"), Number("holders", label="现任人数"), Column("closed_on", hidden=True)],
    default_order="name",
    detail=[
        Part("能看什么、能办什么", "ui/_held.html", lambda ctx, role: {"areas": rights.held(role)}, note="右边是范围"),
        Rows("任这个岗位的人", [Column("person", label="姓名"), Column("from_on", label="自"), Column("until_on", label="至")], _holders, empty="还没有人任这个岗位。到「人员」里打开一个人，按「任岗位」。"),
        History(),
    ],
    forms={rights.add_role: RoleForm, rights.set_grants: GrantsForm, rights.rename_role: RenameRoleForm},
)  # fmt: skip
SEPARATIONS = Screens(
    model=separation.IncompatiblePosts, area="school", name="separations", title="不相容岗位", icon="users", read="rights.read_role", unit="条",
    blank="哪两个岗位不能由一个人同时担任，例如管东西的不能兼记账。",
    columns=[Column("pair", label="不能兼任的两个岗位", link=True, sort="id", phone="title"), Column("source", phone="line"), Column("since_on"), Column("lifted_on")],
    default_order="pair",
    detail=[
        Facts("基本信息", ["one", "other", "since_on", "lifted_on"]),
        Facts("依据", ["source"], columns=1),
        Rows("现在两个都任的人", [Column("name", label="姓名", link=True), Column("title", label="职务")], lambda ctx, rule: rule.broken_by(ctx.today), empty="没有人同时任这两个岗位。"),
        History(),
    ],
    forms={separation.separate_posts: SeparatePostsForm, separation.lift_separation: LiftSeparationForm},
)  # fmt: skip

CALENDAR = Screens(
    model=CalendarDay, area="school", name="calendar", title="校历", icon="calendar-due", read="school.read_term", unit="天",
    blank="平日上班、周末放假；和这不一样的日子记在这里：节假日、补班、学校自己的放假。先取国家节假日，再补学校自己的。",
    columns=[
        Column("day", link=True, sort=True, phone="title"), Column("weekday", label="星期", phone="line"),
        Column("what", label="放假还是上班", badge={"放假": "ok", "上班": "warn"}, phone="badge"), Column("label", phone="line"),
    ],
    default_order="day", filters=filters.CalendarFilters,
    views=[View("今年", ""), View("明年", "year=next"), View("去年", "year=last"), View("所有年份", "year=all")],
    detail=[Facts("这一天", ["weekday", "what", "label", "void"]), History()], imports="calendar",
    forms={actions.set_days: forms.DaysForm, actions.seed_year: forms.YearForm},
)  # fmt: skip

RULES = Screens(
    model=Rule, area="school", name="rules", title="规则与限额", icon="settings", read="school.read_rule", unit="条",
    blank="各地、各校不一样的数：限额、年限、次数。改的时候写明依据和从哪天起，以前的不变。",
    columns=[
        Column("label", label="规则", link=True, phone="title"), Column("value", phone="end"), Column("from_on", label="自", phone="line"),
        Column("source", label="依据"), Column("key", label="代号", sort=True, hidden=True),
    ],
    default_order="key", detail=[Facts("规则", [Column("label", label="规则"), "value", "from_on", "source"], columns=2), History()],
    forms={settings.set_rule: forms.RuleForm},
)  # fmt: skip

periods.sources.append(queries.window_on)
screens.register(PEOPLE, PLACES, DEPARTMENTS, CLASSES, PUPILS, SUPPLIERS, TERMS, CALENDAR, ROLES, SEPARATIONS, RULES)
navigation.register(
    Entry("school", "学校", "building", "school:places", "school.read_place", order=80, children=(
        Entry("school", "场所", "building", "school:places", "school.read_place"),
        Entry("school", "人员", "users", "school:people", "school.read_person"),
        Entry("school", "部门", "sitemap", "school:departments", "school.read_department"),
        Entry("school", "班级", "school", "school:classes", "school.read_class"),
        Entry("school", "学生", "user", "school:pupils", "school.read_pupil"),
        Entry("school", "供应商", "truck", "school:suppliers", "school.read_supplier"),
        Entry("school", "学期", "calendar", "school:terms", "school.read_term"),
        Entry("school", "校历", "calendar-due", "school:calendar", "school.read_term"),
        Entry("school", "岗位", "user-check", "school:roles", "rights.read_role"),
        Entry("school", "规则与限额", "settings", "school:rules", "school.read_rule"),
        Entry("school", "不相容岗位", "users", "school:separations", "rights.read_role"),
    ))
)  # fmt: skip


def _more_than(model: Any, count: int = 0) -> Callable[[], bool]:
    return lambda: bool(model.objects.all()[count : count + 1])


def _has_head_storeroom() -> bool:
    return bool(Place.objects.open().filter(level=Place.Level.HEAD_STOREROOM).exists())


home.checklist(
    home.Item("添部门", _more_than(Department), "school:departments", "school.manage_departments"),
    home.Item("建场所：校区、楼、房间", _more_than(Place), "school:places", "school.manage_places"),
    home.Item("定总库房", _has_head_storeroom, "school:places", "school.manage_places"),
    home.Item("导入教职工名单", _more_than(Person, 1), "school:people", "school.manage_people"),
    home.Item("建班级", _more_than(SchoolClass), "school:classes", "school.manage_classes"),
    home.Item("导入学生名单", _more_than(Pupil), "school:pupils", "school.manage_pupils"),
    home.Item("对一对今年的校历", _more_than(CalendarDay), "school:calendar", "school.manage_terms"),
)
for verb, told in {
    "school.opened": "建校", "person.added": "添人员", "person.corrected": "改资料", "person.appointed": "换部门",
    "department.added": "添部门", "department.corrected": "改资料", "place.added": "添场所", "place.keeper_set": "定保管员",
    "supplier.added": "添供应商", "supplier.corrected": "改资料", "class.added": "添班级", "term.added": "添学期",
    "term.corrected": "改日期", "person.returned": "返校", "department.closed": "撤销", "department.reopened": "恢复",
    "place.corrected": "改名改号", "place.closed": "停用", "place.reopened": "恢复", "place.head_storeroom": "定为总库房",
    "supplier.closed": "停用", "supplier.reopened": "恢复", "class.corrected": "改班主任教室", "pupil.corrected": "改资料",
    "calendar.cleared": "撤回",
}.items():  # fmt: skip
    say(verb, told)
say("school.rule_set", "改规则", icon="settings", tone="warn", text="{value}，自 {from_on} 起")
say("person.left", "离校", icon="logout", text="自 {on} 起")
say("place.moved", "移到别处", icon="transfer", tone="info", text="到 {to}")
say(
    "class.promoted",
    "升级",
    icon="arrow-up",
    tone="info",
    text="自 {on} 起：{promoted} 个班升一级，{graduated} 个班、{pupils} 名学生毕业",
)
say("class.ended", "撤班", icon="ban", text="自 {on} 起，{pupils} 名学生")
say("pupil.added", "转入", icon="user-plus", tone="ok", text="自 {on} 起在{to}")
say("pupil.moved", "转班", icon="transfer", tone="info", text="到{to}")
say("pupil.left", "离校", icon="logout", text="自 {on} 起")
say("pupil.returned", "返校", icon="arrow-back-up", tone="ok", text="自 {on} 起在{to}")
say("calendar.set", "定放假或补班", icon="calendar-due", tone="info", text="{from_on} 至 {until_on}，{days} 天")
say("calendar.seeded", "取国家节假日", icon="download", tone="ok", text="{year} 年，{days} 天")
say("import.staged", "读入表格", icon="file-spreadsheet", tone="info")
say("import.applied", "写入导入", icon="package-import", tone="ok", text="新增 {new}，更新 {updated}，不变 {same}")
say("import.settled", "定一格", icon="check", text="第 {sheet_row} 行")
say("import.undone", "撤销导入", icon="arrow-back-up", tone="back", text="{rows} 条")
