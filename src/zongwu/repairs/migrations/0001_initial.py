
import django.db.models.deletion
import zongwu.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('assets', '0006_custody'),
        ('kernel', '0006_approvals'),
        ('school', '0004_rules'),
        ('stores', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, verbose_name='单号')),
                ('title', models.CharField(editable=False, max_length=120, verbose_name='内容')),
                ('spot', models.CharField(blank=True, help_text='如 东头、后门旁', max_length=40, verbose_name='具体位置')),
                ('fault', models.CharField(choices=[('light', '灯和电'), ('water', '水'), ('door', '门窗'), ('desk', '桌椅'), ('media', '电教设备'), ('other', '其他')], max_length=8, verbose_name='类别')),
                ('what', models.CharField(blank=True, max_length=200, verbose_name='怎么坏了')),
                ('urgent', models.BooleanField(default=False, verbose_name='紧急')),
                ('via', models.CharField(choices=[('plate', '扫码'), ('staff', '登录报修'), ('phone', '电话'), ('import', '导入')], default='staff', max_length=6, verbose_name='怎么报的')),
                ('caller', models.CharField(blank=True, max_length=40, verbose_name='报修人（没登录）')),
                ('phone', models.CharField(blank=True, help_text='办结就抹掉', max_length=20, verbose_name='电话')),
                ('reported_at', models.DateTimeField(verbose_name='报修时间')),
                ('reported_on', models.DateField(verbose_name='报修日期')),
                ('due_on', models.DateField(verbose_name='期限')),
                ('state', models.CharField(choices=[('new', '待派'), ('given', '已派'), ('taken', '已接单'), ('here', '已到场'), ('held', '挂起'), ('done', '待确认'), ('closed', '已办结'), ('dropped', '已撤销')], default='new', max_length=8, verbose_name='状态')),
                ('given_at', models.DateTimeField(blank=True, null=True, verbose_name='派工时间')),
                ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='接单时间')),
                ('here_at', models.DateTimeField(blank=True, null=True, verbose_name='到场时间')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='修好时间')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('held_at', models.DateTimeField(blank=True, null=True, verbose_name='挂起时间')),
                ('held_until', models.DateField(blank=True, null=True, verbose_name='挂起到')),
                ('held_why', models.CharField(blank=True, choices=[('part', '缺件'), ('lesson', '等下课'), ('outside', '等外修'), ('other', '其他')], max_length=8, verbose_name='挂起原因')),
                ('held_minutes', models.PositiveIntegerField(default=0, verbose_name='挂起过多久（分钟）')),
                ('mender', models.CharField(blank=True, max_length=40, verbose_name='维修人（不在名册）')),
                ('did', models.CharField(blank=True, max_length=200, verbose_name='怎么修的')),
                ('cost', zongwu.kernel.fields.MoneyField(default=0, verbose_name='外修费用')),
                ('minutes', models.PositiveIntegerField(blank=True, help_text='从报修到修好，扣去挂起的', null=True, verbose_name='用时（分钟）')),
                ('back', models.PositiveSmallIntegerField(default=0, verbose_name='返修次数')),
                ('stars', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='评价')),
                ('said', models.CharField(blank=True, max_length=100, verbose_name='报修人的话')),
                ('silent', models.BooleanField(default=False, help_text='没人确认，到日子自动办结，不算评价', verbose_name='没有回话')),
                ('asset', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='assets.asset', verbose_name='哪件东西')),
                ('mended_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.person', verbose_name='谁报的修好')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.place', verbose_name='地点')),
                ('reporter', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.person', verbose_name='报修人')),
                ('school', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.school', verbose_name='学校')),
                ('supplier', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.supplier', verbose_name='外修单位')),
                ('worker', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.person', verbose_name='派给')),
            ],
            options={
                'verbose_name': '报修单',
                'indexes': [models.Index(fields=['school', 'reported_at', 'id'], name='ticket_by_reported_at'), models.Index(fields=['school', 'reported_on'], name='ticket_by_reported_on'), models.Index(fields=['school', 'state', 'due_on'], name='ticket_by_state'), models.Index(fields=['school', 'place', 'fault', 'reported_at'], name='ticket_at'), models.Index(fields=['school', 'worker', 'state'], name='ticket_of_worker'), models.Index(fields=['school', 'reporter', 'id'], name='ticket_of_reporter'), models.Index(condition=models.Q(('asset__isnull', False)), fields=['school', 'asset'], name='ticket_of_asset')],
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='repairs_ticket_school_id'), models.UniqueConstraint(fields=('school', 'number'), name='ticket_number'), models.CheckConstraint(condition=models.Q(('stars', None), models.Q(('stars__gte', 1), ('stars__lte', 5)), _connector='OR'), name='ticket_stars'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('given', 'taken', 'here')), _negated=True), ('worker__isnull', False), ('supplier__isnull', False), _connector='OR'), name='ticket_in_hand')],
            },
        ),
        migrations.CreateModel(
            name='Echo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('person', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.person')),
                ('school', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.school', verbose_name='学校')),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='echoes', to='repairs.ticket')),
            ],
            options={
                'verbose_name': '也报了',
                'indexes': [models.Index(fields=['school', 'ticket'], name='echo_of_ticket')],
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='repairs_echo_school_id'), models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('school', 'ticket', 'person'), name='echo_once')],
            },
        ),
        migrations.CreateModel(
            name='TicketPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, verbose_name='材料')),
                ('quantity', models.PositiveIntegerField(verbose_name='数量')),
                ('school', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.school', verbose_name='学校')),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='repairs.ticket')),
            ],
            options={
                'verbose_name': '更换材料',
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='repairs_ticketpart_school_id'), models.UniqueConstraint(fields=('school', 'ticket', 'name'), name='ticket_part_once'), models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='ticket_part_some')],
            },
        ),
        migrations.CreateModel(
            name='TicketSlip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.school', verbose_name='学校')),
                ('slip', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.slip')),
                ('ticket', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='slips', to='repairs.ticket')),
            ],
            options={
                'verbose_name': '用料单',
                'indexes': [models.Index(fields=['school', 'ticket'], name='ticket_slip_of_ticket')],
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='repairs_ticketslip_school_id')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fault', models.CharField(blank=True, choices=[('light', '灯和电'), ('water', '水'), ('door', '门窗'), ('desk', '桌椅'), ('media', '电教设备'), ('other', '其他')], help_text='空着是全部类别', max_length=8, verbose_name='类别')),
                ('set_on', models.DateField(verbose_name='定于')),
                ('area', models.ForeignKey(blank=True, db_index=False, help_text='空着是全校', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='school.place', verbose_name='哪里')),
                ('school', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.school', verbose_name='学校')),
                ('worker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.person', verbose_name='谁修')),
            ],
            options={
                'verbose_name': '维修分工',
                'indexes': [models.Index(fields=['school', 'set_on', 'id'], name='duty_by_set_on')],
                'constraints': [models.UniqueConstraint(fields=('school', 'id'), name='repairs_duty_school_id'), models.UniqueConstraint(fields=('school', 'fault', 'area'), name='duty_once'), models.UniqueConstraint(condition=models.Q(('area', None)), fields=('school', 'fault'), name='duty_everywhere_once')],
            },
        ),
    ]
