"""Entries, links and anchors take new rows only; what is past its retention floor may be purged, nothing else."""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept interval := interval '180 days';  -- floor of GB/T 22239-2019 8.1.4.3: no setting, no argument
BEGIN
    IF TG_OP = 'DELETE' AND TG_NARGS > 0 THEN
        IF TG_ARGV[1] = 'long' OR (to_jsonb(OLD) ->> 'lasting')::boolean THEN
            kept := interval '1098 days';  -- three years: Network Data Security Regulations Art. 12
        END IF;
        IF (to_jsonb(OLD) ->> TG_ARGV[0])::timestamptz < now() - kept THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the access log is append-only';
END $$;
DROP TRIGGER audit_append_only ON audit_accessentry;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_accessentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse('at', 'short');
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_accesslink
    FOR EACH ROW EXECUTE FUNCTION audit_refuse('sealed_at', 'long');
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_accessanchor
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_accesslink
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_accessanchor
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
BACKWARD = """
DROP TRIGGER audit_no_truncate ON audit_accessanchor;
DROP TRIGGER audit_no_truncate ON audit_accesslink;
DROP TRIGGER audit_append_only ON audit_accessanchor;
DROP TRIGGER audit_append_only ON audit_accesslink;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_plain_entries_and_chain")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
