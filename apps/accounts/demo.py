"""Who lives in the demonstration city: plain rows, invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.accounts.data import Capability, Office
from apps.core.grades import Grade

VALID_FROM = date(2020, 1, 1)
# Demonstration codes: 3599 is not assigned in GB/T 2260.
DIVISIONS = (
    ("359900", "海澄市（演示）", "Haicheng (demonstration)"),
    ("359901", "鼓浦区（演示）", "Gupu (demonstration)"),
    ("359902", "江东区（演示）", "Jiangdong (demonstration)"),
    ("359903", "松涛区（演示）", "Songtao (demonstration)"),
    ("359904", "鹭港区（演示）", "Lugang (demonstration)"),
    ("359905", "云顶区（演示）", "Yunding (demonstration)"),
    ("359906", "新城区（演示）", "Xincheng (demonstration)"),
)
DEPARTMENTS = (
    ("data", "数据管理局", "Data bureau"),
    ("transport", "交通运输局", "Transport bureau"),
    ("environment", "生态环境局", "Environment bureau"),
    ("city-management", "城市管理局", "City management bureau"),
    ("hotline", "12345热线中心", "12345 hotline centre"),
    ("industry", "工业和信息化局", "Industry bureau"),
    ("agriculture", "农业农村局", "Agriculture bureau"),
    ("health", "卫生健康委员会", "Health commission"),
    ("education", "教育局", "Education bureau"),
)
VIEW = Capability.VIEW
ROLES: dict[str, tuple[str, str, tuple[Capability, ...]]] = {
    "viewer": ("查看员", "viewer", (VIEW,)),
    "operator": (
        "操作员",
        "operator",
        (VIEW, Capability.UPLOAD, Capability.HANDLE, Capability.TRAIN, Capability.PLAN),
    ),
    "planner": ("计划员", "planner", (VIEW, Capability.PLAN, Capability.PUBLISH)),
    "analyst": ("分析员", "analyst", (VIEW, Capability.UPLOAD, Capability.TRAIN, Capability.PROMOTE)),
    "approver": ("审批人", "approver", (VIEW, Capability.APPROVE)),
}
# For what a role may open fields of the highest grade; minors' data need an approval besides.
PURPOSES = {
    ("hospital", "operator"): ["treatment"],
    ("city", "operator"): ["request-handling"],
    ("school", "operator"): ["teaching"],
}
PEOPLES_RIGHTS = {"approver": ["subject-rights"]}  # in every domain that holds rows of people
OFFICES = {
    Office.SYSTEM: ("系统管理员", "System administrator"),
    Office.SECURITY: ("安全管理员", "Security administrator"),
    Office.AUDITOR: ("审计管理员", "Auditor"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One demonstration user."""

    username: str
    name: str
    department: str
    role: str  # key of a role
    clearance: Grade = Grade.L2
    division: str = ""
    vendor: bool = False


PEOPLE = (
    Person("lin.operator", "林晓", "transport", "city-operator", Grade.L3),
    Person("wang.viewer", "王平", "transport", "city-viewer"),
    Person("zhao.planner", "赵明", "city-management", "city-planner"),
    Person("chen.analyst", "陈思", "data", "city-analyst"),
    Person("sun.approver", "孙立", "data", "city-approver", Grade.L3),
    Person("gao.district", "高远", "city-management", "city-viewer", division="359902"),
    Person("luo.health", "罗兰", "health", "hospital-operator", Grade.L4),
    Person("xu.analyst", "徐析", "health", "hospital-analyst", Grade.L3),
    Person("he.approver", "何准", "health", "hospital-approver", Grade.L3),
    Person("fang.industry", "方铁", "industry", "plant-operator"),
    Person("ma.farm", "马田", "agriculture", "farm-operator"),
    Person("tang.school", "唐雅", "education", "school-operator", Grade.L4),
    Person("he.principal", "何立", "education", "school-approver", Grade.L4),
    Person("li.teacher", "李老师", "education", "school-viewer", Grade.L3),
    Person("wei.vendor", "魏工（外包）", "data", "school-viewer", vendor=True),
    Person("sysadmin", "周系统", "data", Office.SYSTEM),
    Person("secadmin", "吴安全", "data", Office.SECURITY),
    Person("secadmin2", "何复核", "data", Office.SECURITY),  # four eyes: nobody approves his own draft
    Person("auditor", "郑审计", "data", Office.AUDITOR),
)
