"""Random projects for hypothesis: units and headers whose macros, includes and pragmas are entangled in every way."""

from __future__ import annotations

from hypothesis import strategies as st

OPEN = ("P", "Q", "R")
"""Macros that only whoever compiles can define."""
HEADERS = ("h0.h", "h1.h", "h2.h", "h3.h")
UNITS = ("unit0.c", "unit1.c", "unit2.c")
UNIT_MACROS = ("A", "B", "C")
HEADER_MACROS = ("D0", "D1", "D2", "D3")
"""One for each header."""
MACROS = (*UNIT_MACROS, *HEADER_MACROS)
PASTE = "#define PASTE(left, right) left##right\n"
GUARDS = ("guard", "pragma", "operator", "both", "none")

open_names = st.sampled_from(OPEN)


def conditions(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return opening directives that test `names` and the open macros."""
    own, either = st.sampled_from(names), st.sampled_from((*names, *OPEN))
    return st.one_of(
        st.builds("#ifdef {}".format, either),
        st.builds("#ifndef {}".format, either),
        st.builds("#if {} > {}".format, either, st.integers(0, 2)),
        st.builds("#if defined({}) {} !defined({})".format, own, st.sampled_from(("&&", "||")), open_names),
        st.builds("#if {} + {} == {}".format, own, either, st.integers(0, 3)),
        st.sampled_from(("#if 0", "#if 1")),
    )


def macro_lines(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return directives that change one of `names`, now and then to what another macro is."""
    own = st.sampled_from(names)
    return st.one_of(
        st.builds("#undef {0}\n#define {0} {1}\n".format, own, st.integers(0, 2)),
        st.builds("#undef {0}\n#define {0} ({1} + {2})\n".format, own, open_names, st.integers(0, 2)),
        st.builds("#undef {0}\n#define {0} {1}\n".format, own, st.sampled_from(MACROS)),
        st.builds("#undef {}\n".format, own),
    )


def pragmas() -> st.SearchStrategy[str]:
    """Return pragmas that change the packing for good or for one line, as directives or operators."""
    words = st.sampled_from(("pack(1)", "pack(2)", "pack()"))
    pushed = st.sampled_from(("pack(push)", "pack(push, 4)"))
    return st.one_of(
        st.builds("#pragma {}\n".format, words),
        st.builds('_Pragma("{}")\n'.format, words),
        st.builds("#pragma {}\nFILE {};\n#pragma pack(pop)\n".format, pushed, st.integers(0, 999)),
    )


def lines(read: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return lines of text, each told from all others, that read a few macros, now and then by a name pasted of two."""
    pasted = st.sampled_from(read).map(lambda name: f"PASTE({name[0]}, {name[1:]})")
    words = st.one_of(st.sampled_from(read), st.sampled_from(read), pasted)
    return st.builds("FILE {} {};\n".format, st.integers(0, 999), st.lists(words, max_size=2).map(" ".join))


def texts(
    headers: tuple[str, ...], changed: tuple[str, ...], read: tuple[str, ...], *, has_pragmas: bool = False
) -> st.SearchStrategy[str]:
    """Return texts of lines, macros, includes of `headers` and conditionals of these.

    `changed` are the macros that directives change, `read` those that lines and conditions read.
    """
    opening = conditions(read)
    leaves = [lines(read), lines(read), macro_lines(changed)]
    if headers:
        leaves += [st.builds('#include "{}"\n'.format, st.sampled_from(headers))] * 2
    if has_pragmas:
        leaves.append(pragmas())
    leaf = st.one_of(*leaves)

    def conditional(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        block = st.lists(st.one_of(inner, leaf), max_size=3).map("".join)
        return st.one_of(
            st.builds("{}\n{}#endif\n".format, opening, block),
            st.builds("{}\n{}#else\n{}#endif\n".format, opening, block, block),
            st.builds(
                "{}\n{}{}\n{}#else\n{}#endif\n".format,
                opening,
                block,
                opening.map(lambda text: "#elif " + _expression(text)),
                block,
                block,
            ),
        )

    return st.lists(st.recursive(leaf, conditional, max_leaves=6), max_size=6).map("".join)


def _expression(condition: str) -> str:
    kind, _, rest = condition.partition(" ")
    return {"#ifdef": f"defined({rest})", "#ifndef": f"!defined({rest})"}.get(kind, rest)


def guarded(name: str, number: int, guard: str, body: str) -> str:
    """Return a header that is read once in the way `guard` says."""
    if guard in ("guard", "both"):
        body = f"#ifndef H{number}\n#define H{number}\n{body}#endif\n"
    if guard in ("pragma", "both"):
        body = "#pragma once\n" + body
    if guard == "operator":
        body = '_Pragma("once")\n' + body
    # The compiler takes #pragma once files of one content for one file; the name keeps them apart.
    return f"/* {name} */\n{body}"


def tagged(files: dict[str, str]) -> dict[str, str]:
    """Let every line of text begin with its file's name, and every unit with the macro that pastes."""
    return {
        name: (PASTE if name.endswith(".c") else "") + text.replace("FILE", name.replace(".", "_"))
        for name, text in files.items()
    }


def _headers(
    draw: st.DrawFn, guards: tuple[str, ...], read: tuple[str, ...], *, own_only: bool, has_pragmas: bool
) -> dict[str, str]:
    """Draw headers that include only later ones."""
    files = {}
    for number, name in enumerate(HEADERS):
        changed = HEADER_MACROS[number : number + 1] if own_only else MACROS
        body = draw(texts(HEADERS[number + 1 :], changed, read or changed, has_pragmas=has_pragmas))
        files[name] = guarded(name, number, draw(st.sampled_from(guards)), body)
    return files


@st.composite
def single_units(draw: st.DrawFn) -> dict[str, str]:
    """Draw a unit and headers; all of them change and read all macros."""
    files = {"main.c": draw(texts(HEADERS, MACROS, MACROS, has_pragmas=True))}
    return tagged(files | _headers(draw, GUARDS, MACROS, own_only=False, has_pragmas=True))


@st.composite
def modest_units(draw: st.DrawFn) -> dict[str, str]:
    """Draw units that share headers which change and read their own macro alone."""
    files = {unit: draw(texts(HEADERS, UNIT_MACROS, MACROS)) for unit in UNITS}
    return tagged(files | _headers(draw, GUARDS[:4], (), own_only=True, has_pragmas=False))


@st.composite
def entangled_units(draw: st.DrawFn) -> dict[str, str]:
    """Draw units whose headers read each other's macros and the units', change them, and pack."""
    has_pragmas = draw(st.booleans())
    files = {unit: draw(texts(HEADERS, UNIT_MACROS, MACROS, has_pragmas=has_pragmas)) for unit in UNITS}
    own_only = draw(st.booleans())
    return tagged(files | _headers(draw, GUARDS, MACROS, own_only=own_only, has_pragmas=has_pragmas))
