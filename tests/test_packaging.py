"""The templates are found from a wheel, from an editable install and from a checkout alike."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUILD = ["-m", "amalgamate", "build", "--source", "a.c", "--stdout"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.c").write_text("int a;\n")
    return tmp_path


def checkout(folder: Path) -> Path:
    """Copy what a checkout holds, so that no build leaves anything in this one."""
    for name in ("amalgamate", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def built_in(environment: Path, project: Path) -> str:
    done = subprocess.run(
        [environment / "bin/python", *BUILD], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def bare_environment(folder: Path) -> Path:
    """Make an environment that borrows this one's libraries, but not its installed `amalgamate`."""
    venv.create(folder, with_pip=False)
    (packages,) = (folder / "lib").glob("python3*/site-packages")
    import click  # noqa: PLC0415 - where the libraries are is the question here

    libraries = Path(click.__file__).parents[1]
    for entry in libraries.iterdir():
        if not entry.name.startswith(("amalgamate", "__editable__", "_amalgamate", "_editable")):
            (packages / entry.name).symlink_to(entry)
    return folder


def test_a_wheel_brings_its_templates(tmp_path: Path, project: Path) -> None:
    source = checkout(tmp_path / "checkout")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "wheels"]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (wheel,) = (tmp_path / "wheels").iterdir()
    environment = bare_environment(tmp_path / "environment")
    (packages,) = (environment / "lib").glob("python3*/site-packages")
    shutil.unpack_archive(wheel, packages, "zip")
    shutil.rmtree(source)
    assert "int a;" in built_in(environment, project)


def test_an_editable_install_finds_the_templates_beside_the_package(tmp_path: Path, project: Path) -> None:
    source = checkout(tmp_path / "checkout")
    environment = bare_environment(tmp_path / "environment")
    (packages,) = (environment / "lib").glob("python3*/site-packages")
    (packages / "editable.pth").write_text(f"{source}\n")  # what an editable install amounts to
    assert "int a;" in built_in(environment, project)


def test_a_checkout_runs_in_place(tmp_path: Path) -> None:
    source = checkout(tmp_path / "checkout")
    (source / "a.c").write_text("int a;\n")
    done = subprocess.run([sys.executable, *BUILD], cwd=source, capture_output=True, text=True, check=False)
    assert "int a;" in done.stdout, done.stderr
