import django.db.models.deletion
import zongwu.checks.follows
import zongwu.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0006_approvals"),
        ("school", "0004_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "area",
                    models.CharField(
                        choices=[
                            ("safety", "安全"),
                            ("fire", "消防"),
                            ("power", "水电"),
                            ("hygiene", "卫生"),
                            ("canteen", "食堂"),
                            ("dorm", "宿舍"),
                            ("ready", "开学准备"),
                            ("grounds", "校园环境"),
                            ("property", "财产财务"),
                            ("other", "其他"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                (
                    "then",
                    models.CharField(
                        blank=True,
                        choices=zongwu.checks.follows.choices,
                        help_text="检查的人当场可以另选",
                        max_length=12,
                        verbose_name="查出问题默认",
                    ),
                ),
                (
                    "second",
                    models.BooleanField(
                        default=False, help_text="如防火检查：检查人和被查部门负责人都签", verbose_name="要第二个人签字"
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=120, verbose_name="依据")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.school",
                        verbose_name="学校",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查表",
                "indexes": [models.Index(fields=["school", "name", "id"], name="checklist_by_name")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="checks_checklist_school_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)), fields=("school", "name"), name="checklist_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("name", models.CharField(max_length=40, verbose_name="查什么")),
                ("wanted", models.CharField(blank=True, max_length=80, verbose_name="怎样算正常")),
                (
                    "sort",
                    models.CharField(
                        choices=[("fine", "正常或异常"), ("choice", "选一个"), ("number", "填数")],
                        default="fine",
                        max_length=6,
                        verbose_name="怎么答",
                    ),
                ),
                (
                    "fine",
                    models.CharField(
                        blank=True, help_text="选一个的，用顿号分开", max_length=80, verbose_name="正常的答案"
                    ),
                ),
                (
                    "wrong",
                    models.CharField(
                        blank=True, help_text="用顿号分开，检查时点一下就行", max_length=120, verbose_name="常见的毛病"
                    ),
                ),
                ("least", zongwu.kernel.fields.QuantityField(blank=True, null=True, verbose_name="不低于")),
                ("most", zongwu.kernel.fields.QuantityField(blank=True, null=True, verbose_name="不高于")),
                ("unit", models.CharField(blank=True, max_length=10, verbose_name="单位")),
                ("photo", models.BooleanField(default=False, verbose_name="异常要拍照")),
                ("opened_on", models.DateField(verbose_name="启用日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.school",
                        verbose_name="学校",
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="checks.checklist",
                        verbose_name="检查表",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查项",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="checks_checkitem_school_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("school", "checklist", "seq"),
                        name="checkitem_seq",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.SlugField(
                        blank=True, db_index=False, editable=False, max_length=30, verbose_name="出厂编号"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                (
                    "level",
                    models.CharField(
                        choices=[("self", "自查"), ("again", "复查"), ("spot", "抽查"), ("sweep", "大检查")],
                        default="self",
                        max_length=6,
                        verbose_name="谁的检查",
                    ),
                ),
                (
                    "every",
                    models.CharField(
                        choices=[
                            ("day", "每天"),
                            ("workday", "每个上班日"),
                            ("week", "每周"),
                            ("month", "每月"),
                            ("quarter", "每季度"),
                            ("term", "每学期"),
                            ("half", "每半年"),
                            ("year", "每年"),
                            ("once", "一次"),
                        ],
                        max_length=8,
                        verbose_name="多久一次",
                    ),
                ),
                (
                    "times",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="如要害部位巡查一天 5 次", verbose_name="每天几次"
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=60, verbose_name="留什么")),
                ("basis", models.CharField(blank=True, max_length=120, verbose_name="依据")),
                ("from_on", models.DateField(blank=True, help_text="空着就是还没启用", null=True, verbose_name="从")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="到")),
                ("made_until", models.DateField(blank=True, editable=False, null=True, verbose_name="任务排到")),
                (
                    "checklist",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="checks.checklist",
                        verbose_name="检查表",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="指定谁查",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.role",
                        verbose_name="哪个岗位查",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.school",
                        verbose_name="学校",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查计划",
                "indexes": [models.Index(fields=["school", "name", "id"], name="checkplan_by_name")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="checks_plan_school_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("school", "key"), name="checkplan_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"),
                        name="checkplan_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("times__gte", 1), ("times__lte", 24)), name="checkplan_times"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("times", 1), ("every__in", ("day", "workday")), _connector="OR"),
                        name="checkplan_times_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Point",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="点位")),
                ("opened_on", models.DateField(verbose_name="启用日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.place",
                        verbose_name="在哪里",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.school",
                        verbose_name="学校",
                    ),
                ),
            ],
            options={
                "verbose_name": "点位",
                "indexes": [models.Index(fields=["school", "name", "id"], name="point_by_name")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="checks_point_school_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)), fields=("school", "place", "name"), name="point_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="停用日期")),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stops",
                        to="checks.plan",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.school",
                        verbose_name="学校",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="checks.point"
                    ),
                ),
            ],
            options={
                "verbose_name": "计划的点位",
                "indexes": [models.Index(fields=["school", "point"], name="planpoint_by_point")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="checks_planpoint_school_id"),
                    models.UniqueConstraint(fields=("school", "plan", "point"), name="planpoint_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="编号")),
                (
                    "level",
                    models.CharField(
                        choices=[("self", "自查"), ("again", "复查"), ("spot", "抽查"), ("sweep", "大检查")],
                        max_length=6,
                        verbose_name="谁的检查",
                    ),
                ),
                (
                    "along",
                    models.CharField(
                        blank=True, help_text="如 学生会、值周领导", max_length=60, verbose_name="同行的人"
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(verbose_name="记下的时间")),
                ("device_at", models.DateTimeField(blank=True, null=True, verbose_name="手机上的时间")),
                ("items", models.PositiveSmallIntegerField(default=0, verbose_name="查了几项")),
                ("wrong", models.PositiveSmallIntegerField(default=0, verbose_name="异常几项")),
                ("second_at", models.DateTimeField(blank=True, null=True, verbose_name="签字时间")),
                (
                    "checklist",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="checks.checklist",
                        verbose_name="检查表",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="检查人",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="checks.plan",
                        verbose_name="计划",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="checks.point",
                        verbose_name="点位",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.school",
                        verbose_name="学校",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="复核签字",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查记录",
                "indexes": [
                    models.Index(fields=["school", "on", "id"], name="checkround_by_on"),
                    models.Index(fields=["school", "point", "on"], name="checkround_of_point"),
                    models.Index(fields=["school", "plan", "on"], name="checkround_of_plan"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="checks_round_school_id"),
                    models.UniqueConstraint(fields=("school", "number"), name="checkround_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second", None), models.Q(("second", models.F("person")), _negated=True), _connector="OR"
                        ),
                        name="checkround_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wrong__lte", models.F("items"))), name="checkround_counts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("fine", "正常"), ("wrong", "异常"), ("absent", "不适用")],
                        max_length=6,
                        verbose_name="结果",
                    ),
                ),
                ("said", models.CharField(blank=True, max_length=120, verbose_name="情况")),
                ("number", zongwu.kernel.fields.QuantityField(blank=True, null=True, verbose_name="读数")),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "then",
                    models.CharField(
                        blank=True, choices=zongwu.checks.follows.choices, max_length=12, verbose_name="处理"
                    ),
                ),
                ("became", models.CharField(blank=True, editable=False, max_length=60, verbose_name="转成")),
                ("settled_on", models.DateField(blank=True, null=True, verbose_name="处理日期")),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="checks.checkitem",
                        verbose_name="检查项",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.school",
                        verbose_name="学校",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="checks.round",
                        verbose_name="检查记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查发现",
                "indexes": [
                    models.Index(
                        condition=models.Q(("verdict", "wrong")),
                        fields=["school", "on", "id"],
                        name="checkfinding_by_on",
                    ),
                    models.Index(
                        condition=models.Q(("then", ""), ("verdict", "wrong")),
                        fields=["school", "on"],
                        name="checkfinding_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="checks_finding_school_id"),
                    models.UniqueConstraint(fields=("school", "round", "item"), name="checkfinding_once"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict", "wrong"), ("then", ""), _connector="OR"),
                        name="checkfinding_then",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(verbose_name="从")),
                ("until_on", models.DateField(verbose_name="最晚")),
                ("nth", models.PositiveSmallIntegerField(default=1, verbose_name="第几次")),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="checks.plan",
                        verbose_name="计划",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="checks.point",
                        verbose_name="点位",
                    ),
                ),
                (
                    "round",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="task",
                        to="checks.round",
                        verbose_name="检查记录",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.school",
                        verbose_name="学校",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查任务",
                "indexes": [
                    models.Index(fields=["school", "until_on", "id"], name="checktask_by_until_on"),
                    models.Index(
                        condition=models.Q(("round", None)), fields=["school", "until_on"], name="checktask_undone"
                    ),
                    models.Index(fields=["school", "point", "until_on"], name="checktask_of_point"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="checks_task_school_id"),
                    models.UniqueConstraint(
                        fields=("school", "plan", "point", "from_on", "nth"), name="checktask_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("point", None)),
                        fields=("school", "plan", "from_on", "nth"),
                        name="checktask_whole_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("from_on"))), name="checktask_forward"
                    ),
                ],
            },
        ),
    ]
