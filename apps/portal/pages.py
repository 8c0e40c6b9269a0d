"""The portal's own pages, inside the admin site."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse

from apps.core.errors import is_person
from apps.portal.asked import understood
from apps.portal.views import (
    alarm_rules,
    alarms,
    catalogue,
    data_requests,
    developer,
    districts,
    forecasts,
    incidents,
    jobs,
    language,
    log,
    microdata,
    minors,
    models,
    plan_acts,
    plan_form,
    plans,
    policies,
    purpose,
    reveals,
    runs,
    second_factor,
    statistics,
    streams,
    subjects,
    synthetic,
    uploads,
    vendors,
    waiting,
)

View = Callable[..., HttpResponseBase]

PAGES: tuple[tuple[str, View, str], ...] = (
    ("datastreams/", streams.streams, "streams"),
    ("datastreams/<int:pk>/", streams.stream, "stream"),
    ("waiting/", waiting.waiting, "waiting"),
    ("purpose/", purpose.purpose, "purpose"),
    ("alarms/", alarms.alarms, "alarms"),
    ("alarms/count/", alarms.alarms_count, "alarms_count"),
    ("alarms/rules/", alarm_rules.alarm_rules, "alarm_rules"),
    ("alarms/rules/<int:pk>/", alarm_rules.alarm_rule, "alarm_rule"),
    ("alarms/rules/<int:pk>/trial/", alarm_rules.alarm_rule_trial, "alarm_rule_trial"),
    ("alarms/rules/<int:pk>/change/", alarm_rules.alarm_rule_change, "alarm_rule_change"),
    ("alarms/<int:pk>/", alarms.alarm, "alarm"),
    ("alarms/<int:pk>/acknowledge/", alarms.acknowledge, "alarm_acknowledge"),
    ("alarms/<int:pk>/shelve/", alarms.shelve, "alarm_shelve"),
    ("alarms/<int:pk>/unshelve/", alarms.unshelve, "alarm_unshelve"),
    ("uploads/", uploads.uploads, "uploads"),
    ("uploads/send/", uploads.upload_send, "upload_send"),
    ("uploads/<int:pk>/", uploads.upload, "upload"),
    ("uploads/<int:pk>/go/", uploads.upload_go, "upload_go"),
    ("uploads/<int:pk>/rows.csv", uploads.upload_rows, "upload_rows"),
    ("runs/", runs.runs, "runs"),
    ("runs/start/", runs.run_start, "run_start"),
    ("runs/<int:pk>/", runs.run, "run"),
    ("runs/<int:pk>/stop/", runs.run_stop, "run_stop"),
    ("runs/<int:pk>/continue/", runs.run_continue, "run_continue"),
    ("models/", models.models, "models"),
    ("models/<int:pk>/", models.model, "model"),
    ("models/<int:pk>/promote/", models.promote, "promote"),
    ("forecasts/", forecasts.forecasts, "forecasts"),
    ("forecasts/outlook/", forecasts.outlook_page, "outlook"),
    ("districts/", districts.districts, "districts"),
    ("statistics/", statistics.statistics, "statistics"),
    ("statistics/new/", statistics.statistic_new, "statistic_new"),
    ("statistics/budget/", statistics.budget, "statistics_budget"),
    ("statistics/<int:pk>/", statistics.statistic, "statistic"),
    ("plans/", plans.plans, "plans"),
    ("plans/compare/", plans.plans_compare, "plans_compare"),
    ("plans/new/", plan_form.plan_new, "plan_new"),
    ("plans/<int:pk>/", plans.plan, "plan"),
    ("plans/<int:pk>/wish/", plan_acts.plan_search_wish, "plan_wish"),
    ("plans/<int:pk>/publish/", plan_acts.publish, "plan_publish"),
    ("subjects/", subjects.subject_requests, "subject_requests"),
    ("subjects/receive/", subjects.subject_receive, "subject_receive"),
    ("subjects/<int:pk>/", subjects.subject_request, "subject_request"),
    ("subjects/<int:pk>/step/", subjects.subject_step, "subject_step"),
    ("subjects/<int:pk>/file/", subjects.subject_file, "subject_file"),
    ("microdata/", microdata.microdata, "microdata"),
    ("microdata/ask/", microdata.microdata_ask, "microdata_ask"),
    ("microdata/<int:pk>/decide/", microdata.microdata_decide, "microdata_decide"),
    ("microdata/<int:pk>/file/", microdata.microdata_file, "microdata_file"),
    ("incidents/", incidents.incidents, "incidents"),
    ("incidents/open/", incidents.incident_new, "incident_new"),
    ("incidents/<int:pk>/", incidents.incident, "incident"),
    ("incidents/<int:pk>/step/", incidents.incident_move, "incident_move"),
    ("catalogue/", catalogue.catalogue, "catalogue"),
    ("catalogue/<int:pk>/", catalogue.dataset, "dataset"),
    ("catalogue/<int:pk>/change/", catalogue.dataset_change, "dataset_change"),
    ("catalogue/<int:pk>/go/", catalogue.dataset_go, "dataset_go"),
    ("catalogue/<int:pk>/request/", data_requests.data_request_new, "data_request_new"),
    ("requests/", data_requests.data_requests, "data_requests"),
    ("requests/<int:pk>/", data_requests.data_request, "data_request"),
    ("requests/<int:pk>/go/", data_requests.data_request_go, "data_request_go"),
    ("notices/<int:pk>/read/", data_requests.notice_read, "notice_read"),
    ("approvals/", data_requests.approvals, "approvals"),
    ("working-days/", developer.work_calendar, "work_calendar"),
    ("developer/", developer.developer, "developer"),
    ("log/", log.access_log, "access_log"),
    ("log/export/", log.access_log_export, "access_log_export"),
    ("who-saw/", log.access_who, "access_who"),
    ("trail/", log.my_trail, "my_trail"),
    ("jobs/", jobs.jobs, "jobs"),
    ("jobs/tray/", jobs.jobs_tray, "jobs_tray"),
    ("jobs/<uuid:pk>/", jobs.job_state, "job"),
    ("jobs/<uuid:pk>/wish/", jobs.job_wish_set, "job_wish"),
    ("second-factor/", second_factor.second_factor, "second_factor"),
    ("second-factor/app/", second_factor.second_factor_app, "second_factor_app"),
    ("second-factor/key/", second_factor.second_factor_key, "second_factor_key"),
    ("second-factor/check/", second_factor.second_factor_check, "second_factor_check"),
    ("second-factor/recovery/", second_factor.recovery, "second_factor_recovery"),
    ("confirm/", second_factor.confirm, "confirm"),
    ("reveals/", reveals.reveals, "reveals"),
    ("reveals/new/", reveals.reveal_new, "reveal_new"),
    ("reveals/<int:pk>/noted/", reveals.reveal_noted, "reveal_noted"),
    ("reveals/<str:code>/", reveals.reveal, "reveal"),
    ("synthetic/", synthetic.synthetic, "synthetic"),
    ("synthetic/<slug:app>/<slug:name>/", synthetic.synthetic_model, "synthetic_model"),
    ("contractors/", vendors.vendors, "vendors"),
    ("contractors/give/", vendors.vendor_give, "vendor_give"),
    ("contractors/end/", vendors.vendor_end, "vendor_end"),
    ("minors/", minors.minors, "minors"),
    ("minors/new/", minors.minors_new, "minors_new"),
    ("minors/<int:pk>/", minors.minors_request, "minors_request"),
    ("minors/<int:pk>/decide/", minors.minors_decide, "minors_decide"),
    ("minors/<int:pk>/end/", minors.minors_end, "minors_end"),
    ("minors/<int:pk>/withdraw/", minors.minors_withdraw, "minors_withdraw"),
    ("policies/", policies.policies, "policies"),
    ("policies/draft/", policies.policy_draft_start, "policy_draft"),
    ("policies/<int:pk>/", policies.policy, "policy"),
    ("policies/<int:pk>/rule/", policies.policy_rule, "policy_rule"),
    ("policies/<int:pk>/act/", policies.policy_act, "policy_act"),
)


NO_PAGES = frozenset({"jobs/<uuid:pk>/"})  # answers in JSON, for scripts
NAMES = {route: name for route, _view, name in PAGES if route not in NO_PAGES}
PART = re.compile(r"<\w+:(\w+)>")


def page_above(route: str) -> str:
    """The route of the nearest page above: of ``uploads/<int:pk>/go/`` that of the upload; "" for My work."""
    parts = route.rstrip("/").split("/")[:-1]
    while parts and f"{'/'.join(parts)}/" not in NAMES:
        parts.pop()
    return f"{'/'.join(parts)}/" if parts else ""


def leads_back(view: View, route: str) -> View:
    """The view; whoever opens the address of a form afresh is led to the page that the form stands on."""
    above = page_above(route)

    @wraps(view)
    def led(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        is_refused = answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        if not (is_refused and request.method == "GET" and is_person(request)):
            return answer
        kept = {name: kwargs[name] for name in PART.findall(above)}
        return HttpResponseRedirect(reverse(f"admin:{NAMES[above] if above else 'index'}", kwargs=kept))

    return led


def page_urls(site: AdminSite) -> list[URLPattern]:
    """Every page behind the site's login; the language switch is open to all."""
    pages = [
        path(route, site.admin_view(leads_back(understood(view, name), route)), name=name)
        for route, view, name in PAGES
    ]
    return [path("language/", leads_back(language.language, "language/"), name="language"), *pages]
