"""Where each job belongs: its owner's division, nowhere for training, else only the whole city sees it."""

from __future__ import annotations

from django.db import migrations, models

OF_OWNERS = """
UPDATE core_job AS job SET division = division.code
    FROM accounts_user AS owner JOIN accounts_division AS division ON division.id = owner.division_id
    WHERE owner.id = job.owner_id;
UPDATE core_job SET division = '' WHERE kind = 'training';
"""


class Migration(migrations.Migration):
    """A column with the division of what a job works on."""

    dependencies = [("core", "0003_sentences"), ("accounts", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="job",
            name="division",
            field=models.CharField(
                blank=True, default="000000", max_length=12, verbose_name="division code"
            ),
        ),
        migrations.RunSQL(OF_OWNERS, migrations.RunSQL.noop),
    ]
