"""Simple tables of the school itself: staff, places, pupils, suppliers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.cells import Found, Moment, Raw
from zongwu.kernel.transfer.layout import Draft, Sheet, SheetColumn
from zongwu.school import rules


def _class(raw: Raw, moment: Moment) -> Found:
    if raw.blank or raw.error:
        return Found(None, cells.reject("班级为空"))
    official = rules.class_name(raw.text)
    if official is None:
        return Found(None, cells.reject(f"「{raw.text}」看不出是哪个班"))
    return Found(official, () if official == raw.value else cells.fixed(f"班级归一为{official}"))


def _id_card(raw: Raw, moment: Moment) -> Found:
    """Checked, then only the last four characters are kept (decisions 7)."""
    if raw.blank or raw.error:
        return Found()
    number = cells.half(raw.text).upper().lstrip("'")
    if not rules.id_card_valid(number):
        return Found(None, cells.warn("身份证号校验不对，没有存"))
    return Found(number[-4:])


def _since(raw: Raw, moment: Moment) -> Found:
    """The day from which somebody is here: the first of a month where only the month is written; else nothing."""
    found = cells.day(raw, moment)
    if found.value and len(found.value) == 7:
        return Found(f"{found.value}-01", found.notes or cells.fixed("只写到月，从 1 日算起"))
    if found.value and len(found.value) == 4:
        return Found(None, cells.warn("只有年份，没有存，从建账日算起"))
    return Found(found.value, found.notes)


def _on(raw: Raw, moment: Moment) -> Found:
    """A day of the calendar, which may well lie in the future."""
    found = cells.day(raw, replace(moment, as_of=date(2100, 12, 31)))
    if found.value and len(found.value) != 10:
        return Found(None, cells.reject(f"「{raw.text.strip()}」要写到日，如 2026-10-01"))
    return Found(found.value, found.notes)


def _whether(raw: Raw, moment: Moment) -> Found:
    """放假 or 上班, however it is said."""
    word = cells.half(raw.text).strip()
    for meant, said in {
        "放假": ("放假", "休", "休息", "假"),
        "上班": ("上班", "补班", "班", "调休上班", "上课"),
    }.items():
        if word in said:
            return Found(meant, () if word == meant else cells.fixed(f"写作「{word}」，即{meant}"))
    return Found(None, cells.reject(f"「{word}」看不出是放假还是上班"))


def _level(raw: Raw, moment: Moment) -> Found:
    """What kind of place; a 库房 of which nothing more is said is a branch."""
    found = cells.text(raw, moment)
    if found.value is None or found.value in LEVELS:
        return found
    if found.value in ("库房", "仓库", "保管室", "器材室"):
        return Found("分库房", cells.fixed(f"{found.value}按分库房登记"))
    if found.value in ("教室", "办公室", "专用教室", "功能室", "宿舍"):
        return Found("房间", cells.fixed(f"{found.value}按房间登记"))
    return Found(None, cells.warn(f"没有「{found.value}」这个类别，按房间登记"))


LEVELS = ("校区", "楼", "楼层", "房间", "总库房", "分库房", "室外场地")


def _dated(draft: Draft) -> None:
    """A day that the sheet leaves open says nothing: who is here already keeps his own."""
    if draft.record.get("entered_on") is None:
        draft.record.pop("entered_on", None)


def _day(draft: Draft) -> None:
    if not draft.record.get("day") and not draft.refused("day"):
        draft.note("day", "reject", "日期为空")


def _named(draft: Draft) -> None:
    if not draft.record.get("name"):
        draft.note("name", "reject", "名称为空，请补上")


def _place(draft: Draft) -> None:
    """A place without a path lies where its building and floor say; a room's number tells its floor, as in a ledger."""
    _named(draft)
    record = draft.record
    building, name, floor = record.get("building"), record.get("name"), record.pop("floor", None)
    for silent in [key for key in ("level", "code", "keeper") if not record.get(key)]:
        record.pop(silent, None)  # what the sheet leaves open stays as it is
    if record.get("path") or not name:
        return
    if not floor and building and (number := rules.ROOM_NUMBER.fullmatch(name)):
        floor = rules.storey(number[0])
    record["path"] = "/".join(
        filter(None, ("本部", building, f"{floor.removesuffix('层')}层" if building and floor else "", name))
    )


def _person(draft: Draft) -> None:
    _dated(draft)
    name = draft.record.get("name")
    if not name:
        draft.note("name", "reject", "姓名为空，请补上")
    elif name.isdecimal():
        draft.note("name", "reject", f"「{name}」不像姓名，请核对")


