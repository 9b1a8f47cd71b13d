import django.db.models.deletion
import zongwu.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0006_custody"),
        ("kernel", "0006_approvals"),
        ("repairs", "0001_initial"),
        ("school", "0004_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upkeep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(help_text="如 水泵换油、复印机清洁", max_length=100, verbose_name="保养什么"),
                ),
                (
                    "fault",
                    models.CharField(
                        choices=[
                            ("light", "灯和电"),
                            ("water", "水"),
                            ("door", "门窗"),
                            ("desk", "桌椅"),
                            ("media", "电教设备"),
                            ("other", "其他"),
                        ],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="几个月一次")),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="下次")),
                (
                    "every",
                    zongwu.kernel.fields.QuantityField(
                        blank=True, help_text="如 5000（页）、250（小时）", null=True, verbose_name="读数每到多少"
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=10, verbose_name="读数单位")),
                ("next_at", zongwu.kernel.fields.QuantityField(blank=True, null=True, verbose_name="读数到多少要保养")),
                ("reading", zongwu.kernel.fields.QuantityField(blank=True, null=True, verbose_name="最近读数")),
                ("read_on", models.DateField(blank=True, null=True, verbose_name="读数日期")),
                ("set_on", models.DateField(verbose_name="定于")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="停止日期")),
                (
                    "asset",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assets.asset",
                        verbose_name="哪件东西",
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
                "verbose_name": "保养计划",
                "indexes": [
                    models.Index(fields=["school", "set_on", "id"], name="upkeep_by_set_on"),
                    models.Index(
                        condition=models.Q(("ended_on", None)), fields=["school", "next_on"], name="upkeep_by_next_on"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="repairs_upkeep_school_id"),
                    models.CheckConstraint(
                        condition=models.Q(("months__isnull", False), ("every__isnull", False), _connector="OR"),
                        name="upkeep_rhythm",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every", None), ("every__gt", 0), _connector="OR"), name="upkeep_every"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="ticket",
            name="origin",
            field=models.CharField(blank=True, editable=False, max_length=60, verbose_name="由来"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="quoted",
            field=zongwu.kernel.fields.MoneyField(default=0, verbose_name="外修报价"),
        ),
        migrations.AddField(
            model_name="ticket",
            name="when",
            field=models.CharField(
                blank=True,
                choices=[("break", "课间"), ("noon", "午休"), ("after", "放学后")],
                max_length=6,
                verbose_name="什么时候方便",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="via",
            field=models.CharField(
                choices=[
                    ("plate", "扫码"),
                    ("staff", "登录报修"),
                    ("phone", "电话"),
                    ("import", "导入"),
                    ("check", "检查发现"),
                    ("upkeep", "到期保养"),
                ],
                default="staff",
                max_length=6,
                verbose_name="怎么报的",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("origin", ""), _negated=True), fields=["school", "origin"], name="ticket_from"
            ),
        ),
    ]
