"""Where the lake lies: a folder, ``s3://``, ``hdfs://``, or whatever fsspec knows."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import fsspec
from pyarrow import ArrowInvalid
from pyarrow.fs import FileSystem, FSSpecHandler, LocalFileSystem, PyFileSystem


@dataclass(frozen=True, slots=True)
class Lake:
    """A file system, the root in it, and the root as readers name it."""

    filesystem: FileSystem
    root: str
    address: str

    def inside(self, path: str) -> str:
        """The path within the file system of a path below the root."""
        return f"{self.root}/{path}"

    def outside(self, path: str) -> str:
        """What a reader such as DuckDB or Spark is given: a plain path, or an address."""
        return f"{self.address}/{path}"

    def temporary(self, path: str) -> str:
        """A name beside ``path`` that Hive, Spark and Trino do not read; its folder is made."""
        folder, _, name = self.inside(path).rpartition("/")
        self.filesystem.create_dir(folder, recursive=True)
        return f"{folder}/_{name}.{uuid4().hex[:8]}"

    def publish(self, temporary: str, path: str) -> None:
        """Give a finished file its name, in place of an older one; a folder's file is on the disk by then."""
        target = self.inside(path)
        if isinstance(self.filesystem, LocalFileSystem):
            _flush(Path(temporary))
            Path(temporary).replace(target)
            _flush(Path(target).parent)
            return
        with suppress(FileNotFoundError):  # HDFS does not rename onto a file
            self.filesystem.delete_file(target)
        self.filesystem.move(temporary, target)

    def size(self, path: str) -> int:
        """Bytes of a file below the root; 0 when it is not there."""
        return self.filesystem.get_file_info(self.inside(path)).size or 0

    def remove(self, path: str) -> None:
        """Delete a file below the root; nothing happens when it is not there."""
        with suppress(FileNotFoundError):
            self.filesystem.delete_file(self.inside(path))


def lake_open(url: str) -> Lake:
    """The lake at ``url``; options of an object store stand in the query (``?endpoint_override=…``)."""
    address = url.partition("?")[0].rstrip("/")
    try:
        filesystem, root = FileSystem.from_uri(url)
    except ArrowInvalid:
        handler = FSSpecHandler(fsspec.filesystem(urlsplit(url).scheme))
        filesystem, root = PyFileSystem(handler), url.partition("://")[2]
    if isinstance(filesystem, LocalFileSystem):
        address = str(root).rstrip("/")
    return Lake(filesystem, str(root).rstrip("/"), address)


def day_path(domain: str, day: date) -> str:
    """Below the root: the observations of a domain on a day of UTC, as Hive lays out partitions."""
    return f"observations/domain={domain}/day={day:%Y-%m-%d}/part-0.parquet"


def streams_path(domain: str) -> str:
    """Below the root: the datastreams of a domain."""
    return f"datastreams/domain={domain}/part-0.parquet"


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
