"""WeChat ids: a letter and 5 to 19 letters, digits, dashes or underscores, announced by a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.privacy.finder.data import Finding, Kind

ID = re.compile(
    r"(?:微信|薇信|威信|wechat|weixin|(?<![A-Za-z])vx|(?<![A-Za-z])wx|加[vV]|V信)(?!公众|小程序|支付|群)"
    r"(?:号码?|账号|帐号|名|id)?(?:也是|就是|是|为|叫|搜)?[:： ]{0,3}"
    r"(?P<id>[A-Za-z][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_@-])",
    re.IGNORECASE,
)
WORDS = frozenset(
    {"wechat", "weixin", "official", "account", "public", "payment", "mini-program", "miniprogram"}
)


def wechats(text: str) -> Iterator[Finding]:
    """Ids that follow a word for WeChat; those of official accounts and small programs are not personal."""
    for match in ID.finditer(text):
        if match["id"].lower() not in WORDS:
            yield Finding(Kind.WECHAT, match.start("id"), match.end("id"), 0.9)
