"""What is known of each macro at a point of the walk: a lattice of four values, with branches.

A name is undefined, defined with a known definition, defined somehow, or unknown; whoever compiles the output may
define anything, so a name nobody has touched is unknown. `Lattice` keeps such values under `#if`: each branch starts
from the state before the conditional, and at `#endif` the branches are joined. The planner keeps a second one for
what the output already holds, so that one join serves macros and files alike.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Generic, NamedTuple, TypeVar


class State(Enum):
    """What is known where no definition is."""

    __hash__ = object.__hash__  # that of Enum is slow, and members are compared by identity

    UNDEFINED = "undefined"
    DEFINED = "defined"
    """Defined, but not known as what."""
    UNKNOWN = "unknown"


class Macro(NamedTuple):
    """A known definition. Two that differ only in blanks between tokens count as different: that is safe."""

    name: bytes
    parameters: bytes | None
    """The text between the parentheses; None for an object-like macro."""
    body: bytes

    @property
    def directive(self) -> bytes:
        """The `#define` that makes it."""
        parameters = b"" if self.parameters is None else b"(" + self.parameters + b")"
        return b"#define " + self.name + parameters + (b" " + self.body if self.body else b"")


class Mixed(NamedTuple):
    """What a macro is behind a conditional that changes it: one of several things."""

    is_defined: bool | None
    parts: frozenset[Macro | State]
    """UNKNOWN is among them where one of the ways does not change it."""
    default: Macro | None = None
    """Only `#ifndef` has given it this definition; otherwise it is what it was."""


class Refined(NamedTuple):
    """A value of which a condition around, or a system header, says more, or less, without changing it."""

    is_defined: bool | None
    value: Macro | State | Mixed


Value = Macro | State | Mixed | Refined

_IDENTIFIER = rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+(?!\\[uU])"  # one spelt with \u is not read
_DEFINITION = re.compile(rb"(" + _IDENTIFIER + rb")(?:\(([^)]*+)\))?+[ \t\v\f]*+(.*)", re.DOTALL)
_NAME = re.compile(_IDENTIFIER)


def parse_definition(argument: bytes) -> Macro | None:
    """Read the argument of a `#define`; None where it has no name."""
    match = _DEFINITION.match(argument)
    return Macro(*match.groups()) if match else None


def parse_name(argument: bytes) -> bytes | None:
    """Read the name after `#undef`, `#ifdef` and the like; None where there is none."""
    match = _NAME.match(argument)
    return match.group() if match else None


K = TypeVar("K", bound=Hashable)
Some = TypeVar("Some", bound=Hashable)


class Lattice(Generic[K]):
    """Values by key, scoped by branches. A key never set is UNKNOWN."""

    def __init__(self, values: Mapping[K, Value] | None = None) -> None:
        self._values: dict[K, Value] = dict(values or {})
        self._before: list[dict[K, Value | None]] = []
        """Per open branch: the value that each key set in it had before it."""
        self._journals: list[_Journal[K]] = []

    def is_touched(self, key: K) -> bool:
        """Tell whether the key was ever set on this path: an unknown that is not merely untouched."""
        if self._journals:
            self._journals[-1].read(key, self._values.get(key))
        return key in self._values

    def touched(self, keys: AbstractSet[Some]) -> AbstractSet[Some]:
        """Return those of the keys that were ever set on this path, without a trace in the journal."""
        return keys & self._values.keys()

    def __iter__(self) -> Iterator[K]:
        return iter(self._values)

    def get(self, key: K) -> Value:
        """Return what is known of `key`."""
        value = self._values.get(key, State.UNKNOWN)
        if self._journals:
            self._journals[-1].read(key, self._values.get(key))
        return value

    def peek(self, key: K) -> Value:
        """Return what is known of `key` without a trace in the journal: for reports, not for decisions."""
        return self._values.get(key, State.UNKNOWN)

    def set(self, key: K, value: Value) -> None:
        """Record what is known of `key` from here on."""
        if self._before:
            before = self._before[-1]
            if key not in before:
                before[key] = self._values.get(key)
        if self._journals:
            self._journals[-1].written[-1].add(key)
        self._values[key] = value

    def open_branch(self) -> None:
        """Start a branch from the present state."""
        self._before.append({})
        if self._journals:
            self._journals[-1].written.append(set())

    def close_branch(self) -> dict[K, Value]:
        """End the innermost branch: restore the state before it, and return what the branch had set."""
        before = self._before.pop()
        if self._journals:
            self._journals[-1].written.pop()
        values = self._values
        ends = {key: values[key] for key in before}
        for key, value in before.items():
            if value is None:
                del values[key]
            else:
                values[key] = value
        return ends

    def join(self, branches: Iterable[Mapping[K, Value]]) -> None:
        """Set every key that one of the alternative branches has set to what holds after any of them."""
        ends = list(branches)
        for key in {key: None for branch in ends for key in branch}:
            known = self.get(key)
            self.set(key, join([branch.get(key, known) for branch in ends]))

    def join_reading(self, ends: Mapping[K, Value]) -> None:
        """Join what a file has set with the state before: it is read here, unless it was read before."""
        for key, value in ends.items():
            before = self.get(key)
            self.set(key, value if has_set(before, value) else join((value, before)))

    # What a stretch of the walk depends on, and what it does

    def start_journal(self) -> None:
        """From here on, write down what is read before it is set, and what is set."""
        self._journals.append(_Journal())

    def end_journal(self) -> Effect[K]:
        """Return what was written down since `start_journal`. REQUIRES: branches opened since are closed."""
        journal = self._journals.pop()
        written = journal.written[0]
        if self._journals:
            for key, value in journal.needs.items():
                self._journals[-1].read(key, value)
            self._journals[-1].written[-1] |= written
        return Effect(journal.needs, {key: self._values[key] for key in written})

    def replay(self, effect: Effect[K]) -> bool:
        """Do what a stretch of the walk did, if all that it depends on is as it was then; tell whether it was."""
        values = self._values
        for key, value in effect.needs.items():
            if values.get(key) != value:
                return False
        if self._journals:
            for key in effect.needs:
                self._journals[-1].read(key, values.get(key))
            self._journals[-1].written[-1].update(effect.sets)
        if self._before:
            before = self._before[-1]
            for key in effect.sets:
                if key not in before:
                    before[key] = values.get(key)
        values.update(effect.sets)
        return True


class Effect(NamedTuple, Generic[K]):
    """What a stretch of a walk depends on, and what it leaves behind."""

    needs: dict[K, Value | None]
    """What each key that it read first had been; None: never set."""
    sets: dict[K, Value]


class _Journal(Generic[K]):
    def __init__(self) -> None:
        self.needs: dict[K, Value | None] = {}
        self.written: list[set[K]] = [set()]
        """What was set since the start, and in each branch opened since."""

    def read(self, key: K, value: Value | None) -> None:
        if key not in self.needs and not any(key in keys for keys in self.written):
            self.needs[key] = value


def join(values: Iterable[Value]) -> Value:
    """Return what is known when one of `values` holds."""
    first, *others = values
    if all(value is first or value == first for value in others):
        return first
    parts: set[Macro | State] = set()
    same: Macro | State | Mixed | None = essence(first)
    for value in (first, *others):
        plain = essence(value)
        if plain != same:
            same = None
        if isinstance(plain, Mixed):
            parts |= plain.parts
        else:
            parts.add(plain)
    if same is not None:
        return same
    answer = is_defined(first)
    return Mixed(answer if all(is_defined(value) is answer for value in others) else None, frozenset(parts))


def essence(value: Value) -> Macro | State | Mixed:
    """Return the value without what conditions around say of it."""
    return value.value if isinstance(value, Refined) else value


def has_set(before: Value, value: Value) -> bool:
    """Tell whether an earlier reading of a file has set a macro to `value` where it happened, and nothing else has."""
    new = essence(value)
    if not isinstance(before, Mixed):
        return before == value
    if isinstance(new, Mixed):
        return new.parts <= before.parts <= new.parts | {State.UNKNOWN}
    return new in before.parts <= {State.UNKNOWN, new}


def is_same(one: Value, other: Value) -> bool:
    """Tell whether two values came about alike, whatever else is known of them."""
    if one is other:
        return True
    one, other = essence(one), essence(other)
    if isinstance(one, Mixed) and isinstance(other, Mixed):
        return one.parts == other.parts
    return one == other


PREDEFINED = frozenset(
    rb"""__cplusplus __STDC_VERSION__ __STDC__ __OBJC__ __ASSEMBLER__ __GNUC__ __GNUC_MINOR__ __clang__ __clang_major__
    __clang_minor__ __INTEL_COMPILER __INTEL_LLVM_COMPILER _MSC_VER _MSVC_LANG __EMSCRIPTEN__ __MINGW32__ __MINGW64__
    __CYGWIN__ __CUDACC__ __HIP__ __NVCC__ __TINYC__ __PGI __SUNPRO_C __SUNPRO_CC __IBMC__ __xlC__ __DMC__ __BORLANDC__
    __WATCOMC__ _WIN32 _WIN64 WIN32 __WIN32__ __linux__ __linux linux __gnu_linux__ __unix__ __unix unix __APPLE__
    __MACH__ __ANDROID__ __FreeBSD__ __NetBSD__ __OpenBSD__ __DragonFly__ __sun __SVR4 __HAIKU__ __wasm__ __wasm32__
    __wasm_simd128__ __wasi__ __x86_64__ __x86_64 __amd64__ __amd64 _M_X64 _M_AMD64 __i386__ __i386 _M_IX86 __aarch64__
    _M_ARM64 __arm__ _M_ARM __ARM_NEON __ARM_NEON__ __powerpc__ __powerpc64__ __ppc__ __PPC64__ __riscv __mips__
    __s390x__ __loongarch__ __SSE__ __SSE2__ __SSE3__ __SSSE3__ __SSE4_1__ __SSE4_2__ __AVX__ __AVX2__ __AVX512F__
    __FMA__ __BMI__ __BMI2__ __LP64__ _LP64 __ILP32__ __OPTIMIZE__ __OPTIMIZE_SIZE__ __NO_INLINE__ __SIZEOF_INT128__
    __SIZEOF_POINTER__ __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__ __ORDER_BIG_ENDIAN__ __EXCEPTIONS __cpp_exceptions
    __GXX_RTTI __cpp_rtti _CPPUNWIND _CPPRTTI __SANITIZE_ADDRESS__ __SANITIZE_THREAD__ __has_include __has_attribute
    __has_builtin __has_feature __has_cpp_attribute __has_extension __has_c_attribute __has_declspec_attribute
    __has_warning""".split()
)
"""Macros that compilers predefine: no header changes them."""

_FEATURE_TESTS = frozenset(
    rb"""_GNU_SOURCE _POSIX_SOURCE _POSIX_C_SOURCE _XOPEN_SOURCE _XOPEN_SOURCE_EXTENDED _ISOC99_SOURCE _ISOC11_SOURCE
    _ISOC2X_SOURCE _ISOC23_SOURCE _LARGEFILE_SOURCE _LARGEFILE64_SOURCE _FILE_OFFSET_BITS _TIME_BITS _BSD_SOURCE
    _SVID_SOURCE _DEFAULT_SOURCE _ATFILE_SOURCE _DYNAMIC_STACK_SIZE_SOURCE _REENTRANT _THREAD_SAFE _DARWIN_C_SOURCE
    _NETBSD_SOURCE _OPENBSD_SOURCE __BSD_VISIBLE __EXTENSIONS__ _ALL_SOURCE _TANDEM_SOURCE __STDC_FORMAT_MACROS
    __STDC_LIMIT_MACROS __STDC_CONSTANT_MACROS __STDC_WANT_LIB_EXT1__ __STDC_WANT_IEC_60559_BFP_EXT__
    _CRT_SECURE_NO_WARNINGS _CRT_SECURE_NO_DEPRECATE _CRT_NONSTDC_NO_WARNINGS _CRT_NONSTDC_NO_DEPRECATE _CRT_RAND_S
    _SCL_SECURE_NO_WARNINGS _USE_MATH_DEFINES _WINSOCK_DEPRECATED_NO_WARNINGS WIN32_LEAN_AND_MEAN NOMINMAX
    VC_EXTRALEAN STRICT _WIN32_WINNT WINVER NTDDI_VERSION UNICODE _UNICODE _FORTIFY_SOURCE FD_SETSIZE
    __USE_MINGW_ANSI_STDIO _ITERATOR_DEBUG_LEVEL _HAS_EXCEPTIONS _HAS_ITERATOR_DEBUGGING _SECURE_SCL""".split()
)
_FEATURE_TEST_PREFIXES = (b"_GLIBCXX_", b"_LIBCPP_", b"_SILENCE_", b"__STDC_WANT_")


def is_feature_test(name: bytes) -> bool:
    """Tell whether system headers read the macro once, at the first inclusion of any, to see what is asked of them.

    Source: feature_test_macros(7), the manuals of libstdc++ and libc++, Windows SDK.
    """
    return name in _FEATURE_TESTS or name.startswith(_FEATURE_TEST_PREFIXES)


def is_defined(value: Value) -> bool | None:
    """Tell whether the macro is defined; None where that is not known."""
    if isinstance(value, (Mixed, Refined)):
        return value.is_defined
    if value is State.UNKNOWN:
        return None
    return value is not State.UNDEFINED
