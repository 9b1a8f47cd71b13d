import django.db.models.deletion
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
            name="Hazard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="编号")),
                ("title", models.CharField(editable=False, max_length=120, verbose_name="隐患")),
                (
                    "spot",
                    models.CharField(
                        blank=True, help_text="如 西楼梯扶手、后厨东墙", max_length=60, verbose_name="具体部位"
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("fire", "消防"),
                            ("building", "校舍"),
                            ("food", "食品"),
                            ("lab", "实验实训"),
                            ("traffic", "校车和校园交通"),
                            ("crowd", "预防拥挤踩踏"),
                            ("special", "特种设备"),
                            ("utility", "水电气热"),
                            ("security", "治安防范"),
                            ("around", "周边环境"),
                            ("other", "其他"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[("general", "一般"), ("major", "重大")],
                        default="general",
                        max_length=8,
                        verbose_name="等级",
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=120, verbose_name="判定依据")),
                ("what", models.CharField(max_length=300, verbose_name="什么隐患")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("own", "自查"),
                            ("check", "检查发现"),
                            ("superior", "上级检查"),
                            ("public", "师生扫码"),
                            ("import", "台账导入"),
                        ],
                        default="own",
                        max_length=8,
                        verbose_name="来源",
                    ),
                ),
                (
                    "superior",
                    models.CharField(blank=True, help_text="哪个部门、文号", max_length=80, verbose_name="上级检查"),
                ),
                ("finder_name", models.CharField(blank=True, max_length=40, verbose_name="发现人（没登录）")),
                ("phone", models.CharField(blank=True, help_text="销号就抹掉", max_length=20, verbose_name="电话")),
                ("found_at", models.DateTimeField(verbose_name="发现时间")),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("responsible_name", models.CharField(blank=True, max_length=40, verbose_name="责任人（不在名册）")),
                ("measure", models.CharField(blank=True, max_length=200, verbose_name="整改措施")),
                ("money", zongwu.kernel.fields.MoneyField(default=0, verbose_name="整改资金")),
                ("funding", models.CharField(blank=True, max_length=40, verbose_name="资金来源")),
                ("due_on", models.DateField(help_text="过了也不改，延期写在旁边", verbose_name="整改期限")),
                ("later_on", models.DateField(blank=True, null=True, verbose_name="延到")),
                (
                    "interim",
                    models.CharField(
                        blank=True, help_text="如 封西楼梯，走东梯", max_length=200, verbose_name="临时防护和预案"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "待定责"),
                            ("open", "待整改"),
                            ("doing", "整改中"),
                            ("fixed", "待复查"),
                            ("closed", "已销号"),
                            ("void", "不是隐患"),
                        ],
                        default="new",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("set_on", models.DateField(blank=True, null=True, verbose_name="定责日期")),
                ("did", models.CharField(blank=True, max_length=200, verbose_name="整改情况")),
                ("fixed_name", models.CharField(blank=True, max_length=40, verbose_name="整改人（不在名册）")),
                ("fixed_on", models.DateField(blank=True, null=True, verbose_name="整改完成日期")),
                ("checked_name", models.CharField(blank=True, max_length=40, verbose_name="复查人（不在名册）")),
                ("verdict", models.CharField(blank=True, max_length=100, verbose_name="复查结论")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="销号日期")),
                (
                    "days",
                    models.PositiveIntegerField(
                        blank=True, help_text="从发现到销号", null=True, verbose_name="存在天数"
                    ),
                ),
                ("back", models.PositiveSmallIntegerField(default=0, verbose_name="复查退回次数")),
                ("back_on", models.DateField(blank=True, null=True, verbose_name="最近退回日期")),
                ("seen", models.PositiveSmallIntegerField(default=0, verbose_name="又有几个人看到")),
                ("listed_on", models.DateField(blank=True, null=True, verbose_name="挂牌督办日期")),
                ("listed_number", models.CharField(blank=True, max_length=60, verbose_name="挂牌文号")),
                ("reported_on", models.DateField(blank=True, null=True, verbose_name="上报日期")),
                (
                    "reported_to",
                    models.CharField(blank=True, help_text="报给谁、文号", max_length=100, verbose_name="上报情况"),
                ),
                ("told", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="催到第几级")),
                (
                    "again_of",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="again",
                        to="safety.hazard",
                        verbose_name="又出现了",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="复查人",
                    ),
                ),
                (
                    "finder",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="发现人",
                    ),
                ),
                (
                    "fixed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="整改人",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.place",
                        verbose_name="地点",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="责任人",
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
                    "supervisor",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="督办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "隐患",
                "indexes": [
                    models.Index(fields=["school", "found_on", "id"], name="hazard_by_found_on"),
                    models.Index(fields=["school", "due_on", "id"], name="hazard_by_due_on"),
                    models.Index(fields=["school", "state", "due_on"], name="hazard_by_state"),
                    models.Index(fields=["school", "place", "field", "found_on"], name="hazard_at"),
                    models.Index(
                        condition=models.Q(("responsible__isnull", False)),
                        fields=["school", "responsible", "state"],
                        name="hazard_of_person",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="safety_hazard_school_id"),
                    models.UniqueConstraint(fields=("school", "number"), name="hazard_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by", None),
                            ("fixed_by", None),
                            models.Q(("checked_by", models.F("fixed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="hazard_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_by", None),
                            ("responsible", None),
                            models.Q(("checked_by", models.F("responsible")), _negated=True),
                            _connector="OR",
                        ),
                        name="hazard_not_himself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True), ("closed_on__isnull", False), _connector="OR"
                        ),
                        name="hazard_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("again_of", None), models.Q(("again_of", models.F("id")), _negated=True), _connector="OR"
                        ),
                        name="hazard_not_its_own",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "moment",
                    models.CharField(
                        choices=[("before", "整改前"), ("after", "整改后"), ("check", "复查")],
                        max_length=6,
                        verbose_name="什么时候",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "hazard",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shots",
                        to="safety.hazard",
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.attachment"
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
                "verbose_name": "隐患照片",
                "indexes": [models.Index(fields=["school", "hazard", "moment"], name="shot_of_hazard")],
                "constraints": [models.UniqueConstraint(fields=("school", "id"), name="safety_shot_school_id")],
            },
        ),
    ]
