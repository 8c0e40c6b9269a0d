"""The trigger behind the history of changes, the purge, and a lock for the restore drill.

All three run with the rights of their owner, the keeper of the log, so that the application's role needs no
right to change it.
"""

from __future__ import annotations

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_track() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    label text := TG_ARGV[0];
    pk text := TG_ARGV[1];
    secret text[] := TG_ARGV[2];  -- credentials: that they changed is kept, never what they were
    skipped text[] := TG_ARGV[3];
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - skipped END;
    becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - skipped END;
    who jsonb := nullif(current_setting('app.actor', true), '')::jsonb;
    diff jsonb;
BEGIN
    SELECT jsonb_object_agg(name, CASE WHEN name = ANY (secret) THEN '[]'::jsonb
                                       ELSE jsonb_build_array(was -> name, becomes -> name) END)
      INTO diff FROM jsonb_object_keys(coalesce(becomes, was)) name
     WHERE was -> name IS DISTINCT FROM becomes -> name;
    IF diff IS NOT NULL THEN
        INSERT INTO audit_change (at, user_id, actor, request_id, operation, object_type, object_id, changed)
        VALUES (clock_timestamp(), (who ->> 'user')::bigint, coalesce(who ->> 'job', session_user),
                coalesce(who ->> 'request', ''), lower(TG_OP), label, coalesce(becomes, was) ->> pk, diff);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION audit_purge(up_to_short bigint, up_to_long bigint) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    IF EXISTS (SELECT FROM audit_accesslink WHERE position <= up_to_short
                  AND sealed_at >= now() - interval '180 days') OR EXISTS (
               SELECT FROM audit_accesslink WHERE position <= up_to_long
                  AND sealed_at >= now() - interval '1098 days') OR up_to_long > up_to_short THEN
        RAISE EXCEPTION 'the access log is kept for 180 days, records of giving data for three years';
    END IF;
    DELETE FROM audit_accessentry e USING audit_accesslink l
     WHERE l.entry_id = e.id AND (l.position <= up_to_long OR (l.position <= up_to_short AND NOT e.lasting));
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM audit_accesslink WHERE position <= up_to_long;
    RETURN gone;
END $$;

CREATE FUNCTION audit_hold() RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    LOCK TABLE audit_accessentry, audit_accesslink, audit_accessanchor, audit_change IN SHARE MODE;
$$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_change
    FOR EACH ROW EXECUTE FUNCTION audit_refuse('at', 'long');
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_change
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
BACKWARD = """
DROP TRIGGER audit_no_truncate ON audit_change;
DROP TRIGGER audit_append_only ON audit_change;
DROP FUNCTION audit_hold();
DROP FUNCTION audit_purge(bigint, bigint);
DROP FUNCTION audit_track() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_history")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
