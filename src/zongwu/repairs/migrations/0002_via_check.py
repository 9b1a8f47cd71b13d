from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('repairs', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ticket',
            name='via',
            field=models.CharField(choices=[('plate', '扫码'), ('staff', '登录报修'), ('phone', '电话'), ('import', '导入'), ('check', '检查发现')], default='staff', max_length=6, verbose_name='怎么报的'),
        ),
    ]
