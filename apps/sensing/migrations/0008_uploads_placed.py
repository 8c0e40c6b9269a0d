"""Where each upload belongs; those of before may speak of any place."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with the division of the uploader."""

    dependencies = [("sensing", "0007_plausible_from_and_conflicts")]
    operations = [
        migrations.AddField(
            model_name="upload",
            name="division",
            field=models.CharField(default="000000", max_length=12, verbose_name="division code"),
        )
    ]
