"""The policy memo: one structure of two pages, walked by a writer for each format."""

from __future__ import annotations

from amplicast.report.memo.build import FORMATS, memo_files
from amplicast.report.memo.content import Asked, build_memo
from amplicast.report.memo.structure import Memo

__all__ = ["FORMATS", "Asked", "Memo", "build_memo", "memo_files"]
