"""``python -m cityplatform.local up|services|stop|clean``."""

from __future__ import annotations

import argparse
import sys

from cityplatform.local.commands import clean, services, stop, up
from cityplatform.local.errors import LocalError

COMMANDS = {"up": up, "services": services, "stop": stop, "clean": clean}


def main() -> int:
    """Run the command; a known problem is told without a traceback."""
    parser = argparse.ArgumentParser(prog="python -m cityplatform.local", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    try:
        return COMMANDS[parser.parse_args().command]()
    except LocalError as error:
        print(f"\nCannot go on: {error}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 0


if __name__ == "__main__":
    sys.exit(main())
