"""Demonstration alarm rules of the hospital domain."""

from __future__ import annotations

from apps.alerts.data import RuleFacts

RULES = (
    RuleFacts(
        "床位超负荷",
        "Beds overbooked",
        "启动床位调配，联系协作医院。",
        "Start bed allocation; call the partner hospitals.",
        "threshold",
        {"kind": "occupancy", "side": "above", "level": 100, "hysteresis": 5, "hold": 600, "priority": 1},
    ),
    RuleFacts(
        "到诊人数异于往常",
        "Arrivals unlike other days",
        "增派分诊人员。",
        "Add people at triage.",
        "anomaly",
        {"kind": "arrivals", "level": 8, "hysteresis": 2, "priority": 2},
    ),
    RuleFacts(
        "床位数据无读数",
        "No bed figures",
        "检查院内接口。",
        "Check the hospital's interface.",
        "missing",
        {"kind": "occupancy", "span": 3600, "priority": 3},
    ),
)
