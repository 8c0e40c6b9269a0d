"""Cleaning rules as data."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [("draft", "draft"), ("live", "in force"), ("retired", "retired")]
LIMITS = (
    "Any of low, high, max_step, stuck_after, max_age, rate, spike, window, mend, clock, late, peers."
)


class Migration(migrations.Migration):
    dependencies = [("sensing", "0003_history"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="CleaningRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("domain", models.CharField(max_length=16, verbose_name="domain")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("limits", models.JSONField(help_text=LIMITS, verbose_name="limits")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "state",
                    models.CharField(choices=STATES, default="draft", max_length=8, verbose_name="state"),
                ),
                ("trial", models.JSONField(blank=True, null=True, verbose_name="trial on the last week")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("live_at", models.DateTimeField(blank=True, null=True, verbose_name="in force since")),
                (
                    "datastream",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: every datastream of the kind.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="sensing.datastream",
                        verbose_name="datastream",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "cleaning rule",
                "verbose_name_plural": "cleaning rules",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "live")),
                        fields=("domain", "kind", "datastream"),
                        name="one_rule_in_force",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
