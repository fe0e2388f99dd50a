"""What stands in for the compilers of other platforms is what clang itself defines when it compiles for them."""

from __future__ import annotations

import re

import pytest

from amalgamate.config import NATIVE, PLATFORMS
from amalgamate.prove.compiler import Compiler, Language, Processes, find
from amalgamate.prove.platforms import macros_of

pytestmark = pytest.mark.compiler

TARGETS = {
    "linux-x86_64": "x86_64-linux-gnu",
    "linux-aarch64": "aarch64-linux-gnu",
    "windows-msvc": "x86_64-pc-windows-msvc",
    "windows-mingw": "x86_64-w64-mingw32",
    "macos": "arm64-apple-macos13",
    "ios": "arm64-apple-ios15",
    "android": "aarch64-linux-android24",
    "emscripten": "wasm32-unknown-emscripten",
    "freebsd": "x86_64-unknown-freebsd14",
}
FROM_THE_SDK = re.compile(
    r"TARGET_OS_\w+|__EMSCRIPTEN_(?:major|minor|tiny)__|ANDROID|__BIONIC__|_DLL|_MT|_M_FP_PRECISE"
)
"""What headers, build systems and Microsoft's own compiler define besides."""
OF_A_RELEASE = {"_MSC_VER", "_MSC_FULL_VER", "_MSVC_EXECUTION_CHARACTER_SET", "__FreeBSD_cc_version"}
NOT_ASKED_FOR = re.compile(
    r"__\w+_FMT\w+__|__OPENCL_\w+|__U?INT_FAST\w+|__FLT16_\w+|__OBJC_\w+|__clang_wide_\w+|__GLIBCXX_\w+|__STDC_\w+"
)
"""Formats for printf, and what only clang defines and no header of others knows."""
OF_MICROSOFT = re.compile(r"_(?:M_|MSC|MSVC|WIN|CPP|NATIVE|RVALUE|HAS|INTEGRAL|WCHAR)\w+|__BOOL_DEFINED|__cpp_\w+")
"""Of what clang defines there, this is Microsoft's compiler's, too."""


def clang() -> Compiler:
    return find(["clang"], Processes())[0]


def value(body: str) -> int | str:
    digits = body.rstrip("uUlL")
    return int(digits, 0) if re.fullmatch(r"0[xX][0-9A-Fa-f]+|[1-9][0-9]*|0", digits) else body


@pytest.mark.parametrize("standard", ["c99", "gnu11", "c++17", "gnu++20"])
@pytest.mark.parametrize("platform", TARGETS)
def test_a_platform_defines_what_clang_defines_for_it(platform: str, standard: str) -> None:
    language = Language.CXX if "++" in standard else Language.C
    options = [f"-std={standard}"]
    left = clang().predefined(language, [*options, "-undef"])
    target = clang().predefined(language, [*options, f"--target={TARGETS[platform]}"])
    ours = macros_of(platform, language, clang().predefined(language, options))
    shown = {
        name: value({**left, **ours}.get(body, body)) for name, body in ours.items() if not FROM_THE_SDK.fullmatch(name)
    }
    wanted = {
        name: value(target.get(body, body))
        for name, body in target.items()
        if name not in left and not NOT_ASKED_FOR.fullmatch(name)
    }
    if platform == "windows-msvc":
        wanted = {name: body for name, body in wanted.items() if OF_MICROSOFT.fullmatch(name)}
    for name in OF_A_RELEASE & wanted.keys():
        shown[name] = wanted[name]
    assert shown == wanted


def test_every_platform_has_a_target() -> None:
    assert {NATIVE, *TARGETS} == set(PLATFORMS)


def test_another_compiler_stands_in_for_clang_where_only_clang_is() -> None:
    gcc = find(["gcc"], Processes())[0].predefined(Language.CXX, [])
    assert "__clang__" not in macros_of("linux-x86_64", Language.CXX, gcc)
    assert macros_of("linux-x86_64", Language.CXX, gcc)["__GNUC__"] == gcc["__GNUC__"]
    assert macros_of("macos", Language.CXX, gcc)["__clang__"] == "1"
    assert macros_of("macos", Language.CXX, gcc)["__GNUC__"] == "4"


def test_gcc_on_its_own_platform_is_told_what_it_says_itself() -> None:
    own = find(["gcc"], Processes())[0].predefined(Language.CXX, ["-std=c++17"])
    ours = macros_of("linux-x86_64", Language.CXX, own)
    rounded = re.compile(r"__(?:LDBL_\w+|DECIMAL_DIG__)")
    compared = [name for name in ours if not rounded.fullmatch(name)]
    assert {name: value(ours[name]) for name in compared} == {name: value(own[name]) for name in compared}
