"""Each upload knows which of its values lie outside of their plausible range."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A count, and the first of the values with their line and range."""

    dependencies = [("sensing", "0010_sentences")]
    operations = [
        migrations.AddField(
            model_name="upload",
            name="implausible",
            field=models.PositiveBigIntegerField(default=0, verbose_name="with an implausible value"),
        ),
        migrations.AddField(
            model_name="upload",
            name="implausible_rows",
            field=models.JSONField(blank=True, default=list, verbose_name="first implausible values"),
        ),
        migrations.AlterField(
            model_name="quarantinedrow",
            name="door",
            field=models.CharField(
                choices=[
                    ("upload", "file"),
                    ("http", "device or program (HTTP)"),
                    ("mqtt", "device (MQTT)"),
                    ("sensorthings", "SensorThings"),
                    ("pull", "fetched source"),
                ],
                max_length=12,
                verbose_name="channel",
            ),
        ),
    ]
