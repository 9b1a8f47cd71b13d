
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assets', '0006_custody'),
        ('kernel', '0006_approvals'),
        ('repairs', '0001_initial'),
        ('school', '0004_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='origin',
            field=models.CharField(blank=True, editable=False, max_length=60, verbose_name='由来'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='via',
            field=models.CharField(choices=[('plate', '扫码'), ('staff', '登录报修'), ('phone', '电话'), ('import', '导入'), ('check', '检查发现')], default='staff', max_length=6, verbose_name='怎么报的'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('origin', ''), _negated=True), fields=['school', 'origin'], name='ticket_from'),
        ),
    ]
