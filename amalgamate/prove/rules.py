"""What `lint` asks of code that is to become one file: each rule with its reason and its remedy.

Without a rule, because the build mends it and the code may well be meant so: a header that is first included under a
condition (it is emitted again where that one does not serve), X-macro files (emitted at each include), computed
includes that can be resolved, symbolic links. Without a rule, because no code can do without: `__LINE__`, and
`__FILE__` of `assert`, which name the one file unless `line_directives` is set. What the build refuses (an include
that nothing answers, a `static` variable of a header that two sources change, a name that cannot be renamed) is one
rule, "refused", with the build's own words.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from amalgamate.errors import Location


class Rule(Enum):
    """A rule: its name, why it matters, and what to do."""

    DEPENDENCY = (
        "dependency",
        "whoever compiles the one file must have this header too",
        "list it under headers in [external], or do without it",
    )
    NAMESPACE = (
        "namespace",
        "a global name meets every other name of every program that the one file becomes a part of",
        "put it into the library's namespace",
    )
    USING_NAMESPACE = (
        "using-namespace",
        "it reaches all text behind it: in the one file, that of other source files",
        "qualify the names",
    )
    INCLUDE_CYCLE = (
        "include-cycle",
        "headers that include each other have no order in which each stands behind what it needs",
        "move the shared declarations into a third header",
    )
    MISSING_GUARD = (
        "missing-guard",
        "the header is emitted at every #include of it",
        "add #pragma once; a file that is meant to be read often is called .inc",
    )
    GUARD_CLASH = (
        "guard-clash",
        "where one of the two headers has been read, the other one is empty",
        "name the guard after the path of its header",
    )
    MACRO_LEAK = (
        "macro-leak",
        "a source file's macro is still defined where the next one begins, which uses the word",
        "#undef it at the end, or make it a constant or a function",
    )
    NAME_CLASH = (
        "name-clash",
        "two source files use one name for things of their own: one of them has to be renamed in the one file",
        "name the namespace, or the function, after its file",
    )
    UNNAMED_NAMESPACE = (
        "unnamed-namespace",
        "every source file that includes the header has its own of these, the one file has one",
        "give the namespace a name, and make its variables inline",
    )
    PRAGMA = (
        "pragma",
        "the pragma holds until the end of the source file, and in the one file beyond it",
        "save the state before (push) and restore it behind (pop)",
    )
    NDEBUG = (
        "ndebug",
        "it decides over the assertions of whatever is read behind it",
        "leave it to the command line of the compiler",
    )
    FEATURE_TEST = (
        "feature-test",
        "system headers read it once, when the first of them is included: in the one file that is another's",
        "define it for all source files, in [defines] or on the command line of the compiler",
    )
    COUNTER = (
        "counter",
        "it counts on through the one file, so that it has other values there than in each source file",
        "use __LINE__, or a name",
    )
    DIFFERENT_TEXT = (
        "different-text",
        "the header would read differently in another source file, but the one file holds it once",
        "let the header depend on no macro of its includers, or fix the macro in [defines]",
    )
    REFUSED = (
        "refused",
        "a build stops here, and makes no file",
        "do what the message asks",
    )

    def __init__(self, identifier: str, why: str, remedy: str) -> None:
        self.identifier = identifier
        self.why = why
        self.remedy = remedy


class Violation(NamedTuple):
    """One place where a rule is broken."""

    location: Location
    rule: Rule
    message: str
    hint: str = ""
    """What to do here, where that is not the same for all places of the rule."""

    @property
    def remedy(self) -> str:
        """What to do."""
        return self.hint or self.rule.remedy

    def sort_key(self) -> tuple[Location, str, str]:
        """Order by place, then by rule."""
        return (self.location, self.rule.identifier, self.message)
