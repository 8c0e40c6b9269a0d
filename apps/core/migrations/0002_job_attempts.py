"""How often a job was begun, so that one which kills its workers ends; the kinds become choices."""

from __future__ import annotations

from django.db import migrations, models

KINDS = [
    ("upload", "import of a file"),
    ("training", "training of a model"),
    ("plan", "search for a plan"),
    ("analysis", "analysis"),
    ("backup", "backup"),
    ("restore_drill", "restore drill"),
    ("lake_export", "export to the lake"),
    ("keys_rotate", "encryption with a new key"),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.AddField(
            "job", "attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")
        ),
        migrations.AlterField(
            "job", "kind", models.CharField(choices=KINDS, max_length=40, verbose_name="kind")
        ),
    ]
