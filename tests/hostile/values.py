"""Texts that broke something somewhere: in this system, in others like it, or in what both stand on."""

from __future__ import annotations

# As they stand in a query string or in the body of a form: percent-encoded.
UNREADABLE = {
    "null sign": "%00",
    "null sign inside": "a%00b",
    "half a surrogate": "%ED%A0%80",
    "half a surrogate and more": "x%ED%BF%BFx",
    "overlong slash": "%C0%AF",
    "overlong null": "%C0%80",
    "bytes that are no utf-8": "%FF%FE",
    "a cut character": "%E4%B8",
    "a lone continuation": "%80",
    "gbk": "%D6%D0%CE%C4",
    "beyond unicode": "%F4%90%80%80",
}
NUMBERS = {
    "superscript two": "%C2%B2",
    "circled one": "%E2%91%A0",
    "arabic digits": "%D9%A1%D9%A2",
    "full-width digits": "%EF%BC%91%EF%BC%92",
    "chinese number": "%E4%B8%80",
    "5000 digits": "9" * 5000,
    "4301 digits": "1" * 4301,
    "4300 digits": "1" * 4300,
    "64 bits": "9223372036854775807",
    "beyond 64 bits": "9223372036854775808",
    "beyond 32 bits": "2147483648",
    "beyond 16 bits": "99999",
    "minus one": "-1",
    "minus zero": "-0",
    "below 64 bits": "-9223372036854775809",
    "plus": "%2B1",
    "spaces around": "%201%20",
    "underscore": "1_000",
    "hexadecimal": "0x10",
    "octal": "010",
    "exponent": "1e400",
    "small exponent": "1e-400",
    "long exponent": "1e999999999",
    "not a number": "NaN",
    "infinity": "Infinity",
    "minus infinity": "-inf",
    "decimal comma": "1,5",
    "fraction": "1.5",
    "half a fraction": "1.",
    "zero": "0",
    "true": "true",
    "none": "None",
}
TEXTS = {
    "empty": "",
    "a space": "%20",
    "line ends": "a%0D%0Ab",
    "tab and bell": "%09%07",
    "escape": "%1B%5B31m",
    "quotes": "%27%22%60",
    "sql": "%27%20OR%201=1%20--",
    "braces": "%7B%7B7*7%7D%7D",
    "unclosed": "%28%28%28%5B%7B",
    "percent alone": "%",
    "half a percent": "%4",
    "percent format": "%25s%25n%25(x)s",
    "backslashes": "%5C%5C..%5C",
    "up": "../../../../etc/passwd",
    "regular expression": "(a%2B)%2B$",
    "bad regular expression": "*%5B%5C",
    "right to left": "%E2%80%AEabc%E2%80%AC",
    "no width": "%E2%80%8B%EF%BB%BF",
    "non-character": "%EF%BF%BF",
    "replacement": "%EF%BF%BD",
    "combining": "e" + "%CC%81" * 200,
    "emoji": "%F0%9F%91%A9%E2%80%8D%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7",
    "rare character": "%F0%AC%B1%9F",
    "turkish i": "%C4%B0%C4%B1",
    "long": "x" * 8000,
    "long chinese": "%E9%95%BF" * 3000,
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "nested lists": "%5B" * 1000 + "%5D" * 1000,
    "nested objects": "%7B%22a%22:" * 1000,
    "nested brackets": "(" * 1000 + "1" + ")" * 1000,
    "many commas": "," * 3000,
    "json": "%7B%22$ne%22:null%7D",
}
MOMENTS = {
    "year 0": "0000-01-01T00:00:00Z",
    "year 1 in the east": "0001-01-01T00:00:00%2B14:00",
    "year 9999 in the west": "9999-12-31T23:59:59-14:00",
    "no such day": "2026-02-30",
    "no such month": "2026-13-01T00:00:00Z",
    "long offset": "2026-01-01T00:00:00%2B99:99",
    "two ends": "2026-01-02/2026-01-01",
    "open": "../..",
}
ALL = {**UNREADABLE, **NUMBERS, **TEXTS, **MOMENTS}
# Those that reach the views and differ most: for parameters whose reader has met all of them elsewhere.
NASTY = {
    name: ALL[name]
    for name in (
        *("superscript two", "arabic digits", "5000 digits", "beyond 64 bits", "beyond 16 bits", "minus one"),
        *("exponent", "not a number", "zero", "empty", "quotes", "braces", "year 1 in the east", "json"),
    )
}
# For namesakes of a parameter that has met the others, and for fields of forms.
WORST = {name: ALL[name] for name in ("5000 digits", "superscript two")}
SOME = {**NASTY, **UNREADABLE}
