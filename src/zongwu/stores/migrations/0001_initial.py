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
            name="BookPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="单号")),
                (
                    "spare",
                    models.PositiveSmallIntegerField(
                        default=2, help_text="每百个学生多订几册备用", verbose_name="备用（%）"
                    ),
                ),
                ("made_on", models.DateField(verbose_name="编制日期")),
                ("ordered_on", models.DateField(blank=True, null=True, verbose_name="征订日期")),
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
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.supplier",
                        verbose_name="供货单位",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.term",
                        verbose_name="学期",
                    ),
                ),
            ],
            options={
                "verbose_name": "教材征订",
                "indexes": [models.Index(fields=["school", "made_on", "id"], name="book_plan_by_made_on")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_bookplan_school_id"),
                    models.UniqueConstraint(fields=("school", "term"), name="book_plan_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, verbose_name="编号")),
                ("name", models.CharField(max_length=60, verbose_name="品名")),
                ("pinyin", models.CharField(editable=False, max_length=200)),
                ("spec", models.CharField(blank=True, max_length=60, verbose_name="规格")),
                ("unit", models.CharField(max_length=10, verbose_name="单位")),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("office", "办公用品"),
                            ("teaching", "教学用品"),
                            ("cleaning", "清洁用品"),
                            ("repair", "维修材料"),
                            ("safety", "安全防护"),
                            ("sport", "文体用品"),
                            ("book", "教材"),
                            ("other", "其他"),
                        ],
                        default="other",
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                (
                    "shelf",
                    models.CharField(
                        blank=True, help_text="架号，如 2 架 3 层；领料单按它排", max_length=20, verbose_name="库位"
                    ),
                ),
                (
                    "alarm",
                    zongwu.kernel.fields.QuantityField(
                        default=0, help_text="剩到这个数就提醒补货；0 是不提醒", verbose_name="警戒线"
                    ),
                ),
                (
                    "target",
                    zongwu.kernel.fields.QuantityField(default=0, help_text="补货补到这个数", verbose_name="补到"),
                ),
                (
                    "price",
                    zongwu.kernel.fields.UnitPriceField(
                        default=0, help_text="最近一次入库的单价", verbose_name="参考单价"
                    ),
                ),
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
                "verbose_name": "物品",
                "indexes": [
                    models.Index(fields=["school", "pinyin", "id"], name="item_by_pinyin"),
                    models.Index(fields=["school", "sort", "id"], name="item_by_sort"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_item_school_id"),
                    models.UniqueConstraint(fields=("school", "number"), name="item_number"),
                    models.UniqueConstraint(fields=("school", "name", "spec"), name="item_named"),
                    models.CheckConstraint(
                        condition=models.Q(("alarm__gte", 0), ("target__gte", 0), ("price__gte", 0)), name="item_levels"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lot", models.CharField(blank=True, max_length=30, verbose_name="批次")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                ("quantity", zongwu.kernel.fields.QuantityField(default=0, verbose_name="数量")),
                ("value", zongwu.kernel.fields.MoneyField(default=0, verbose_name="金额")),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.place",
                        verbose_name="仓库",
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
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="stores.item",
                        verbose_name="物品",
                    ),
                ),
            ],
            options={
                "verbose_name": "库存",
                "indexes": [
                    models.Index(fields=["school", "place", "item"], name="balance_of_place"),
                    models.Index(fields=["school", "value", "id"], name="balance_by_value"),
                    models.Index(fields=["school", "quantity", "id"], name="balance_by_quantity"),
                    models.Index(
                        condition=models.Q(("expires_on__isnull", False)),
                        fields=["school", "expires_on"],
                        name="balance_expiring",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_balance_school_id"),
                    models.UniqueConstraint(fields=("school", "item", "place", "lot"), name="balance_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 0), ("value__gte", 0)), name="balance_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("value", 0), _connector="OR"),
                        name="balance_nothing_costs_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("made_on", models.DateField(verbose_name="编制日期")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="发放日期")),
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
                "verbose_name": "开学包",
                "indexes": [models.Index(fields=["school", "made_on", "id"], name="pack_by_made_on")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_pack_school_id"),
                    models.UniqueConstraint(fields=("school", "name"), name="pack_named"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Packing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.CharField(max_length=10, verbose_name="包装")),
                ("size", zongwu.kernel.fields.QuantityField(verbose_name="合多少")),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packings",
                        to="stores.item",
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
                "verbose_name": "包装",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_packing_school_id"),
                    models.UniqueConstraint(fields=("school", "item", "unit"), name="packing_once"),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="packing_size"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PackLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("quantity", models.PositiveIntegerField(verbose_name="每班")),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.item",
                        verbose_name="物品",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="stores.pack",
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
                "verbose_name": "开学包明细",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_packline_school_id"),
                    models.UniqueConstraint(fields=("school", "pack", "item"), name="pack_line_once"),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="pack_line_some"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quota",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "period",
                    models.CharField(
                        choices=[("month", "每月"), ("term", "每学期")],
                        default="month",
                        max_length=6,
                        verbose_name="期间",
                    ),
                ),
                ("quantity", zongwu.kernel.fields.QuantityField(verbose_name="定额")),
                ("set_on", models.DateField(verbose_name="定于")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.department",
                        verbose_name="部门",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotas",
                        to="stores.item",
                        verbose_name="物品",
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
                "verbose_name": "领用定额",
                "indexes": [models.Index(fields=["school", "set_on", "id"], name="quota_by_set_on")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_quota_school_id"),
                    models.UniqueConstraint(fields=("school", "item", "department"), name="quota_once"),
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="quota_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Slip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="单号")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("receipt", "入库"),
                            ("issue", "领用"),
                            ("loan", "借用"),
                            ("return", "归还"),
                            ("transfer", "调库"),
                            ("send_back", "退货"),
                            ("loss", "报损"),
                            ("correct", "更正"),
                            ("count", "盘点"),
                            ("used", "用料"),
                        ],
                        max_length=10,
                        verbose_name="单据",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("paper_number", models.CharField(blank=True, max_length=40, verbose_name="随货单号")),
                ("purpose", models.CharField(blank=True, max_length=100, verbose_name="用途或原因")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="归还期限")),
                ("ink", models.TextField(blank=True, help_text="领用人在手机上写的笔画", verbose_name="签名")),
                ("confirmed", models.BooleanField(default=False, verbose_name="凭取货码领取")),
                ("kinds", models.PositiveIntegerField(default=0, verbose_name="几种")),
                ("value", zongwu.kernel.fields.MoneyField(default=0, verbose_name="金额")),
                ("title", models.CharField(max_length=120, verbose_name="内容")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.department",
                        verbose_name="领用部门",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="保管员",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slips",
                        to="stores.pack",
                        verbose_name="开学包",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.place",
                        verbose_name="仓库",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="领用人",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="stores.slip",
                        verbose_name="冲销哪张",
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
                    "school_class",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.schoolclass",
                        verbose_name="领用班级",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.supplier",
                        verbose_name="供货单位",
                    ),
                ),
                (
                    "to_place",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.place",
                        verbose_name="调入仓库",
                    ),
                ),
            ],
            options={
                "verbose_name": "出入库单",
                "indexes": [
                    models.Index(fields=["school", "on", "id"], name="slip_by_on"),
                    models.Index(fields=["school", "value", "id"], name="slip_by_value"),
                    models.Index(fields=["school", "form", "on"], name="slip_of_form"),
                    models.Index(fields=["school", "receiver", "on"], name="slip_of_receiver"),
                    models.Index(fields=["school", "department", "on"], name="slip_of_department"),
                    models.Index(
                        condition=models.Q(("pack__isnull", False)), fields=["school", "pack"], name="slip_of_pack"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_slip_school_id"),
                    models.UniqueConstraint(fields=("school", "number"), name="slip_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("form", "loan"), _negated=True), ("due_on__isnull", False), _connector="OR"
                        ),
                        name="slip_loan_is_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("form", "transfer"), _negated=True), ("to_place__isnull", False), _connector="OR"
                        ),
                        name="slip_goes_to",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Requisition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="单号")),
                ("title", models.CharField(editable=False, max_length=120, verbose_name="内容")),
                ("applied_on", models.DateField(verbose_name="申请日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("running", "审批中"),
                            ("returned", "已退回"),
                            ("approved", "已通过"),
                            ("refused", "已拒绝"),
                            ("dropped", "已作废"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, editable=False, null=True, verbose_name="办结日期")),
                ("purpose", models.CharField(blank=True, max_length=100, verbose_name="用途")),
                ("above", models.CharField(blank=True, max_length=200, verbose_name="超出定额")),
                ("code", models.CharField(blank=True, max_length=6, verbose_name="取货码")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="申请人",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.department",
                        verbose_name="记在部门",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.place",
                        verbose_name="仓库",
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
                    "school_class",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.schoolclass",
                        verbose_name="记在班级",
                    ),
                ),
                (
                    "slip",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requisition",
                        to="stores.slip",
                        verbose_name="出库单",
                    ),
                ),
            ],
            options={
                "verbose_name": "领用申请",
                "indexes": [
                    models.Index(fields=["school", "applied_on", "id"], name="requisition_by_applied_on"),
                    models.Index(fields=["school", "state", "id"], name="requisition_by_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_requisition_school_id"),
                    models.UniqueConstraint(fields=("school", "number"), name="requisition_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequisitionLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("quantity", zongwu.kernel.fields.QuantityField(verbose_name="数量")),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.item",
                        verbose_name="物品",
                    ),
                ),
                (
                    "requisition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="stores.requisition",
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
                "verbose_name": "领用申请明细",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_requisitionline_school_id"),
                    models.UniqueConstraint(fields=("school", "requisition", "item"), name="requisition_line_once"),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="requisition_line_some"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField(verbose_name="序号")),
                ("lot", models.CharField(blank=True, max_length=30, verbose_name="批次")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                ("on", models.DateField(help_text="单据的日期，月报按它分", verbose_name="日期")),
                ("quantity", zongwu.kernel.fields.QuantityField(verbose_name="数量")),
                ("value", zongwu.kernel.fields.MoneyField(verbose_name="金额")),
                ("price", zongwu.kernel.fields.UnitPriceField(default=0, verbose_name="单价")),
                ("note", models.CharField(blank=True, max_length=60, verbose_name="备注")),
                (
                    "from_place",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.place",
                        verbose_name="从",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="stores.item",
                        verbose_name="物品",
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="back",
                        to="stores.move",
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
                    "to_place",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.place",
                        verbose_name="到",
                    ),
                ),
                (
                    "slip",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="stores.slip",
                        verbose_name="单据",
                    ),
                ),
            ],
            options={
                "verbose_name": "出入库明细",
                "indexes": [
                    models.Index(fields=["school", "item", "on", "id"], name="move_of_item"),
                    models.Index(fields=["school", "on", "id"], name="move_by_on"),
                    models.Index(
                        condition=models.Q(("of__isnull", False)), fields=["school", "of"], name="move_brings_back"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_move_school_id"),
                    models.UniqueConstraint(fields=("school", "slip", "seq"), name="move_seq"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("value__gte", 0)), name="move_forward"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_place__isnull", False), ("to_place__isnull", False), _connector="OR"),
                        name="move_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_place", None),
                            ("to_place", None),
                            models.Q(("from_place", models.F("to_place")), _negated=True),
                            _connector="OR",
                        ),
                        name="move_moves",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="单号")),
                ("title", models.CharField(editable=False, max_length=120, verbose_name="内容")),
                ("applied_on", models.DateField(verbose_name="申请日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("running", "审批中"),
                            ("returned", "已退回"),
                            ("approved", "已通过"),
                            ("refused", "已拒绝"),
                            ("dropped", "已作废"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("ended_on", models.DateField(blank=True, editable=False, null=True, verbose_name="办结日期")),
                ("blind", models.BooleanField(default=True, help_text="盘的人看不到账上有多少", verbose_name="盲盘")),
                ("kinds", models.PositiveIntegerField(default=0, verbose_name="几种")),
                ("wrong", models.PositiveIntegerField(default=0, verbose_name="不符")),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="申请人",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.place",
                        verbose_name="仓库",
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
                    "slip",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="count",
                        to="stores.slip",
                        verbose_name="调整单",
                    ),
                ),
            ],
            options={
                "verbose_name": "库存盘点",
                "indexes": [models.Index(fields=["school", "applied_on", "id"], name="stock_count_by_applied_on")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_stockcount_school_id"),
                    models.UniqueConstraint(fields=("school", "number"), name="stock_count_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "returned", "running"))),
                        fields=("school", "place"),
                        name="stock_count_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockCountLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField(verbose_name="序号")),
                ("lot", models.CharField(blank=True, max_length=30, verbose_name="批次")),
                ("book", zongwu.kernel.fields.QuantityField(verbose_name="账面")),
                ("counted", zongwu.kernel.fields.QuantityField(blank=True, null=True, verbose_name="实盘")),
                ("reason", models.CharField(blank=True, max_length=60, verbose_name="差异原因")),
                (
                    "count",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="stores.stockcount",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.item",
                        verbose_name="物品",
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
                "verbose_name": "盘点明细",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_stockcountline_school_id"),
                    models.UniqueConstraint(fields=("school", "count", "item", "lot"), name="stock_count_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("counted", None), ("counted__gte", 0), _connector="OR"),
                        name="stock_count_line_some",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Textbook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="书名")),
                ("isbn", models.CharField(blank=True, max_length=17, verbose_name="书号（ISBN）")),
                ("grade", models.PositiveSmallIntegerField(verbose_name="年级")),
                ("subject", models.CharField(max_length=20, verbose_name="学科")),
                (
                    "half",
                    models.CharField(choices=[("autumn", "秋"), ("spring", "春")], max_length=6, verbose_name="学期"),
                ),
                ("edition", models.CharField(blank=True, max_length=30, verbose_name="版本")),
                ("price", zongwu.kernel.fields.UnitPriceField(default=0, verbose_name="定价")),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="textbook",
                        to="stores.item",
                        verbose_name="物品",
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
                "verbose_name": "教材",
                "indexes": [models.Index(fields=["school", "grade", "id"], name="textbook_by_grade")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_textbook_school_id"),
                    models.UniqueConstraint(fields=("school", "name", "grade", "half"), name="textbook_once"),
                    models.CheckConstraint(
                        condition=models.Q(("grade__range", (1, 12)), ("price__gte", 0)), name="textbook_grade"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BookShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("extra", models.IntegerField(verbose_name="多几册")),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="stores.bookplan",
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
                    "school_class",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.schoolclass",
                    ),
                ),
                (
                    "textbook",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.textbook",
                    ),
                ),
            ],
            options={
                "verbose_name": "班级增减",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_bookshare_school_id"),
                    models.UniqueConstraint(
                        fields=("school", "plan", "school_class", "textbook"), name="book_share_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BookLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pupils", models.PositiveIntegerField(verbose_name="学生数")),
                ("teachers", models.PositiveIntegerField(default=0, verbose_name="教师用书")),
                ("ordered", models.PositiveIntegerField(verbose_name="征订数")),
                ("arrived", models.PositiveIntegerField(default=0, verbose_name="到货数")),
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
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="stores.bookplan",
                    ),
                ),
                (
                    "textbook",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.textbook",
                        verbose_name="教材",
                    ),
                ),
            ],
            options={
                "verbose_name": "征订明细",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="stores_bookline_school_id"),
                    models.UniqueConstraint(fields=("school", "plan", "textbook"), name="book_line_once"),
                ],
            },
        ),
    ]
