"""Sentences are kept as message ids and parameters, longer than the text that is read."""

from __future__ import annotations

from django.db import migrations

import apps.core.sentences


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0004_plans_go_stale"),
    ]

    operations = [
        migrations.AlterField(
            model_name="planroute",
            name="vehicle",
            field=apps.core.sentences.SentenceField(verbose_name="vehicle"),
        ),
    ]
