"""Codes of patients and encounters get the words that pages show."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hospital', '0002_encrypted'),
    ]

    operations = [
        migrations.AlterField(
            model_name='encounter',
            name='kind',
            field=models.CharField(choices=[('emergency', 'Emergency'), ('inpatient', 'Inpatient'), ('ambulatory', 'Outpatient')], max_length=12, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='patient',
            name='sex',
            field=models.CharField(blank=True, choices=[('female', 'female'), ('male', 'male'), ('other', 'other'), ('unknown', 'unknown')], max_length=10, verbose_name='sex'),
        ),
    ]
