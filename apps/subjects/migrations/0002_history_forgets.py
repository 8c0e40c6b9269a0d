"""The history of changes forgets the values of people who were deleted, and nothing else.

Its rows stay: that a row was changed, by whom and when. Only values may go, only of rows that a tombstone
names, and only through a function that runs with the rights of the history's owner.
"""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_change_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'changed' = to_jsonb(OLD) - 'changed'
       AND NEW.changed <> OLD.changed
       AND (SELECT count(*) FROM jsonb_object_keys(NEW.changed))
         = (SELECT count(*) FROM jsonb_object_keys(OLD.changed))
       AND NOT EXISTS (SELECT FROM jsonb_each(NEW.changed) v
                        WHERE NOT OLD.changed ? v.key
                           OR (v.value <> '[]'::jsonb AND v.value <> OLD.changed -> v.key)) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '1098 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the access log is append-only';
END $$;
DROP TRIGGER audit_append_only ON audit_change;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_change
    FOR EACH ROW EXECUTE FUNCTION audit_change_keep();

CREATE FUNCTION audit_forget(label text, pks text[], names text[]) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    done bigint;
BEGIN
    WITH gone AS (
        SELECT r ->> 1 AS pk FROM subjects_tombstone t, jsonb_array_elements(t.rows) r WHERE r ->> 0 = label
    ), forgotten AS (
        SELECT c.id, (SELECT jsonb_object_agg(v.key, CASE WHEN names IS NULL OR v.key = ANY (names)
                                                          THEN '[]'::jsonb ELSE v.value END)
                        FROM jsonb_each(c.changed) v) AS changed
          FROM audit_change c
         WHERE c.object_type = label AND c.object_id = ANY (pks) AND c.object_id IN (SELECT pk FROM gone)
    )
    UPDATE audit_change c SET changed = f.changed FROM forgotten f
     WHERE c.id = f.id AND f.changed <> c.changed;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;
GRANT SELECT ON subjects_tombstone TO PUBLIC;  -- the function's owner is not ours; no value of a person in it
"""
BACKWARD = """
DROP FUNCTION audit_forget(text, text[], text[]);
DROP TRIGGER audit_append_only ON audit_change;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_change
    FOR EACH ROW EXECUTE FUNCTION audit_refuse('at', 'long');
DROP FUNCTION audit_change_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("subjects", "0001_initial"), ("audit", "0006_history_trigger")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
