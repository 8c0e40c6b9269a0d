"""A published plan keeps its content: only its state may change, to superseded."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION scheduling_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('published', 'superseded') AND (TG_OP = 'DELETE' OR
       (to_jsonb(NEW) - 'state' - 'job_id' - 'parent_id') IS DISTINCT FROM (to_jsonb(OLD) - 'state' - 'job_id' - 'parent_id')) THEN
        RAISE EXCEPTION 'a published plan is immutable';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER scheduling_published BEFORE UPDATE OR DELETE ON scheduling_plan
    FOR EACH ROW EXECUTE FUNCTION scheduling_keep_published();
"""
BACKWARD = """
DROP TRIGGER scheduling_published ON scheduling_plan;
DROP FUNCTION scheduling_keep_published();
"""


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
