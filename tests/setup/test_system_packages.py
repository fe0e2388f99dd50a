"""The set-up installs what is missing where it may, says what is missing where it may not, and is quick when done."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).with_name("system_packages.sh")
TOOLS = ("bash", "env")
APT = """#!/bin/sh
# stands for apt-get: remembers how it was called, and "installs" an empty program per package
echo "$DEBIAN_FRONTEND $*" >> "{log}"
case " $* " in *" install "*) ;; *) exit 0 ;; esac
for word; do :; done
{install}
"""


def machine(folder: Path, *, user: int, install: str = "exit 1") -> Path:
    """Make a folder of programs: a bare machine with an apt-get that does what `install` says."""
    programs = folder / "bin"
    programs.mkdir()
    for name in TOOLS:
        (programs / name).symlink_to(shutil.which(name) or name)
    scripts = {
        "apt-get": APT.format(log=folder / "log", install=install),
        "id": f"#!/bin/sh\necho {user}\n",
        "g++": "#!/bin/sh\nexit 0\n",
    }
    for name, text in scripts.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    return programs


def run(programs: Path, group: str) -> subprocess.CompletedProcess[str]:
    command = [programs / "bash", SCRIPT, group]
    return subprocess.run(command, env={"PATH": str(programs)}, capture_output=True, text=True, check=False)


def test_missing_package_is_installed_as_root_without_questions(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python3"
    programs = machine(tmp_path, user=0, install=f"printf '#!/bin/sh\\n' > {python}; /bin/chmod +x {python}")
    done = run(programs, "build")
    assert (done.returncode, done.stdout, done.stderr) == (0, "installing python3-venv\n", "")
    assert (tmp_path / "log").read_text().splitlines() == [
        "noninteractive -qq -o DPkg::Lock::Timeout=600 update",
        "noninteractive -qq -o DPkg::Lock::Timeout=600 install -y --no-install-recommends python3-venv",
    ]


def test_nothing_is_asked_of_apt_when_all_is_there(tmp_path: Path) -> None:
    programs = machine(tmp_path, user=0)
    (programs / "python3").symlink_to("g++")
    done = run(programs, "build")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (tmp_path / "log").exists()


def test_without_root_the_missing_packages_are_named_and_the_run_goes_on(tmp_path: Path) -> None:
    done = run(machine(tmp_path, user=1000), "build")
    message = "not installed: python3-venv (as root: apt-get install python3-venv)\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, "", message)
    assert not (tmp_path / "log").exists()


def test_package_that_cannot_be_had_does_not_keep_the_others_away(tmp_path: Path) -> None:
    programs = machine(tmp_path, user=0)
    done = run(programs, "test")
    assert done.returncode == 0
    assert "not installed: python3-venv binutils clang " in done.stderr
    installs = [line.split("recommends ")[1] for line in (tmp_path / "log").read_text().splitlines()[1:]]
    assert installs[0].split() == installs[1:]


def test_group_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    done = run(machine(tmp_path, user=0), "tests")
    assert (done.returncode, done.stderr) == (2, f"usage: {SCRIPT} build|test\n")
