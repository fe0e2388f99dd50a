"""What the compilers of other platforms define before the first line: enough to take the branches they take.

A row stands in for a compiler and an SDK that are not there: the macros that sources test, with the values of one
current release. Headers of the platform are empty files, so what a row proves is the project's own text.

Source: `-dM -E` of gcc, clang, emcc and the NDK; "Predefined macros" of Microsoft's C++ reference; Apple's
TargetConditionals.h (which `__APPLE__` sources include, and which is empty here: its macros are given outright).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.prove.compiler import Language

if TYPE_CHECKING:
    from collections.abc import Mapping

Macros = dict[str, str]


def _ones(names: str) -> Macros:
    return dict.fromkeys(names.split(), "1")


_GNU_SIZES: Macros = {
    "__CHAR_BIT__": "8",
    "__SIZEOF_SHORT__": "2",
    "__SIZEOF_INT__": "4",
    "__SIZEOF_LONG_LONG__": "8",
    "__SIZEOF_FLOAT__": "4",
    "__SIZEOF_DOUBLE__": "8",
    "__SCHAR_MAX__": "0x7f",
    "__SHRT_MAX__": "0x7fff",
    "__INT_MAX__": "0x7fffffff",
    "__LONG_LONG_MAX__": "0x7fffffffffffffffLL",
    "__ORDER_LITTLE_ENDIAN__": "1234",
    "__ORDER_BIG_ENDIAN__": "4321",
    "__ORDER_PDP_ENDIAN__": "3412",
    "__BYTE_ORDER__": "__ORDER_LITTLE_ENDIAN__",
    "__ATOMIC_RELAXED": "0",
    "__ATOMIC_ACQUIRE": "2",
    "__ATOMIC_RELEASE": "3",
    "__ATOMIC_SEQ_CST": "5",
    "__USER_LABEL_PREFIX__": "",
    **_ones("__GNUC_STDC_INLINE__ __STDC_HOSTED__"),
}
_GCC: Macros = {
    **_GNU_SIZES,
    "__GNUC__": "12",
    "__GNUC_MINOR__": "2",
    "__GNUC_PATCHLEVEL__": "0",
    "__VERSION__": '"12.2.0"',
    **_ones("__OPTIMIZE__ __GCC_HAVE_SYNC_COMPARE_AND_SWAP_4 __GCC_HAVE_SYNC_COMPARE_AND_SWAP_8"),
}
_CLANG: Macros = {
    **_GNU_SIZES,
    "__clang__": "1",
    "__clang_major__": "17",
    "__clang_minor__": "0",
    "__clang_patchlevel__": "6",
    "__llvm__": "1",
    "__GNUC__": "4",
    "__GNUC_MINOR__": "2",
    "__GNUC_PATCHLEVEL__": "1",
    "__VERSION__": '"Clang 17.0.6"',
    "__OPTIMIZE__": "1",
}
_LP64: Macros = {
    "__SIZEOF_LONG__": "8",
    "__SIZEOF_POINTER__": "8",
    "__SIZEOF_SIZE_T__": "8",
    "__LONG_MAX__": "0x7fffffffffffffffL",
    "__SIZEOF_INT128__": "16",
    **_ones("__LP64__ _LP64"),
}
_LLP64: Macros = {
    "__SIZEOF_LONG__": "4",
    "__SIZEOF_POINTER__": "8",
    "__SIZEOF_SIZE_T__": "8",
    "__LONG_MAX__": "0x7fffffffL",
    "__SIZEOF_INT128__": "16",
}
_X86_64 = _ones("__x86_64__ __x86_64 __amd64__ __amd64 __SSE__ __SSE2__ __MMX__ __SSE_MATH__ __SSE2_MATH__ __k8")
_AARCH64: Macros = {
    "__ARM_ARCH": "8",
    "__ARM_64BIT_STATE": "1",
    "__ARM_FP": "0xe",
    **_ones("__aarch64__ __AARCH64EL__ __ARM_NEON __ARM_NEON__ __ARM_FEATURE_FMA __ARM_FEATURE_UNALIGNED"),
}
_UNIX = _ones("__unix__ __unix")
_ELF = _ones("__ELF__")
_LINUX = {**_UNIX, **_ELF, **_ones("__linux__ __linux __gnu_linux__")}
_APPLE: Macros = {
    **_CLANG,
    **_LP64,
    **_AARCH64,
    "__APPLE_CC__": "6000",
    **_ones("__APPLE__ __MACH__ __DYNAMIC__ __arm64 __arm64__ __LITTLE_ENDIAN__ TARGET_OS_MAC"),
}
_WINDOWS = _ones("_WIN32 _WIN64")

_MACROS: dict[str, Macros] = {
    "linux-x86_64": {**_GCC, **_LP64, **_X86_64, **_LINUX, **_ones("linux unix")},
    "linux-aarch64": {**_GCC, **_LP64, **_AARCH64, **_LINUX, **_ones("linux unix")},
    "windows-msvc": {
        **_WINDOWS,
        "_MSC_VER": "1938",
        "_MSC_FULL_VER": "193833133",
        "_MSC_EXTENSIONS": "1",
        "_M_X64": "100",
        "_M_AMD64": "100",
        "_M_FP_PRECISE": "1",
        "_INTEGRAL_MAX_BITS": "64",
        "_MT": "1",
        "_DLL": "1",
    },
    "windows-mingw": {
        **_GCC,
        **_LLP64,
        **_X86_64,
        **_WINDOWS,
        **_ones("__MINGW32__ __MINGW64__ __WIN32__ __WIN32 WIN32 __WIN64__ __WIN64 WIN64 __WINNT__ __MSVCRT__"),
        "__declspec(x)": "__attribute__((x))",
    },
    "macos": {
        **_APPLE,
        "__ENVIRONMENT_MAC_OS_X_VERSION_MIN_REQUIRED__": "130000",
        "TARGET_OS_OSX": "1",
        "TARGET_OS_IPHONE": "0",
    },
    "ios": {
        **_APPLE,
        "__ENVIRONMENT_IPHONE_OS_VERSION_MIN_REQUIRED__": "150000",
        **_ones("TARGET_OS_IPHONE TARGET_OS_IOS"),
        "TARGET_OS_OSX": "0",
    },
    "android": {
        **_CLANG,
        **_LP64,
        **_AARCH64,
        **_LINUX,
        "__ANDROID__": "1",
        "ANDROID": "1",
        "__ANDROID_API__": "24",
        "__ANDROID_MIN_SDK_VERSION__": "24",
        "__BIONIC__": "1",
    },
    "emscripten": {
        **_CLANG,
        "__SIZEOF_LONG__": "4",
        "__SIZEOF_POINTER__": "4",
        "__SIZEOF_SIZE_T__": "4",
        "__LONG_MAX__": "0x7fffffffL",
        "__EMSCRIPTEN_major__": "3",
        "__EMSCRIPTEN_minor__": "1",
        "__EMSCRIPTEN_tiny__": "60",
        **_UNIX,
        **_ones("__EMSCRIPTEN__ __wasm__ __wasm32__ __wasm __wasm32 __ILP32__ _ILP32"),
    },
    "freebsd": {
        **_CLANG,
        **_LP64,
        **_X86_64,
        **_UNIX,
        **_ELF,
        "__FreeBSD__": "14",
        "__FreeBSD_cc_version": "1400006",
    },
}
_CXX_MACROS: Macros = {"__EXCEPTIONS": "1", "__GXX_RTTI": "1", "__cpp_exceptions": "199711L", "__cpp_rtti": "199711L"}
_MSVC_CXX_MACROS: Macros = {"_CPPUNWIND": "1", "_CPPRTTI": "1", "_MSVC_LANG": "201703L"}
_GNU_CXX = "_GNU_SOURCE"


def macros_of(platform: str, language: Language) -> Mapping[str, str]:
    """Return what the compiler of `platform` defines for `language`."""
    macros = dict(_MACROS[platform])
    if language is Language.CXX:
        macros.update(_MSVC_CXX_MACROS if "_MSC_VER" in macros else _CXX_MACROS)
        if "__gnu_linux__" in macros or "__EMSCRIPTEN__" in macros:
            macros[_GNU_CXX] = "1"  # g++ and clang++ say so on these
    return macros
