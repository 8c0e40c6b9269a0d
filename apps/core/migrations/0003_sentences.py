"""Sentences are kept as message ids and parameters, longer than the text that is read."""

from __future__ import annotations

from django.db import migrations

import apps.core.sentences


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_job_attempts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="message",
            field=apps.core.sentences.SentenceField(blank=True, verbose_name="message"),
        ),
        migrations.AlterField(
            model_name="job",
            name="title",
            field=apps.core.sentences.SentenceField(verbose_name="title"),
        ),
    ]
