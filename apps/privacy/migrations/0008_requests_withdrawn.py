"""Whoever asked for minors' data may withdraw the request; nobody has decided it then."""

from __future__ import annotations

from django.db import migrations, models

UNDECIDED = models.Q(("state__in", ["asked", "withdrawn"]))


class Migration(migrations.Migration):
    """One state more."""

    dependencies = [("privacy", "0007_counts_told_to")]
    operations = [
        migrations.RemoveConstraint("minorsrequest", "a_decision_has_its_author"),
        migrations.AlterField(
            "minorsrequest",
            "state",
            models.CharField(
                choices=[
                    ("asked", "Waiting"),
                    ("approved", "Approved"),
                    ("refused", "Refused"),
                    ("ended", "Ended early"),
                    ("withdrawn", "Withdrawn by the asker"),
                ],
                default="asked",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            "minorsrequest",
            models.CheckConstraint(
                condition=models.Q(("decided_by", None), ("state__in", ["asked", "withdrawn"]))
                | (~UNDECIDED & ~models.Q(("decided_by", None))),
                name="a_decision_has_its_author",
            ),
        ),
    ]
