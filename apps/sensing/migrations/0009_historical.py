"""Datastreams of the past: what was imported from a file is marked as such."""

from django.db import migrations, models

NEVER_STALE = 2**31 - 1  # what an import wrote until now, so that its series were not called broken


def mark_imported(apps, schema_editor):
    """Series that never go stale were imported from files."""
    apps.get_model("sensing", "Datastream").objects.filter(max_age=NEVER_STALE).update(historical=True)


class Migration(migrations.Migration):

    dependencies = [("sensing", "0008_uploads_placed")]

    operations = [
        migrations.AddField(
            model_name="datastream",
            name="historical",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Readings of the past, from a file: never live, never missed, watched by no alarm rule.",
                verbose_name="of the past",
            ),
        ),
        migrations.RunPython(mark_imported, migrations.RunPython.noop),
    ]
