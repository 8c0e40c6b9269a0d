"""``python -m apps.sensing.edge --config edge.toml``: run the agent until it is told to stop."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from apps.sensing.edge.agent import Agent
from apps.sensing.edge.config import config_read

MISCONFIGURED, BUSY = 2, 3


def main() -> int:
    """The exit status: 0 after an orderly end, 2 when the configuration does not fit, 3 for a busy store."""
    parser = argparse.ArgumentParser(prog="apps.sensing.edge", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    try:
        agent = Agent(config_read(parser.parse_args().config))
    except BlockingIOError:
        sys.stderr.write("Another agent uses this store.\n")
        return BUSY
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return MISCONFIGURED

    def stop(*_: object) -> None:
        agent.stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    agent.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
