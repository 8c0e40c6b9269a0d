"""Privacy grades of the alerts models."""

from __future__ import annotations

from apps.core.grades import INTERNAL, FieldGrade, graded

FIELDS = {
    "AlertRule": (
        "id domain name name_en message message_en kind datastream area condition side level hysteresis hold "
        "span fence priority flood_after flood_window active changed_by changed_at"
    ),
    "Watch": "id rule datastream seen reading quality figure breached since due bad "
    "missed peak episode_first episode_last",
    "Horizon": "id transaction began",
    "Alarm": (
        "id rule datastream domain division priority state value since raised_at last_raised_at occurrences "
        "is_group group size acknowledged_at returned_at closed_at shelved_until shelve_reason"
    ),
    "AlarmEvent": "id alarm act at by note value",
    "Webhook": "id domain name url generation active owner created_at",
    "Notification": "id key event channel user webhook state attempts next_at sent_at error",
}

GRADES: dict[str, FieldGrade] = {
    key: grade
    for model, names in FIELDS.items()
    for key, grade in graded(model, **dict.fromkeys(names.split(), INTERNAL)).items()
}

# Fields that read like a person's and are not, or that colleagues need: each with its reason.
NOT_PERSONAL = {
    "AlertRule.name": "the name of a rule",
    "AlertRule.name_en": "the name of a rule",
    "Webhook.url": "the address of a server",
    "Webhook.name": "the name of a system",
}
