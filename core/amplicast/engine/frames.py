"""Records between processes: a line of JSON, then the bytes of what is bytes. No pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, BinaryIO

__all__ = ["receive", "send"]


def send(stream: BinaryIO, kind: str, record: Mapping[str, Any]) -> None:
    """Write one record of a kind: plain data, and bytes as values of the record itself."""
    content = {name: value for name, value in record.items() if isinstance(value, bytes)}
    plain = {name: value for name, value in record.items() if name not in content}
    sizes = {name: len(value) for name, value in content.items()}
    head = {"kind": kind, "plain": plain, "sizes": sizes}
    stream.write(json.dumps(head).encode() + b"\n")
    for value in content.values():
        stream.write(value)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[str, dict[str, Any]] | None:
    """Read one record and its kind; None where the other side has ended, also midway in one."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    head = json.loads(line)
    record: dict[str, Any] = head["plain"]
    for name, size in head["sizes"].items():
        record[name] = stream.read(size)
        if len(record[name]) < size:
            return None
    return head["kind"], record
