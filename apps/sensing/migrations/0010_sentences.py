"""Sentences are kept as message ids and parameters, longer than the text that is read."""

from __future__ import annotations

from django.db import migrations

import apps.core.sentences


class Migration(migrations.Migration):
    dependencies = [
        ("sensing", "0009_historical"),
    ]

    operations = [
        migrations.AlterField(
            model_name="edit",
            name="reason",
            field=apps.core.sentences.SentenceField(verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="quarantinedrow",
            name="reason",
            field=apps.core.sentences.SentenceField(verbose_name="reason"),
        ),
    ]
