"""The API document for its readers: grouped by task, one language at a time, with examples.

The generator knows paths and models; this page adds what a person looks for first. Lists and single rows are
named by ``apps.core.openapi``; every other operation has its line in ``SUMMARIES``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

Operation = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
HAN = re.compile(r"[\u4e00-\u9fff]")

# Each task with the start of its addresses, in the order of the page; the longest start decides.
TASKS = (
    (pgettext_lazy("API", "Your account"), ("accounts/", "portal/")),
    (pgettext_lazy("API", "Things and readings"), ("sensing/",)),
    (pgettext_lazy("API", "Send files of readings"), ("sensing/uploads/",)),
    (pgettext_lazy("API", "Correct and clean readings"), tuple(f"sensing/{name}/" for name in (
        "corrections", "revisions", "quarantine", "cleaning-rules"))),
    (pgettext_lazy("API", "Accounts of devices"), ("sensing/devices/",)),
    (pgettext_lazy("API", "Fetch from other systems, public transport"), ("pulls/",)),
    (pgettext_lazy("API", "Map layers"), ("maps/",)),
    (pgettext_lazy("API", "City"), ("city/",)),
    (pgettext_lazy("API", "Plant"), ("plant/",)),
    (pgettext_lazy("API", "Farm"), ("farm/",)),
    (pgettext_lazy("API", "Hospital"), ("hospital/",)),
    (pgettext_lazy("API", "School"), ("school/",)),
    (pgettext_lazy("API", "Alarms and notices"), ("alerts/",)),
    (pgettext_lazy("API", "Models and forecasts"), ("training/",)),
    (pgettext_lazy("API", "Analyses"), ("analytics/",)),
    (pgettext_lazy("API", "Plans"), ("scheduling/",)),
    (pgettext_lazy("API", "Jobs"), ("live/",)),
    (pgettext_lazy("API", "Share data between departments"), ("catalogue/",)),
    (pgettext_lazy("API", "Counts and releases"), tuple(f"privacy/{name}" for name in (
        "counts/", "releases", "budget"))),
    (pgettext_lazy("API", "Protected data and policy"), ("privacy/",)),
    (pgettext_lazy("API", "Rights of persons and incidents"), ("subjects/",)),
    (pgettext_lazy("API", "Backup and archive"), ("archive/",)),
)  # fmt: skip
SUMMARIES = {
    "accounts_confirm": _("Confirm once more who you are"),
    "accounts_me": _("Who the caller is and what the caller may do"),
    "alerts_alarms_acknowledge_create": _("Acknowledge an alarm"),
    "alerts_alarms_shelve_create": _("Shelve an alarm until a time"),
    "alerts_alarms_unshelve_create": _("Take an alarm back from the shelf"),
    "alerts_notifications_retry_create": _("Send a notice again"),
    "alerts_rules_create": _("Make an alarm rule"),
    "alerts_rules_partial_update": _("Change an alarm rule"),
    "alerts_rules_trial_retrieve": _("Try an alarm rule on stored readings"),
    "alerts_webhooks_create": _("Register an address for notices"),
    "alerts_webhooks_end_create": _("End an address for notices"),
    "alerts_webhooks_rotate_create": _("Give an address for notices a new secret"),
    "analytics_analyses_create": _("Start an analysis"),
    "archive_backups_create": _("Start a backup"),
    "archive_drills_create": _("Start a restore drill"),
    "archive_holds_create": _("Keep data beyond their term (legal hold)"),
    "archive_holds_release_create": _("End a legal hold"),
    "archive_rules_create": _("Set how long readings are kept"),
    "catalogue_calendar_retrieve": _("Working days and holidays of a year"),
    "catalogue_changes_retrieve": _("Changes that a program has not acknowledged yet"),
    "catalogue_changes_acknowledge_create": _("Acknowledge a change"),
    "catalogue_corrections_create": _("Report an error in a record"),
    "catalogue_corrections_decide_create": _("Decide on a reported error"),
    "catalogue_datasets_partial_update": _("Change the description of a dataset"),
    "catalogue_datasets_step_create": _("Review, publish, suspend or withdraw a dataset"),
    "catalogue_dcat.jsonld_retrieve": _("The catalogue as DCAT (JSON-LD)"),
    "catalogue_entries_retrieve": _("What the catalogue can list"),
    "catalogue_entries_create": _("Enter something into the catalogue"),
    "catalogue_requests_create": _("Ask for data"),
    "catalogue_requests_approve_create": _("Approve a request for data"),
    "catalogue_requests_dispute_create": _("Dispute a refusal"),
    "catalogue_requests_judge_create": _("Decide a dispute"),
    "catalogue_requests_pause_create": _("Stop the clock of a request"),
    "catalogue_requests_preview_retrieve": _("See what a request would open"),
    "catalogue_requests_provide_create": _("Say that a file was handed over"),
    "catalogue_requests_recall_create": _("Recall data that were given"),
    "catalogue_requests_refuse_create": _("Refuse a request for data"),
    "catalogue_requests_resume_create": _("Let the clock of a request run again"),
    "catalogue_requests_withdraw_create": _("Withdraw your request for data"),
    "city_requests_partial_update": _("Handle a service request"),
    "city_requests_reply_create": _("Add a note or an answer to a service request"),
    "live_jobs_cancel_create": _("Cancel a job"),
    "live_jobs_take_create": _("Stop a job and keep its best answer"),
    "maps_comparisons": _("Free flow and usual values of the features of a live layer"),
    "maps_features": _("Features of a layer (GeoJSON)"),
    "maps_feature": _("One feature of a layer (GeoJSON)"),
    "maps_layers": _("Layers that the caller may see"),
    "portal_history": _("Who changed a record, and what"),
    "portal_seen": _("Who saw a record"),
    "portal_trail": _("What the caller has looked at"),
    "privacy_budgets_create": _("Set a privacy budget"),
    "privacy_budgets_list": _("Privacy budgets and what is left of them"),
    "privacy_counts": _("A count that protects persons"),
    "privacy_minors_requests_create": _("Ask for data of minors"),
    "privacy_minors_requests_decide_create": _("Decide a request for data of minors"),
    "privacy_minors_requests_end_create": _("End access to data of minors"),
    "privacy_minors_requests_withdraw_create": _("Withdraw a request for data of minors"),
    "privacy_policies_create": _("Draft a version of the policy"),
    "privacy_policies_approve_create": _("Approve a version of the policy"),
    "privacy_policies_changes_retrieve": _("What a version of the policy changes"),
    "privacy_policies_propose_create": _("Propose a version of the policy"),
    "privacy_policies_replay_retrieve": _("What a version would have decided last week"),
    "privacy_policies_rules_list": _("Rules of a version of the policy"),
    "privacy_policies_rules_create": _("Set a rule of a draft"),
    "privacy_policies_rules_destroy": _("Take a rule out of a draft"),
    "privacy_policies_withdraw_create": _("Withdraw a version of the policy"),
    "privacy_releases_create": _("Release a statistic with differential privacy"),
    "privacy_releases_preview_create": _("See what a statistic would cost"),
    "privacy_releases_of_rows_create": _("Ask for rows about people"),
    "privacy_releases_of_rows_approve_create": _("Approve a release of rows"),
    "privacy_releases_of_rows_download_retrieve": _("Download released rows"),
    "privacy_releases_of_rows_refuse_create": _("Refuse a release of rows"),
    "privacy_reveals_open": _("Reveal one field for five minutes"),
    "privacy_reveals_value": _("The revealed value"),
    "pulls_sources_create": _("Register an outside system"),
    "pulls_sources_partial_update": _("Change an outside system"),
    "pulls_sources_destroy": _("End fetching from an outside system"),
    "pulls_sources_run_create": _("Fetch now"),
    "scheduling_plans_create": _("Make a plan"),
    "scheduling_plans_cancel_create": _("Stop the search for a plan"),
    "scheduling_plans_compare_retrieve": _("What differs between two plans"),
    "scheduling_plans_copy_create": _("Copy a plan with changes"),
    "scheduling_plans_publish_create": _("Publish a plan"),
    "scheduling_plans_routes.geojson_retrieve": _("Routes of a plan (GeoJSON)"),
    "scheduling_plans_solve_create": _("Search for a plan again"),
    "scheduling_plans_take_create": _("Take the best plan found so far"),
    "sensing_buckets": _("Rolled-up readings by hour, day or week"),
    "sensing_cleaning_rules_create": _("Draft a cleaning rule"),
    "sensing_cleaning_rules_publish_create": _("Put a cleaning rule in force"),
    "sensing_cleaning_rules_retire_create": _("Retire a cleaning rule"),
    "sensing_cleaning_rules_trial_create": _("Try a cleaning rule on stored readings"),
    "sensing_corrections_create": _("Correct readings"),
    "sensing_datastreams_activate_create": _("Activate a datastream again"),
    "sensing_things_activate_create": _("Activate a retired thing again"),
    "sensing_corrections_undo_create": _("Undo a correction"),
    "sensing_devices_create": _("Make an account for a device"),
    "sensing_devices_end_create": _("End the account of a device"),
    "sensing_devices_rotate_create": _("Give a device a new password"),
    "sensing_export": _("Export readings (CSV, Parquet or Arrow)"),
    "sensing_observations_list": _("Readings of a datastream"),
    "sensing_quarantine_correct_create": _("Correct the stored reading with a row of quarantine"),
    "sensing_quarantine_dismiss_create": _("Dismiss a row of quarantine"),
    "sensing_quarantine_mend_create": _("Mend a row of quarantine and store it"),
    "sensing_quarantine_replay_create": _("Take rows of quarantine in again"),
    "sensing_series": _("The series of a datastream"),
    "sensing_uploads_create": _("Upload a file of readings"),
    "sensing_uploads_confirm_create": _("Say what the columns mean and start the import"),
    "sensing_uploads_preview_retrieve": _("The first rows of a file"),
    "sensing_uploads_quarantine.csv_retrieve": _("Rows of a file that were set aside (CSV)"),
    "subjects_incidents_create": _("Report a leak of data"),
    "subjects_incidents_extent_retrieve": _("Whose data leaked"),
    "subjects_incidents_step_create": _("Take the next step of an incident"),
    "subjects_incidents_texts_retrieve": _("Drafts of the notices of an incident"),
    "subjects_requests_create": _("Take in the request of a person"),
    "subjects_requests_confirm_create": _("Say which rows are the person's"),
    "subjects_requests_correct_create": _("Correct the person's data"),
    "subjects_requests_erase_create": _("Erase the person's data"),
    "subjects_requests_export_create": _("Export the person's data"),
    "subjects_requests_identity_create": _("Confirm who the person is"),
    "subjects_requests_refuse_create": _("Refuse the request of a person"),
    "subjects_requests_search_create": _("Find the person's rows"),
    "subjects_requests_tell_create": _("Record that the person was answered"),
    "training_models_promote_create": _("Let a version of a model forecast"),
    "training_models_record_retrieve": _("How good the forecasts of a model were"),
    "training_runs_create": _("Start a training run"),
    "training_runs_cancel_create": _("Stop a training run"),
    "training_runs_resume_create": _("Continue a stopped training run"),
    "training_tensorboard": _("Whether the caller may open TensorBoard"),
}
EXAMPLES: dict[str, Any] = {
    "alerts_alarms_shelve_create": {
        "until": "2026-12-01T08:00:00+08:00",
        "reason": "Road works until Tuesday",
    },
    "catalogue_requests_create": {
        "dataset": "city.RoadSegment",
        "fields_wanted": ["code", "lanes"],
        "purpose": "planning",
        "purpose_text": "Bus lanes of 2027",
        "legal_basis": "Order 12 of the transport office",
        "until": "2027-06-30",
    },
    "privacy_counts": {"table": "city.servicerequest", "rows": "category"},
    "scheduling_plans_create": {
        "problem": "city.inspection_rounds",
        "parameters": {"vehicles": 3, "time_limit": 30},
    },
    "sensing_corrections_create": {
        "datastream": 1,
        "start": "2026-11-01T00:00:00+08:00",
        "end": "2026-11-01T06:00:00+08:00",
        "operation": "shift",
        "value": -1.5,
        "reason": "The probe was calibrated too high",
    },
    "training_runs_create": {"recipe": "city.traffic_speed", "epochs": 20},
}


def in_words(result: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
    """Give each operation its task, its summary and an example; drop what is in the other language."""
    tasks = {str(title): starts for title, starts in TASKS}
    for path, operation in _operations(result):
        name = operation["operationId"]
        operation["tags"] = [_task(path, tasks)]
        if name in SUMMARIES:
            operation["summary"] = str(SUMMARIES[name])
        _example(operation, EXAMPLES.get(name))
    result["tags"] = [{"name": title} for title in tasks]
    result["info"]["description"] = gettext(
        "Readings, forecasts and plans of a city; every answer obeys the caller's rights. "
        "First steps: /api/start/"
    )
    if (get_language() or "").startswith("zh"):
        _drop_english(result)
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, item in result["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, item[method]


def _task(path: str, tasks: dict[str, tuple[str, ...]]) -> str:
    """The title whose start of addresses fits best."""
    short = path.removeprefix("/api/v1/")
    fitting = {start: title for title, starts in tasks.items() for start in starts if short.startswith(start)}
    return fitting[max(fitting, key=len)]


def _example(operation: Operation, example: Any) -> None:
    contents = operation.get("requestBody", {}).get("content", {}) if example is not None else {}
    for kind, content in contents.items():
        if kind == "application/json":
            content["example"] = example


def _drop_english(node: Any) -> None:
    """The Chinese document has no English sentences: descriptions come from the code, which is in English."""
    if isinstance(node, dict):
        text = node.get("description")
        if not isinstance(text, dict | list | None) and not HAN.search(str(text)):
            node["description"] = ""  # the generator's own sentences are lazy, so no str yet
        for value in node.values():
            _drop_english(value)
    elif isinstance(node, list):
        for value in node:
            _drop_english(value)
