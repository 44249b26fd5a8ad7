"""The thread that watches, where it cannot."""

import asyncio
from pathlib import Path
from unittest.mock import Mock

import pytest

from pyastro.dev import watching
from pyastro.dev.builder import Builder
from pyastro.dev.workshop import Workshop


def test_files_that_cannot_be_watched_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pages").mkdir()
    monkeypatch.setattr(watching, "watch", Mock(side_effect=OSError("OS file watch limit reached")))
    reporter = Mock()
    workshop = Workshop(Builder(tmp_path / "pages"), Mock(crash=None), reporter, Mock())
    loop = asyncio.new_event_loop()
    workshop.start(loop)
    workshop.join()
    loop.close()
    (told,) = reporter.failed.call_args.args
    assert told.message == "No change is noticed any more: OS file watch limit reached"
    assert "fs.inotify.max_user_watches" in told.hint
