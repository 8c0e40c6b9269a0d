"""``python -m cityplatform.local.probe PORT PATH``: a health check by exit status."""

from __future__ import annotations

import sys

from cityplatform.local.banner import when_answers

if __name__ == "__main__":
    sys.exit(0 if when_answers(int(sys.argv[1]), path=sys.argv[2], seconds=4) else 1)
