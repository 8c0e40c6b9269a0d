"""Where each analysis belongs; those of before may speak of any place."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with the division around all of its datastreams."""

    dependencies = [("analytics", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="analysis",
            name="division",
            field=models.CharField(
                blank=True, default="000000", max_length=12, verbose_name="division code"
            ),
        )
    ]
