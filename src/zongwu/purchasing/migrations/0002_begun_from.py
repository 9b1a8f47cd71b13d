
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0006_approvals'),
        ('purchasing', '0001_initial'),
        ('school', '0004_rules'),
    ]

    operations = [
        migrations.AddField(
            model_name='purchase',
            name='origin',
            field=models.CharField(blank=True, editable=False, max_length=60, verbose_name='由来'),
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(condition=models.Q(('origin', ''), _negated=True), fields=['school', 'origin'], name='purchase_from'),
        ),
    ]
