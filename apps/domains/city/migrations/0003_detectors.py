"""Sensors of imported files are no motorways of the city."""

from django.db import migrations, models


def name_detectors(apps, schema_editor):
    """An import called every sensor a motorway: those that only a file speaks of become detectors."""
    segments = apps.get_model("city", "RoadSegment").objects.filter(road_class="motorway")
    streams = apps.get_model("sensing", "Datastream").objects.filter(thing=models.OuterRef("thing"))
    segments.filter(
        models.Exists(streams.filter(historical=True)), ~models.Exists(streams.filter(historical=False))
    ).update(road_class="detector")


class Migration(migrations.Migration):

    dependencies = [("city", "0002_encrypted"), ("sensing", "0009_historical")]

    operations = [
        migrations.AlterField(
            model_name="roadsegment",
            name="road_class",
            field=models.CharField(
                choices=[
                    ("motorway", "Motorway"),
                    ("expressway", "Expressway"),
                    ("arterial", "Arterial road"),
                    ("collector", "Collector road"),
                    ("local", "Local road"),
                    ("detector", "Detector of an imported set"),
                ],
                max_length=10,
                verbose_name="road class",
            ),
        ),
        migrations.RunPython(name_detectors, migrations.RunPython.noop),
    ]
