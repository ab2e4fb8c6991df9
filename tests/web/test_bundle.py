"""Modules as one script: it does what they do, and what cannot be bundled is refused."""

from __future__ import annotations

import os

import pytest

from web.bundle import Modules, NotBundled, bundle
from web.mapconfig import static_roots


def written(folder, **modules: str):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder


def test_each_module_of_the_map_stands_in_the_script_once():
    folder = static_roots()[""] / "js"
    script = bundle(folder, "main.js")
    names = [line.rsplit("// ", 1)[1] for line in script.splitlines() if "(() => { // " in line]
    assert names[-1] == "main.js"
    assert len(names) == len(set(names)) > 40
    assert "@param" not in script


@pytest.mark.parametrize(
    "text",
    [
        "export default 1;\n",
        "export let changing = 1;\n",
        'import * as all from "./other.js";\n',
        'const late = await import("./other.js");\n',
        'export { one } from "./other.js";\n',
    ],
)
def test_what_it_does_not_know_is_refused(tmp_path, text):
    folder = written(tmp_path, main=text, other="export const one = 1;\n")
    with pytest.raises(NotBundled, match=r"main\.js"):
        bundle(folder, "main.js")


def test_modules_that_import_each_other_are_refused(tmp_path):
    one = 'import { b } from "./b.js";\nexport const a = 1;\n'
    other = 'import { a } from "./main.js";\nexport const b = 2;\n'
    with pytest.raises(NotBundled, match="imports itself"):
        bundle(written(tmp_path, main=one, b=other), "main.js")


def test_a_changed_module_is_served_without_a_restart(tmp_path):
    folder = written(tmp_path, main="const shown = 1;\n")
    modules = Modules(folder, "main.js", "/static/js")
    assert "shown = 1" in modules.script()
    written(tmp_path, main="const shown = 2;\n")
    os.utime(folder / "main.js", (2_000_000_000, 2_000_000_000))
    assert "shown = 2" in modules.script()


def test_what_cannot_be_bundled_is_served_module_by_module(tmp_path):
    modules = Modules(written(tmp_path, main="export default 1;\n"), "main.js", "/static/js")
    assert modules.script() == 'import "/static/js/main.js";\n'
