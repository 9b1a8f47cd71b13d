"""Simple tables of the school itself: staff, places, pupils, suppliers."""

from __future__ import annotations

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


def _named(draft: Draft) -> None:
    if not draft.record.get("name"):
        draft.note("name", "reject", "名称为空，请补上")


def _person(draft: Draft) -> None:
    name = draft.record.get("name")
    if not name:
        draft.note("name", "reject", "姓名为空，请补上")
    elif name.isdecimal():
        draft.note("name", "reject", f"「{name}」不像姓名，请核对")


def _phone(raw: Raw, moment: Moment) -> Found:
    """A masked number from one of our own lists says nothing: the full one stays."""
    return Found() if "*" in raw.text else cells.number(raw, moment)


def _pupil(draft: Draft) -> None:
    _person(draft)
    if not draft.record.get("no"):
        draft.note("no", "reject", "学号为空")


STAFF = Sheet(
    "staff", "教职工名单", key="no", name="name", identity=("no", "name"), finish=_person,
    limits={"no": 20, "name": 40, "dept": 30, "title": 30, "phone": 20},
    columns=[
        SheetColumn("no", "工号", ("编号", "教工号", "职工号"), cells.number, ditto=False),
        SheetColumn("name", "姓名", ("教师姓名", "教职工姓名"), cells.text, required=True),
        SheetColumn("dept", "部门", ("处室", "年级组", "科室"), cells.text, fill_down=True),
        SheetColumn("title", "职务", ("岗位", "任职"), cells.free),
        SheetColumn("phone", "电话", ("手机", "手机号", "联系电话", "手机号码"), _phone, ditto=False),
        SheetColumn("id_tail", "身份证号", ("身份证", "证件号码"), _id_card, ditto=False, secret=True, note="只核对，存后四位"),
    ],
)  # fmt: skip
PLACES = Sheet(
    "places", "场所名单", key="path", name="name", identity=("path",), finish=_named,
    limits={"path": 200, "building": 40, "name": 40, "code": 20, "keeper": 40},
    columns=[
        SheetColumn("path", "位置", ("全名", "地点"), cells.text, ditto=False, note="如 本部/教学楼A/1层/101；留空按楼和名称建"),
        SheetColumn("building", "楼", ("楼栋", "楼名", "建筑"), cells.text, fill_down=True),
        SheetColumn("name", "名称", ("房间", "房间名称", "场所", "教室"), cells.text, required=True),
        SheetColumn("code", "房间号", ("编号", "门牌号"), cells.number, ditto=False),
        SheetColumn("level", "类别", ("类型", "性质"), cells.text, choices=("校区", "楼", "楼层", "房间", "库房", "室外场地")),
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
