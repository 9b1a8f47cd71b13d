import django.db.models.deletion
import zongwu.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0006_approvals"),
        ("school", "0004_rules"),
        ("stores", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("name", models.CharField(max_length=40, verbose_name="预算项目")),
                (
                    "funding",
                    models.CharField(blank=True, help_text="如 公用经费、专项", max_length=40, verbose_name="资金来源"),
                ),
                ("amount", zongwu.kernel.fields.MoneyField(verbose_name="预算数")),
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
                "verbose_name": "采购预算",
                "indexes": [models.Index(fields=["school", "amount", "id"], name="budget_by_amount")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_budget_school_id"),
                    models.UniqueConstraint(fields=("school", "year", "name"), name="budget_once"),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="budget_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="证照")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="证号")),
                ("noted_on", models.DateField(verbose_name="登记日期")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                ("void", models.BooleanField(default=False, verbose_name="作废")),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licences",
                        to="school.supplier",
                        verbose_name="供应商",
                    ),
                ),
            ],
            options={
                "verbose_name": "供应商证照",
                "indexes": [models.Index(fields=["school", "noted_on", "id"], name="licence_by_noted_on")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_licence_school_id"),
                    models.UniqueConstraint(
                        condition=models.Q(("void", False)), fields=("school", "supplier", "name"), name="licence_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Purchase",
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
                ("reason", models.CharField(max_length=200, verbose_name="事由")),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("office", "办公用品"),
                            ("teaching", "教学用品"),
                            ("equipment", "设备"),
                            ("furniture", "家具"),
                            ("repair", "维修材料"),
                            ("cleaning", "清洁用品"),
                            ("books", "图书教材"),
                            ("works", "工程修缮"),
                            ("service", "服务"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("needed_on", models.DateField(blank=True, null=True, verbose_name="需要日期")),
                ("catalogue", models.BooleanField(default=False, verbose_name="在集中采购目录内")),
                ("framework", models.BooleanField(default=False, verbose_name="有框架协议")),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("central", "集中采购"),
                            ("framework", "框架协议"),
                            ("tender", "公开招标"),
                            ("inquiry", "询价"),
                            ("compare", "比价"),
                            ("small", "零星采购"),
                        ],
                        max_length=10,
                        verbose_name="采购方式",
                    ),
                ),
                ("amount", zongwu.kernel.fields.MoneyField(default=0, verbose_name="金额")),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="不选最低价的理由")),
                ("tender_number", models.CharField(blank=True, max_length=40, verbose_name="招标或项目编号")),
                ("alike", models.CharField(blank=True, max_length=200, verbose_name="同类采购提示")),
                ("spent", zongwu.kernel.fields.MoneyField(default=0, verbose_name="实际金额")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
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
                    "budget",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="purchasing.budget",
                        verbose_name="预算项目",
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
                        verbose_name="申请部门",
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
                "verbose_name": "采购申请",
                "indexes": [
                    models.Index(fields=["school", "applied_on", "id"], name="purchase_by_applied_on"),
                    models.Index(fields=["school", "state", "id"], name="purchase_by_state"),
                    models.Index(fields=["school", "amount", "id"], name="purchase_by_amount"),
                    models.Index(fields=["school", "sort", "applied_on"], name="purchase_alike"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_purchase_school_id"),
                    models.UniqueConstraint(fields=("school", "number"), name="purchase_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="订单号")),
                ("ordered_on", models.DateField(verbose_name="下单日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="约定到货")),
                ("contract_number", models.CharField(blank=True, max_length=40, verbose_name="合同号")),
                ("invoice_number", models.CharField(blank=True, max_length=40, verbose_name="发票号")),
                ("amount", zongwu.kernel.fields.MoneyField(default=0, verbose_name="金额")),
                ("title", models.CharField(max_length=120, verbose_name="内容")),
                ("came_on", models.DateField(blank=True, null=True, verbose_name="最近到货")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="收齐日期")),
                ("closed_because", models.CharField(blank=True, max_length=100, verbose_name="没收齐的原因")),
                (
                    "buyer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.person",
                        verbose_name="采购人",
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
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.supplier",
                        verbose_name="供应商",
                    ),
                ),
                (
                    "purchase",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="purchasing.purchase",
                        verbose_name="采购申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "采购订单",
                "indexes": [
                    models.Index(fields=["school", "ordered_on", "id"], name="order_by_ordered_on"),
                    models.Index(fields=["school", "amount", "id"], name="order_by_amount"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_order_school_id"),
                    models.UniqueConstraint(fields=("school", "number"), name="order_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Acceptance",
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
                ("accepted_on", models.DateField(verbose_name="验收日期")),
                ("looks", models.CharField(default="完好", max_length=60, verbose_name="外观")),
                ("works", models.CharField(default="合格", max_length=100, verbose_name="质量和功能")),
                ("problems", models.CharField(blank=True, max_length=200, verbose_name="问题和处理")),
                ("invoice_number", models.CharField(blank=True, max_length=40, verbose_name="发票号")),
                ("value", zongwu.kernel.fields.MoneyField(default=0, verbose_name="验收金额")),
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
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.place",
                        verbose_name="入哪个库房或放到哪里",
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
                        related_name="acceptance",
                        to="stores.slip",
                        verbose_name="入库单",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="purchasing.order",
                        verbose_name="订单",
                    ),
                ),
            ],
            options={
                "verbose_name": "验收单",
                "indexes": [models.Index(fields=["school", "accepted_on", "id"], name="acceptance_by_accepted_on")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_acceptance_school_id"),
                    models.UniqueConstraint(fields=("school", "number"), name="acceptance_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchaseLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField(verbose_name="序号")),
                ("name", models.CharField(max_length=60, verbose_name="品名")),
                ("spec", models.CharField(blank=True, max_length=120, verbose_name="规格要求")),
                ("unit", models.CharField(max_length=10, verbose_name="单位")),
                ("quantity", zongwu.kernel.fields.QuantityField(verbose_name="数量")),
                ("price", zongwu.kernel.fields.UnitPriceField(verbose_name="预计单价")),
                (
                    "becomes",
                    models.CharField(
                        choices=[("stock", "入库"), ("cards", "建资产卡片"), ("nothing", "不入账")],
                        default="stock",
                        max_length=8,
                        verbose_name="到货以后",
                    ),
                ),
                ("category", models.CharField(blank=True, max_length=10, verbose_name="资产分类")),
                (
                    "purchase",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="purchasing.purchase",
                        verbose_name="采购申请",
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
                "verbose_name": "采购明细",
                "indexes": [models.Index(fields=["school", "name"], name="purchase_line_named")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_purchaseline_school_id"),
                    models.UniqueConstraint(fields=("school", "purchase", "seq"), name="purchase_line_seq"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("price__gte", 0)), name="purchase_line_some"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField(verbose_name="序号")),
                ("quantity", zongwu.kernel.fields.QuantityField(verbose_name="数量")),
                ("price", zongwu.kernel.fields.UnitPriceField(verbose_name="单价")),
                ("accepted", zongwu.kernel.fields.QuantityField(default=0, verbose_name="已验收")),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="purchasing.order",
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
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="purchasing.purchaseline",
                    ),
                ),
            ],
            options={
                "verbose_name": "订单明细",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_orderline_school_id"),
                    models.UniqueConstraint(fields=("school", "line"), name="order_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0), ("price__gte", 0)), name="order_line_some"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted__gte", 0), ("accepted__lte", models.F("quantity"))),
                        name="order_line_not_beyond",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AcceptanceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("arrived", zongwu.kernel.fields.QuantityField(verbose_name="到货")),
                ("accepted", zongwu.kernel.fields.QuantityField(verbose_name="合格")),
                ("note", models.CharField(blank=True, max_length=60, verbose_name="不合格的")),
                (
                    "acceptance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="purchasing.acceptance",
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
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrived",
                        to="purchasing.orderline",
                    ),
                ),
            ],
            options={
                "verbose_name": "验收明细",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_acceptanceline_school_id"),
                    models.UniqueConstraint(fields=("school", "acceptance", "line"), name="acceptance_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted__gte", 0), ("arrived__gt", 0), ("accepted__lte", models.F("arrived"))
                        ),
                        name="acceptance_line_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Demand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=30, verbose_name="要求")),
                ("wanted", models.CharField(max_length=60, verbose_name="要达到")),
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
                    "purchase",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="demands",
                        to="purchasing.purchase",
                    ),
                ),
            ],
            options={
                "verbose_name": "采购要求",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_demand_school_id"),
                    models.UniqueConstraint(fields=("school", "purchase", "seq"), name="demand_seq"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quoted_on", models.DateField(verbose_name="报价日期")),
                ("delivery", zongwu.kernel.fields.MoneyField(default=0, verbose_name="送货费")),
                ("total", zongwu.kernel.fields.MoneyField(default=0, verbose_name="总价")),
                ("delivers_on", models.DateField(blank=True, null=True, verbose_name="到货日期")),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
                ("fit", models.BooleanField(default=True, verbose_name="合要求")),
                ("prices", models.JSONField(default=dict)),
                ("answers", models.JSONField(default=dict)),
                (
                    "purchase",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="purchasing.purchase",
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
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="school.supplier",
                        verbose_name="供应商",
                    ),
                ),
            ],
            options={
                "verbose_name": "报价",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_quote_school_id"),
                    models.UniqueConstraint(fields=("school", "purchase", "supplier"), name="quote_once"),
                    models.CheckConstraint(
                        condition=models.Q(("total__gte", 0), ("delivery__gte", 0)), name="quote_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_time", models.PositiveSmallIntegerField(verbose_name="到货及时")),
                ("quality", models.PositiveSmallIntegerField(verbose_name="质量")),
                ("service", models.PositiveSmallIntegerField(verbose_name="服务")),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
                ("scored_on", models.DateField(verbose_name="评分日期")),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="score",
                        to="purchasing.order",
                        verbose_name="订单",
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
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="school.supplier",
                        verbose_name="供应商",
                    ),
                ),
            ],
            options={
                "verbose_name": "供应商评分",
                "indexes": [models.Index(fields=["school", "supplier"], name="score_of_supplier")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_supplierrecord_school_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("on_time__range", (1, 5)), ("quality__range", (1, 5)), ("service__range", (1, 5))
                        ),
                        name="score_of_five",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AcceptanceMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "acceptance",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="purchasing.acceptance",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
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
                "verbose_name": "验收人",
                "constraints": [
                    models.UniqueConstraint(fields=("school", "id"), name="purchasing_acceptancemember_school_id"),
                    models.UniqueConstraint(fields=("school", "acceptance", "person"), name="acceptance_member_once"),
                ],
            },
        ),
        migrations.AddField(
            model_name="purchase",
            name="chosen",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="purchasing.quote",
                verbose_name="中选报价",
            ),
        ),
    ]
