"""A Spark standalone cluster on loopback: one master, two workers, each a process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

from cityplatform.local.ports import HOST, free_ports, is_taken

START_SECONDS = 60
PACKAGE = "org.apache.spark.deploy"


@contextmanager
def spark_cluster(folder: Path, *, workers: int = 2) -> Iterator[str]:
    """The address of its master."""
    ports = free_ports()
    master, page = ports.web, ports.gateway
    address = f"spark://{HOST}:{master}"
    with ExitStack() as stack:
        common = ["--host", HOST, "--webui-port"]
        stack.enter_context(_running(folder, "master.Master", [*common, str(page), "--port", str(master)]))
        until = time.monotonic() + START_SECONDS
        while not is_taken(master):
            assert time.monotonic() < until, "the Spark master did not start"
            time.sleep(0.1)
        for _each in range(workers):
            options = [*common, str(free_ports().web), "--cores", "1", "--memory", "1g"]
            stack.enter_context(_running(folder, "worker.Worker", [*options, address]))
        yield address


@contextmanager
def _running(folder: Path, name: str, arguments: list[str]) -> Iterator[None]:
    home = find_spec("pyspark")
    assert home is not None
    assert home.origin is not None
    spark = Path(home.origin).parent
    command = ["setpriv", "--pdeathsig", "KILL", str(spark / "bin" / "spark-class"), f"{PACKAGE}.{name}"]
    environment = {
        "SPARK_HOME": str(spark),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "PYSPARK_PYTHON": sys.executable,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen([*command, *arguments], env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait()
