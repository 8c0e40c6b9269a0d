"""What a plan was built on, and since when that has changed; a published plan takes the mark too."""

from __future__ import annotations

import django.contrib.postgres.fields
from django.db import migrations, models

KEEP = """
CREATE OR REPLACE FUNCTION scheduling_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY[{free}];
BEGIN
    IF OLD.state IN ('published', 'superseded') AND
       (TG_OP = 'DELETE' OR (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free)) THEN
        RAISE EXCEPTION 'a published plan is immutable';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
BEFORE = "'state', 'job_id', 'parent_id'"


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0003_published_routes_are_immutable")]

    operations = [
        migrations.AddField(
            "plan",
            "read_streams",
            django.contrib.postgres.fields.ArrayField(
                models.BigIntegerField(),
                blank=True,
                default=list,
                size=None,
                verbose_name="series that were read",
            ),
        ),
        migrations.AddField(
            "plan", "read_from", models.DateTimeField("readings from", blank=True, null=True)
        ),
        migrations.AddField(
            "plan", "read_until", models.DateTimeField("readings until", blank=True, null=True)
        ),
        migrations.AddField(
            "plan",
            "stale",
            models.CharField(
                "out of date",
                blank=True,
                choices=[
                    (
                        "readings",
                        "Readings that its travel times were computed from have been corrected.",
                    ),
                    ("objects", "A record that it was built on has been corrected or erased."),
                ],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "plan", "stale_at", models.DateTimeField("out of date since", blank=True, null=True)
        ),
        migrations.RunSQL(
            KEEP.format(free=f"{BEFORE}, 'stale', 'stale_at'"), KEEP.format(free=BEFORE)
        ),
    ]