def _phone(raw: Raw, moment: Moment) -> Found:
    """A masked number from one of our own lists says nothing: the full one stays."""
    if "*" in raw.text:
        return Found()
    found = cells.number(raw, moment)
    digits = sum(char.isdigit() for char in str(found.value or ""))
    strange = found.value and (not 3 <= digits <= 15 or (str(found.value).startswith("1") and 3 < digits < 11))
    return Found(found.value, (*found.notes, *cells.warn("电话的位数不对，请核对"))) if strange else found


def _pupil(draft: Draft) -> None:
    _person(draft)
    if not draft.record.get("no"):
        draft.note("no", "reject", "学号为空")


STAFF = Sheet(
    "staff", "教职工名单", key="no", name="name", stands_in="name", identity=("no", "name", "dept"), finish=_person,
    limits={"no": 20, "name": 40, "dept": 30, "title": 30, "phone": 20},
    columns=[
        SheetColumn("no", "工号", ("编号", "教工号", "职工号"), cells.number, ditto=False),
        SheetColumn("name", "姓名", ("教师姓名", "教职工姓名"), cells.text, required=True),
        SheetColumn("dept", "部门", ("处室", "年级组", "科室"), cells.text, fill_down=True),
        SheetColumn("title", "职务", ("岗位", "任职"), cells.free),
        SheetColumn("entered_on", "入校日期", ("到校日期", "入职日期", "来校时间", "入职时间", "到校时间"), _since, ditto=False, note="留空从建账日算起"),
        SheetColumn("phone", "电话", ("手机", "手机号", "联系电话", "手机号码"), _phone, ditto=False),
        SheetColumn("id_tail", "身份证号", ("身份证", "证件号码"), _id_card, ditto=False, secret=True, note="只核对，存后四位"),
    ],
)  # fmt: skip
PLACES = Sheet(
    "places", "场所名单", key="path", name="name", identity=("path",), finish=_place,
    limits={"path": 200, "building": 40, "name": 40, "code": 20, "keeper": 40},
    columns=[
        SheetColumn("path", "位置", ("全名", "地点"), cells.text, ditto=False, note="如 本部/教学楼A/1层/101；留空按楼和名称建"),
        SheetColumn("building", "楼", ("楼栋", "楼名", "建筑"), cells.text, fill_down=True),
        SheetColumn("floor", "楼层", ("层", "层数", "所在层"), cells.text, fill_down=True, note="留空按房间号的头一位"),
        SheetColumn("name", "名称", ("房间", "房间名称", "场所", "教室"), cells.text, required=True),
        SheetColumn("code", "房间号", ("编号", "门牌号"), cells.number, ditto=False),
        SheetColumn("level", "类别", ("类型", "性质"), _level, choices=LEVELS),
        SheetColumn("keeper", "分保管员", ("负责人", "保管人", "管理人"), cells.free),
    ],
)  # fmt: skip
PUPILS = Sheet(
    "pupils", "学生名单", key="no", name="name", identity=("no", "name"), finish=_pupil,
    limits={"no": 20, "name": 40},
    columns=[
        SheetColumn("no", "学号", ("学籍号", "编号"), cells.number, ditto=False, required=True),
        SheetColumn("name", "姓名", ("学生姓名",), cells.text, required=True),
        SheetColumn("class", "班级", ("所在班级", "班"), _class, required=True, fill_down=True),
        SheetColumn("entered_on", "入学日期", ("入校日期", "入学时间", "转入日期"), _since, ditto=False, note="留空从建账日算起"),
    ],
)  # fmt: skip
SUPPLIERS = Sheet(
    "suppliers", "供应商名单", key="name", name="name", identity=("name",), finish=_named,
    limits={"name": 60, "credit_code": 18, "contact": 30, "phone": 20, "scope": 80},
    columns=[
        SheetColumn("name", "单位名称", ("供应商", "名称", "供货单位", "公司名称"), cells.text, required=True, ditto=False),
        SheetColumn("credit_code", "统一社会信用代码", ("信用代码", "税号"), cells.number, ditto=False),
        SheetColumn("contact", "联系人", (), cells.free),
        SheetColumn("phone", "电话", ("联系电话", "手机"), _phone, ditto=False),
        SheetColumn("scope", "供应范围", ("经营范围", "供应内容"), cells.free),
    ],
)  # fmt: skip
CALENDAR = Sheet(
    "calendar", "校历", key="day", name="label", identity=("day",), finish=_day, limits={"label": 30},
    columns=[
        SheetColumn("day", "日期", ("日子", "时间"), _on, required=True, ditto=False, note="如 2026-10-01，一天一行"),
        SheetColumn("what", "放假或上班", ("安排", "类型", "放假/上班", "类别"), _whether, required=True, fill_down=True, choices=("放假", "上班")),
        SheetColumn("label", "说明", ("名称", "节日", "事由", "备注"), cells.free, fill_down=True),
    ],
)  # fmt: skip
