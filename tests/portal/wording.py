"""A walk over the pages of the portal as a reader does it: link by link, and what stands on each page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from lxml import html

SPOKEN = ("title", "aria-label", "placeholder", "alt", "value")  # attributes that people see or hear
UNSPOKEN = {"script", "style", "svg", "code"}
ICONS = "material-symbols-outlined"
NUMBERS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
EACH = 2  # pages of one kind: the first two rows of a list
CHOICES = {
    "state",
    "datastream",
    "problem",
    "dataset",
    "year",
    "a",
    "b",
}  # other queries sort and filter one list


@dataclass
class Reader:
    """Somebody logged in who reads page after page in one language."""

    base: str
    language: str
    session: requests.Session = field(default_factory=requests.Session)

    def enter(self, username: str, password: str) -> None:
        """Log in and choose the language."""
        self._post("/portal/login/", {"username": username, "password": password, "next": "/portal/"})
        self._post("/portal/language/", {"language": self.language, "next": "/portal/"})

    def _post(self, path: str, values: dict[str, str]) -> None:
        page = self.session.get(self.base + ("/portal/login/" if "login" in path else "/portal/"), timeout=60)
        token = html.fromstring(page.content).xpath("string(//input[@name='csrfmiddlewaretoken']/@value)")
        headers = {"Referer": self.base + path}
        answer = self.session.post(
            self.base + path, {**values, "csrfmiddlewaretoken": token}, headers=headers, timeout=60
        )
        assert answer.status_code == 200, (path, answer.status_code)

    def pages(self) -> Iterator[tuple[str, html.HtmlElement]]:
        """Every page that links lead to from the home page, a few of each kind."""
        waiting, known = ["/portal/"], {"/portal/"}
        kinds: dict[str, int] = {}
        while waiting:
            path = waiting.pop(0)
            answer = self.session.get(self.base + path, timeout=60)
            assert answer.status_code < 500, path
            if "text/html" not in answer.headers.get("Content-Type", "") or answer.status_code != 200:
                continue
            page = html.fromstring(answer.content.decode())
            yield path, page
            for found in page.xpath("//a/@href"):
                target = urlsplit(urljoin(path, str(found)))
                link = target.path + (f"?{target.query}" if target.query else "")
                kind = NUMBERS.sub("#", re.sub(r"=[^&]*", "", link))
                follow = target.path.startswith("/portal/") and not target.netloc and "logout" not in link
                follow = follow and set(parse_qs(target.query)) <= CHOICES
                if follow and link not in known and kinds.get(kind, 0) < EACH:
                    kinds[kind] = kinds.get(kind, 0) + 1
                    known.add(link)
                    waiting.append(link)


def texts(page: html.HtmlElement) -> Iterator[str]:
    """What a person reads or hears of a page, piece by piece; not code, icons and the switch of languages."""
    for element in page.iter():
        if not isinstance(element.tag, str) or _is_silent(element):
            continue
        for text in (element.text, *(child.tail for child in element)):
            if text and text.strip():
                yield " ".join(text.split())
        for name in SPOKEN:
            if element.get(name) and not (name == "value" and element.tag != "button"):
                yield " ".join(str(element.get(name)).split())


def _is_silent(element: html.HtmlElement) -> bool:
    lines = [element, *element.iterancestors()]
    return any(
        line.tag in UNSPOKEN
        or {ICONS, "code"} & set((line.get("class") or "").split())
        or (line.get("name") == "language")
        for line in lines
    )
