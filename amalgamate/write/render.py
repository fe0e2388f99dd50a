"""Renders what has a template: build fragments and pages. The only user of jinja2, and imported only for them.

Templates hold loops and placeholders; whatever has to be worked out is worked out here. Everything rendered is
UTF-8 with LF line ends, and nothing in it depends on the time, the machine or the current directory.
"""

from __future__ import annotations

import html
import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from amalgamate import __version__
from amalgamate.errors import ConfigError, Location

if TYPE_CHECKING:
    from amalgamate.config import Config

_EXTRAS = "extras"
_C_SUFFIX = ".c"


@dataclass(frozen=True, slots=True)
class ExtraFacts:
    """What build fragments may use."""

    sources: tuple[str, ...]
    header: str
    functions: tuple[str, ...]
    """The exported functions of the C header."""


def template_folder() -> Path:
    """Return where the templates are: inside the package (a wheel) or beside it (a checkout)."""
    package = Path(__file__).parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def own_template(config: Config, file_name: str) -> Path | None:
    """Return the project's own template of a build fragment, if it has one."""
    path = config.root / f"{file_name}.j2"
    return path if path.is_file() else None


def render_page(template: str, *, title: str, data: str) -> str:
    """Return an HTML page around `data`, which is JSON that a script may hold as it stands."""
    return _environment().get_template(template).render(title=html.escape(title), data=data)


def render_extra(config: Config, file_name: str, facts: ExtraFacts) -> bytes:
    """Return a build fragment, from the project's own `FILE_NAME.j2` or from the tool's templates.

    Raises:
        ConfigError: there is no template of that name, or it does not render.
    """
    words = re.findall(r"[A-Za-z0-9]+", config.project.name)
    own = own_template(config, file_name)
    where = Location(own.name if own else config.file.name if config.file else "")
    try:
        template = _project_environment(config.root).get_template(own.name) if own else _shipped(config, file_name)
        text = template.render(
            name=config.project.name,
            version=config.project.version,
            variant=config.variant,
            command=shlex.join(config.full_command),
            tool_version=__version__,
            file_name=file_name,
            make_name="_".join(words).upper() or "LIBRARY",
            export_name="create" + "".join(word[:1].upper() + word[1:] for word in words),
            sources=facts.sources,
            compilers={source: "CC" if source.endswith(_C_SUFFIX) else "CXX" for source in facts.sources},
            flags={source: "CFLAGS" if source.endswith(_C_SUFFIX) else "CXXFLAGS" for source in facts.sources},
            standard=_standard(config, facts.sources),
            header=facts.header,
            functions=facts.functions,
        )
    except jinja2.TemplateSyntaxError as error:
        raise ConfigError.at(Location(where.file, error.lineno), f"template: {error.message}") from error
    except jinja2.TemplateNotFound as error:
        known = ", ".join(f'"{name}"' for name in _shipped_names(config))
        raise ConfigError.at(
            where,
            f'no template for "{file_name}"',
            f'write "{file_name}.j2" in the folder of the configuration, or use one of {known}',
        ) from error
    except jinja2.UndefinedError as error:
        raise ConfigError.at(where, f"template: {error.message}") from error
    return text.encode()


def _standard(config: Config, sources: tuple[str, ...]) -> str:
    """Return the first configured standard of the sources' language; nothing where they are in two languages."""
    languages = {not source.endswith(_C_SUFFIX) for source in sources}
    return next((each for each in config.verify.standards if {"++" in each} == languages), "")


def _shipped(config: Config, file_name: str) -> jinja2.Template:
    """Return a shipped fragment; the one called `library.mk` serves a project NAME as NAME.mk."""
    suffix = file_name.removeprefix(config.project.name)
    base = f"library{suffix}" if suffix != file_name else file_name
    return _environment().get_template(f"{_EXTRAS}/{base}.j2")


def _shipped_names(config: Config) -> list[str]:
    names = [path.name.removesuffix(".j2") for path in (template_folder() / _EXTRAS).glob("*.j2")]
    return sorted(name.replace("library", config.project.name, 1) for name in names)


@cache
def _environment() -> jinja2.Environment:
    return _project_environment(template_folder())


def _project_environment(folder: Path) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder, encoding="utf-8"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - C and make, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence="\n",
    )
