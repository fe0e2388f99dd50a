"""Draws libraries whose units and headers have names in common, in every way that C and C++ let them.

Every name is from one small pool. A unit declares names for itself, headers declare some for all who include them, and
each unit adds up what its names mean there: a number that changes as soon as one means something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from random import Random

POOL = ("count", "helper", "Node", "kind", "table", "apply", "limit", "scale")
NAMESPACES = ("", "", "", "near", "far")
_PARAMETERS = {"int": "1", "double": "1.5", "long": "2L", "const char *": '"t"', "char": "'c'"}
_FOLDERS = ("", "core/", "core/deep/", "text/")


class Item(NamedTuple):
    """A declaration and the expressions that tell what it means; `{}` in them is where its namespace goes."""

    text: str
    uses: tuple[str, ...]
    is_macro: bool = False


class Library(NamedTuple):
    """A program of many files that prints what every name means in each unit."""

    files: dict[str, str]
    sources: list[str]


def draw(random: Random, suffix: str) -> Library:
    """Draw a program of C or C++."""
    headers = _headers(random, suffix)
    files = dict(headers.files)
    count = random.randint(2, 4)
    for number in range(count):
        name = f"{random.choice(_FOLDERS)}unit{number}{suffix}"
        files[name] = _unit(random, number, suffix, headers)
    calls = "".join(f'  printf("%ld\\n", unit_{number}());\n' for number in range(count))
    declared = "".join(f"long unit_{number}(void);\n" for number in range(count))
    files[f"main{suffix}"] = f"#include <stdio.h>\n{declared}int main(void) {{\n{calls}  return 0;\n}}\n"
    sources = [name for name in files if name.endswith(suffix)]
    random.shuffle(sources)
    return Library(files, sources)


def draw_header_only(random: Random) -> tuple[Library, list[str]]:
    """Draw headers of C++ and a program that includes them; return it with the public headers."""
    headers = _headers(random, ".cc")
    public = [name for name in headers.files if random.random() < 0.6] or list(headers.files)[-1:]
    seen = sorted(set().union(*(headers.reached[name] for name in public)))
    uses = [use for name in seen for use in headers.uses[name]]
    text = f"#include <stdio.h>\n#include CLIENT\n{_adding_up('main_sum', uses)}"
    files = {**headers.files, "client.cc": f'{text}int main() {{ printf("%ld\\n", main_sum()); }}\n'}
    return Library(files, ["client.cc"]), public


class _Headers(NamedTuple):
    files: dict[str, str]
    names: dict[str, set[str]]
    """The names that each declares itself."""
    uses: dict[str, list[str]]
    reached: dict[str, set[str]]
    """What each includes, and itself."""


def _headers(random: Random, suffix: str) -> _Headers:
    """Draw headers that include earlier ones; no two declare one name."""
    headers = _Headers({}, {}, {}, {})
    names = random.sample(POOL, 5)
    for number in range(random.randint(1, 3)):
        path = f"{random.choice(_FOLDERS)}h{number}.h"
        included = [each for each in headers.files if random.random() < 0.4]
        own = {names.pop() for _ in range(random.randint(1, 2)) if names}
        items = [_header_item(random, name, suffix) for name in sorted(own)]
        body = "".join([*(f'#include "{each}"\n' for each in included), *(item.text for item in items)])
        guard = f"H{number}_H"
        once = random.random() < 0.5
        headers.files[path] = f"#pragma once\n{body}" if once else f"#ifndef {guard}\n#define {guard}\n{body}#endif\n"
        headers.names[path] = own
        headers.uses[path] = [use for item in items for use in item.uses]
        headers.reached[path] = {path}.union(*(headers.reached[each] for each in included))
    return headers


def _unit(random: Random, number: int, suffix: str, headers: _Headers) -> str:
    included = [path for path in headers.files if random.random() < 0.5]
    reached = set().union(*(headers.reached[path] for path in included))
    taken = set().union(*(headers.names[path] for path in reached))
    uses = [use for path in sorted(reached) for use in headers.uses[path]]
    free = [name for name in POOL if name not in taken]
    texts = [f'#include "{path}"\n' for path in included]
    for name in random.sample(free, min(len(free), random.randint(1, 4))):
        space = random.choice(NAMESPACES) if suffix == ".cc" else ""
        item = _unit_item(random, name, suffix)
        text, prefix = _in_namespace(random, item, space)
        texts.append(text)
        uses += [use.replace("{}", prefix) for use in item.uses]
    texts += _beside(random, number, suffix, taken, uses)
    cut = random.randint(0, len(uses))
    first, second = uses[:cut], uses[cut:]
    part = f"static {_adding_up('part', first)}"
    return "".join([*texts, part, _adding_up(f"unit_{number}", [*second, "part()"])])


def _adding_up(name: str, uses: list[str]) -> str:
    lines = [f"  sum = sum * 31 + (long)({use.replace('{}', '')});\n" for use in uses]
    return f"long {name}(void) {{\n  long sum = 7;\n{''.join(lines)}  return sum;\n}}\n"


def _in_namespace(random: Random, item: Item, space: str) -> tuple[str, str]:
    """Put a declaration into a namespace, or open one; return the text and what stands before the name."""
    if not space or item.is_macro:
        return item.text, ""
    text = f"namespace {space} {{\n{item.text}}}\n"
    opened = random.random()
    if opened < 0.3:
        return f"{text}using namespace {space};\n", ""
    if opened < 0.4:
        return f"{text}namespace alias = {space};\n", "alias::"
    return text, f"{space}::"


def _unit_item(random: Random, name: str, suffix: str) -> Item:
    draws = [_macro, _function, _variable, _table, _enumerator, _typedef, _tag]
    if suffix == ".cc":
        draws += [_overloads, _overloads, _template, _unnamed_class, _unnamed_variable, _constant, _alias]
    return random.choice(draws)(random, name)


def _header_item(random: Random, name: str, suffix: str) -> Item:
    draws = [_macro, _function, _enumerator, _typedef, _tag]
    if suffix == ".cc":
        draws += [_inline_overloads, _constant, _alias, _inline_class]
    item = random.choice(draws)(random, name)
    return item._replace(text=item.text.replace("static int", "static inline int"))


def _macro(random: Random, name: str) -> Item:
    value = random.randint(1, 97)
    if random.random() < 0.5:
        return Item(f"#define {name} {value}\n", (name,), is_macro=True)
    return Item(f"#define {name}(x) ((x) * {value})\n", (f"{name}(3)",), is_macro=True)


def _function(random: Random, name: str) -> Item:
    text = f"static int {name}(int x) {{ return x * 2 + {random.randint(1, 97)}; }}\n"
    return Item(text, (f"{{}}{name}(3)", f"{{}}{name}({{}}{name}(1))"))


def _variable(random: Random, name: str) -> Item:
    return Item(f"static int {name} = {random.randint(1, 97)};\n", (f"{{}}{name}++", f"{{}}{name}"))


def _table(random: Random, name: str) -> Item:
    values = ", ".join(str(random.randint(1, 9)) for _ in range(random.randint(1, 4)))
    return Item(f"static const int {name}[] = {{{values}}};\n", (f"{{}}{name}[0]", f"sizeof({{}}{name})"))


def _enumerator(random: Random, name: str) -> Item:
    return Item(f"enum {{ {name} = {random.randint(1, 97)} }};\n", (f"{{}}{name}",))


def _typedef(random: Random, name: str) -> Item:
    kind = random.choice(("char", "short", "int", "double"))
    return Item(f"typedef {kind} {name};\n", (f"sizeof({{}}{name})",))


def _tag(random: Random, name: str) -> Item:
    kind = random.choice(("struct", "union"))
    return Item(f"{kind} {name} {{ char bytes[{random.randint(1, 97)}]; }};\n", (f"sizeof({kind} {{}}{name})",))


def _overloads(random: Random, name: str) -> Item:
    kinds = random.sample(list(_PARAMETERS), random.randint(1, 3))
    texts = [f"static int {name}({kind}) {{ return {random.randint(1, 97)}; }}\n" for kind in kinds]
    numbers = [kind for kind in kinds if "*" not in kind]
    called = {*kinds, *(each for each in _PARAMETERS if len(numbers) == 1 and "*" not in each)}
    return Item("".join(texts), tuple(f"{{}}{name}({_PARAMETERS[kind]})" for kind in sorted(called)))


def _inline_overloads(random: Random, name: str) -> Item:
    item = _overloads(random, name)
    return item._replace(text=item.text.replace("static int", "inline int"))


def _template(random: Random, name: str) -> Item:
    text = f"template <class T> static int {name}(T) {{ return {random.randint(1, 97)} + (int)sizeof(T); }}\n"
    if random.random() < 0.4:
        text += f"template <> int {name}(char) {{ return {random.randint(1, 97)}; }}\n"
    return Item(text, (f"{{}}{name}('c')", f"{{}}{name}(1.5)", f"{{}}{name}<short>(1)"))


def _unnamed_class(random: Random, name: str) -> Item:
    value = random.randint(1, 97)
    body = f"int x; {name}(int y) : x(y + {value}) {{}} int get() const {{ return x; }} enum {{ one = {value} }};"
    return Item(f"namespace {{\nstruct {name} {{ {body} }};\n}}\n", (f"{{}}{name}(3).get()", f"{{}}{name}::one"))


def _inline_class(random: Random, name: str) -> Item:
    text = f"struct {name} {{ static int get() {{ return {random.randint(1, 97)}; }} }};\n"
    return Item(text, (f"{name}::get()",))


def _unnamed_variable(random: Random, name: str) -> Item:
    item = _variable(random, name)
    return item._replace(text=f"namespace {{\n{item.text.removeprefix('static ')}}}\n")


def _constant(random: Random, name: str) -> Item:
    word = random.choice(("const", "constexpr", "static constexpr"))
    return Item(f"{word} int {name} = {random.randint(1, 97)};\n", (f"{{}}{name}",))


def _alias(random: Random, name: str) -> Item:
    return Item(f"using {name} = {random.choice(('char', 'short', 'double'))};\n", (f"sizeof({{}}{name})",))


def _beside(random: Random, number: int, suffix: str, taken: set[str], uses: list[str]) -> list[str]:
    """Return text that has pool names as members, as parameters, as the text of strings and in macros of the unit."""
    texts = []
    name = random.choice(POOL)
    if random.random() < 0.4 and name not in taken:
        texts.append(f"struct members_{number} {{ int {name}; }};\n")
        made = f"members_{number}{{{number}}}" if suffix == ".cc" else f"((struct members_{number}){{{number}}})"
        uses.append(f"{made}.{name}")
    if random.random() < 0.4 and name not in taken:
        texts.append(f"static long parameter_{number}(long {name}) {{ return {name} + 1; }}\n")
        uses.append(f"parameter_{number}(5)")
    if random.random() < 0.2:
        texts.append("#define TEXT(x) #x\n")
        uses.append(f"sizeof TEXT({name})")
    if random.random() < 0.3 and uses:
        texts.append(f"#define MEANING_{number} ({random.choice(uses).replace('{}', '')})\n")
        uses.append(f"MEANING_{number}")
    return texts
