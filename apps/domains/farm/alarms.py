"""Demonstration alarm rules of the farm domain."""

from __future__ import annotations

from apps.alerts.data import RuleFacts

RULES = (
    RuleFacts(
        "土壤过干",
        "Soil too dry",
        "安排灌溉。",
        "Plan irrigation.",
        "threshold",
        {"kind": "soil_moisture", "side": "below", "level": 12, "hysteresis": 3, "hold": 3600, "priority": 2},
    ),
    RuleFacts(
        "霜冻",
        "Frost",
        "通知农户采取防霜措施。",
        "Tell the farmers to protect the crop.",
        "threshold",
        {"kind": "air_temperature", "side": "below", "level": 0, "hysteresis": 1.5, "priority": 1},
    ),
    RuleFacts(
        "气象站无读数",
        "Weather station silent",
        "检查供电和通信。",
        "Check power and line.",
        "missing",
        {"kind": "air_temperature", "span": 7200, "priority": 3},
    ),
)
