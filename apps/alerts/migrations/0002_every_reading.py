"""What watches need to judge every stored reading: the last episode, and how far the looks have come.

The index is small and made for finding the rows that were stored last: their transactions follow one another.
"""

from __future__ import annotations

from django.db import migrations, models

FORWARD = """
    CREATE INDEX sensing_observation_recorded ON sensing_observation
     USING brin (recorded_at) WITH (pages_per_range = 32, autosummarize = on)
"""
BACKWARD = "DROP INDEX sensing_observation_recorded"
ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial"), ("sensing", "0006_devices")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddField(
            "watch", "missed", models.BooleanField(default=False, verbose_name="beyond the limit between two checks")
        ),
        migrations.AddField("watch", "peak", models.FloatField(null=True, verbose_name="farthest figure")),
        migrations.AddField(
            "watch", "episode_first", models.DateTimeField(null=True, verbose_name="last episode from")
        ),
        migrations.AddField(
            "watch", "episode_last", models.DateTimeField(null=True, verbose_name="last episode until")
        ),
        migrations.AddIndex(
            "watch", models.Index(condition=models.Q(missed=True), fields=["rule"], name="watch_missed")
        ),
        migrations.CreateModel(
            "Horizon",
            [
                ("id", ID),
                ("transaction", models.BigIntegerField(verbose_name="oldest transaction then")),
                ("began", models.DateTimeField(verbose_name="when it began")),
            ],
            options={
                "verbose_name": "progress of the checks",
                "verbose_name_plural": "progress of the checks",
            },
        ),
    ]
