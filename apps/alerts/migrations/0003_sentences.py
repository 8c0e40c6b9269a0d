"""Sentences are kept as message ids and parameters, longer than the text that is read."""

from __future__ import annotations

from django.db import migrations

import apps.core.sentences


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0002_every_reading"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="error",
            field=apps.core.sentences.SentenceField(blank=True, verbose_name="last fault"),
        ),
    ]
