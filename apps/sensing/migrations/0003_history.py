"""The value as it came, since when it is known, what it has replaced; archived days; settled quarantine."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

QUALITIES = [(0, "good"), (1, "suspect"), (2, "bad"), (3, "missing")]
OPERATIONS = [
    ("set", "set to a value"),
    ("shift", "add a number"),
    ("scale", "multiply by a number"),
    ("interpolate", "draw a line between the neighbours"),
    ("flag", "set the quality"),
    ("restore", "back to the value as it came"),
]
FORWARD = """
ALTER TABLE sensing_observation
    ADD raw double precision,
    ADD recorded_at timestamptz NOT NULL DEFAULT now()
"""
BACKWARD = "ALTER TABLE sensing_observation DROP raw, DROP recorded_at"


def person(name: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        to=settings.AUTH_USER_MODEL,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        null=null,
        blank=null,
        verbose_name=name,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("sensing", "0002_observation_partitions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddField(
            model_name="quarantinedrow",
            name="state",
            field=models.CharField(
                choices=[("open", "open"), ("mended", "mended"), ("dismissed", "dismissed")],
                db_default="open",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="quarantinedrow", name="settled_by", field=person("settled by", null=True)
        ),
        migrations.AddField(
            model_name="quarantinedrow",
            name="settled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="settled at"),
        ),
        migrations.CreateModel(
            name="Edit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.DateTimeField(verbose_name="from")),
                ("end", models.DateTimeField(verbose_name="to")),
                ("operation", models.CharField(choices=OPERATIONS, max_length=12, verbose_name="operation")),
                ("value", models.FloatField(blank=True, null=True, verbose_name="value")),
                (
                    "quality",
                    models.SmallIntegerField(
                        blank=True, choices=QUALITIES, null=True, verbose_name="quality"
                    ),
                ),
                (
                    "anchors",
                    models.JSONField(
                        blank=True,
                        help_text="The neighbours that interpolation used.",
                        null=True,
                        verbose_name="ends of the line",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed readings")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone at")),
                (
                    "datastream",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edits",
                        to="sensing.datastream",
                        verbose_name="datastream",
                    ),
                ),
                ("made_by", person("made by")),
                ("undone_by", person("undone by", null=True)),
            ],
            options={"verbose_name": "correction", "verbose_name_plural": "corrections", "ordering": ["-id"]},
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phenomenon_time", models.DateTimeField(verbose_name="time")),
                ("result", models.FloatField(null=True, verbose_name="result")),
                ("raw", models.FloatField(null=True, verbose_name="value as it came")),
                ("quality", models.SmallIntegerField(choices=QUALITIES, verbose_name="quality")),
                ("flags", models.SmallIntegerField(verbose_name="flags")),
                ("known_from", models.DateTimeField(verbose_name="known from")),
                ("known_until", models.DateTimeField(verbose_name="known until")),
                (
                    "datastream",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="sensing.datastream",
                        verbose_name="datastream",
                    ),
                ),
                (
                    "edit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="sensing.edit",
                        verbose_name="correction",
                    ),
                ),
            ],
            options={
                "verbose_name": "replaced reading",
                "verbose_name_plural": "replaced readings",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        fields=["datastream", "phenomenon_time"], name="sensing_rev_datastr_3d532f_idx"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ArchivedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="day")),
                (
                    "archived_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="archived at"
                    ),
                ),
            ],
            options={
                "verbose_name": "archived day",
                "verbose_name_plural": "archived days",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="ArchivedStream",
            fields=[
                (
                    "datastream",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="sensing.datastream",
                        verbose_name="datastream",
                    ),
                ),
                ("before", models.DateTimeField(verbose_name="archived before")),
            ],
            options={
                "verbose_name": "archived datastream",
                "verbose_name_plural": "archived datastreams",
            },
        ),
    ]
