"""The map as one file: whole or not at all, and every fault in one sentence."""

from __future__ import annotations

import pytest

from layers.formats import FileNotMade
from service.mapfile import check_place, config_of, write_map
from tests.service.test_cli import home, run  # noqa: F401


def test_a_file_that_was_there_is_replaced_as_a_whole(engine, tmp_path):
    out = tmp_path / "map.html"
    out.write_text("what was there", "utf-8")
    size = write_map(engine, out, config_of(engine, language="en"))
    text = out.read_text("utf-8")
    assert out.stat().st_size == size
    assert text.startswith("<!DOCTYPE html>")
    assert text.rstrip().endswith("</html>")
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    assert 'src="/' not in text
    assert '<link rel="stylesheet"' not in text


def test_a_place_where_nothing_can_be_written_is_told_before_the_work(tmp_path):
    for out, why in ((tmp_path, "is a folder"), (tmp_path / "none" / "map.html", "no folder")):
        with pytest.raises(FileNotMade, match=why):
            check_place(out)


def test_the_command_writes_the_file_and_says_what_is_wrong(home, database_url, tmp_path):  # noqa: F811
    out = tmp_path / "map.html"
    told = run(home, "map", "--out", str(out), SCAM_ATLAS_DATABASE_URL=database_url)
    assert told.returncode == 0, told.stderr
    assert str(out) in told.stdout
    assert out.stat().st_size > 1_000_000
    for arguments, why in (((), "--out"), (("--out", str(out), "--lang", "xx"), "language 'xx'")):
        failed = run(home, "map", *arguments, SCAM_ATLAS_DATABASE_URL=database_url)
        assert failed.returncode != 0
        assert why in failed.stderr + failed.stdout
        assert "Traceback" not in failed.stderr
