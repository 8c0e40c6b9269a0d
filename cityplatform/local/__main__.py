"""``python -m cityplatform.local up|services|with|stop|clean``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from cityplatform.local.commands import clean, run_with, services, stop, up
from cityplatform.local.errors import LocalError

COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "up": lambda _arguments: up(),
    "services": lambda _arguments: services(),
    "with": run_with,
    "stop": lambda _arguments: stop(),
    "clean": lambda _arguments: clean(),
}


def main() -> int:
    """Run the command; a known problem is told without a traceback."""
    parser = argparse.ArgumentParser(prog="python -m cityplatform.local", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, help="for 'with': a Python file and its arguments"
    )
    chosen = parser.parse_args()
    try:
        return COMMANDS[chosen.command](chosen.arguments)
    except LocalError as error:
        print(f"\nCannot go on: {error}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 0


if __name__ == "__main__":
    sys.exit(main())
