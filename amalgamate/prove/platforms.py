"""What the compilers of other platforms define before the first line, so that sources take their branches.

A row stands in for a compiler and an SDK that are not there. What a compiler says of itself and of the language is
what the compiler at hand says; what a platform is, is here, as one current release says it. Headers of the platform are
empty files, so what a row proves is the project's own text.

Source: `-dM -E` of gcc, clang, emcc and the NDK; "Predefined macros" of Microsoft's C++ reference; Apple's
TargetConditionals.h (which `__APPLE__` sources include, and which is empty here: its macros are given outright).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.prove.compiler import Language
from amalgamate.prove.data_models import DataModel

if TYPE_CHECKING:
    from collections.abc import Mapping

Macros = dict[str, str]


def _ones(names: str) -> Macros:
    return dict.fromkeys(names.split(), "1")


_OF_LANGUAGE = re.compile(
    r"__cpp_\w+|__STRICT_ANSI__|__GNUG__|__DEPRECATED|__EXCEPTIONS|__OPTIMIZE\w*__|__NO_INLINE__|__GNUC_(?:GNU|STDC)_INLINE__"
    r"|__GXX_(?:EXPERIMENTAL_CXX0X__|WEAK__|ABI_VERSION|RTTI)|__private_extern__"
)
_EVERYWHERE = re.compile(
    r"__PRAGMA_REDEFINE_EXTNAME|__CONSTANT_CFSTRINGS__|__BITINT_MAXWIDTH__|__FINITE_MATH_ONLY__"
    r"|__(?:GCC_|CLANG_)?ATOMIC_(?!HLE)\w+|__(?:FLT|DBL)_\w+|__CHAR_BIT__|__CHAR(?:16|32)_TYPE__|__ORDER_\w+|__BOOL_WIDTH__"
    r"|__U?INT(?:_LEAST)?(?:8|16|32)_(?:TYPE|MAX|WIDTH)__|__U?INT(?:8|16|32)_C_SUFFIX__"
    r"|__(?:SCHAR|SHRT|INT|LONG_LONG)_MAX__"
    r"|__(?:SCHAR|SHRT|INT|LLONG|LONG_LONG)_WIDTH__|__SIZEOF_(?:SHORT|INT|LONG_LONG|FLOAT|DOUBLE)__"
)
_IDENTITY = re.compile(r"__GNUC__|__GNUC_MINOR__|__GNUC_PATCHLEVEL__|__VERSION__|__clang(?!_wide)\w*|__llvm__")
_APPLE_CLANG: Macros = {
    "__clang__": "1",
    "__clang_major__": "17",
    "__clang_minor__": "0",
    "__clang_patchlevel__": "6",
    "__llvm__": "1",
    "__GNUC__": "4",
    "__GNUC_MINOR__": "2",
    "__GNUC_PATCHLEVEL__": "1",
    "__VERSION__": '"Clang 17.0.6"',
}
_ONLY_OF_CLANG = re.compile(
    r"__LITTLE_ENDIAN__|__FLOAT128__|__NO_MATH_INLINES|__NO_MATH_ERRNO__|__POINTER_WIDTH__|__U\w+_WIDTH__"
    r"|__\w+_C_SUFFIX__|__WINT_UNSIGNED__|__seg_\w+|__tune_\w+"
)
"""What no other compiler defines."""
_ONLY_CLANG = frozenset({"macos", "ios", "android", "emscripten"})
"""Where any other compiler says that it is clang."""
_GNU: Macros = {
    "__BYTE_ORDER__": "__ORDER_LITTLE_ENDIAN__",
    "__LITTLE_ENDIAN__": "1",
    "__BIGGEST_ALIGNMENT__": "16",
    "__USER_LABEL_PREFIX__": "",
}
_SYNC = {f"__GCC_HAVE_SYNC_COMPARE_AND_SWAP_{size}": "1" for size in (1, 2, 4, 8)}
_LP64: Macros = {**DataModel().macros(), **_ones("__LP64__ _LP64")}
_PIC: Macros = {"__PIC__": "2", "__pic__": "2"}
_PIE: Macros = {**_PIC, "__PIE__": "2", "__pie__": "2"}
_X86_64: Macros = {
    **_SYNC,
    "__REGISTER_PREFIX__": "",
    "__seg_fs": "__attribute__((address_space(257)))",
    "__seg_gs": "__attribute__((address_space(256)))",
    **_ones("__x86_64__ __x86_64 __amd64__ __amd64 __SSE__ __SSE2__ __MMX__ __FXSR__ __SSE_MATH__ __SSE2_MATH__"),
    **_ones(
        "__k8 __k8__ __tune_k8__ __code_model_small__ __NO_MATH_INLINES __SEG_FS __SEG_GS __GCC_ASM_FLAG_OUTPUTS__"
    ),
}
_AARCH64: Macros = {
    **_SYNC,
    "__ARM_ARCH": "8",
    "__ARM_ARCH_PROFILE": "'A'",
    "__ARM_ACLE": "200",
    "__ARM_ALIGN_MAX_STACK_PWR": "4",
    "__ARM_FP": "0xE",
    "__ARM_NEON_FP": "0xE",
    "__ARM_FEATURE_LDREX": "0xF",
    "__ARM_SIZEOF_MINIMAL_ENUM": "4",
    "__ARM_SIZEOF_WCHAR_T": "4",
    **_ones("__aarch64__ __AARCH64EL__ __AARCH64_CMODEL_SMALL__ __ARM_64BIT_STATE __ARM_ARCH_ISA_A64 __ARM_NEON"),
    **_ones("__ARM_PCS_AAPCS64 __ARM_FP16_ARGS __ARM_FP16_FORMAT_IEEE __ARM_FEATURE_CLZ __ARM_FEATURE_DIV"),
    **_ones("__ARM_FEATURE_DIRECTED_ROUNDING __ARM_FEATURE_FMA __ARM_FEATURE_IDIV __ARM_FEATURE_NUMERIC_MAXMIN"),
    **_ones("__ARM_FEATURE_UNALIGNED"),
}
_AARCH64_LINUX: Macros = {
    **_AARCH64,
    **DataModel(wchar="unsigned int", wint="unsigned int", long_double="quad").macros(),
    **_ones("__CHAR_UNSIGNED__"),
}
_UNIX = _ones("__unix__ __unix unix")
_ELF = _ones("__ELF__")
_LINUX = {**_UNIX, **_ELF, **_ones("__linux__ __linux linux")}
_APPLE: Macros = {
    **_GNU,
    **_LP64,
    **DataModel(int64="long long int", long_double="double").macros(),
    **_AARCH64,
    **_PIC,
    "__BIGGEST_ALIGNMENT__": "8",
    "__REGISTER_PREFIX__": "",
    "__USER_LABEL_PREFIX__": "_",
    "__APPLE_CC__": "6000",
    "__block": "__attribute__((__blocks__(byref)))",
    "__nonnull": "_Nonnull",
    "__null_unspecified": "_Null_unspecified",
    "__nullable": "_Nullable",
    "__strong": "",
    "__unsafe_unretained": "",
    "__weak": "__attribute__((objc_gc(weak)))",
    **_ones("__APPLE__ __MACH__ __DYNAMIC__ __arm64 __arm64__ __ARM_NEON__ __AARCH64_SIMD__ __ARM64_ARCH_8__"),
    **_ones("__ARM_FEATURE_AES __ARM_FEATURE_CRYPTO __ARM_FEATURE_SHA2 __BLOCKS__ __NO_MATH_ERRNO__ __SSP__"),
    **_ones("TARGET_OS_MAC"),
}
_WINDOWS = _ones("_WIN32 _WIN64")
_CALLS = "cdecl fastcall stdcall thiscall pascal"

_MACROS: dict[str, Macros] = {
    "linux-x86_64": {
        **_GNU, **_LP64, **DataModel(wint="unsigned int").macros(), **_X86_64, **_LINUX, **_PIE,
        "__gnu_linux__": "1", "__FLOAT128__": "1", "__SIZEOF_FLOAT128__": "16",
    },
    "linux-aarch64": {**_GNU, **_LP64, **_AARCH64_LINUX, **_LINUX, **_PIE, "__gnu_linux__": "1"},
    "windows-msvc": {
        **_WINDOWS,
        "_MSC_VER": "1938",
        "_MSC_FULL_VER": "193833133",
        "_MSC_BUILD": "1",
        "_MSC_EXTENSIONS": "1",
        "_MSVC_EXECUTION_CHARACTER_SET": "1252",
        "_M_X64": "100",
        "_M_AMD64": "100",
        "_M_FP_PRECISE": "1",
        "_INTEGRAL_MAX_BITS": "64",
        "_MT": "1",
        "_DLL": "1",
    },
    "windows-mingw": {
        **_GNU,
        **DataModel(
            long_bits=32, size="long long int", int64="long long int", intmax="long long int",
            wchar="unsigned short", wint="unsigned short",
        ).macros(),
        **_X86_64,
        **_WINDOWS,
        **_PIC,
        **_ones("__MINGW32__ __MINGW64__ __WIN32__ __WIN32 WIN32 __WIN64__ __WIN64 WIN64 __WINNT__ __WINNT WINNT"),
        **_ones("__MSVCRT__ __SEH__"),
        **{f"{line}{call}": f"__attribute__((__{call}__))" for call in _CALLS.split() for line in ("_", "__")},
        "__SIZEOF_FLOAT128__": "16",
        "__declspec(a)": "__attribute__((a))",
    },
    "macos": {
        **_APPLE,
        "__ENVIRONMENT_MAC_OS_X_VERSION_MIN_REQUIRED__": "130000",
        **_ones("__ARM_FEATURE_ATOMICS __ARM_FEATURE_COMPLEX __ARM_FEATURE_CRC32 __ARM_FEATURE_DOTPROD"),
        **_ones("__ARM_FEATURE_FP16_FML __ARM_FEATURE_FP16_SCALAR_ARITHMETIC __ARM_FEATURE_FP16_VECTOR_ARITHMETIC"),
        **_ones("__ARM_FEATURE_FRINT __ARM_FEATURE_JCVT __ARM_FEATURE_QRDMX TARGET_OS_OSX"),
        "TARGET_OS_IPHONE": "0",
    },
    "ios": {
        **_APPLE,
        "__ENVIRONMENT_IPHONE_OS_VERSION_MIN_REQUIRED__": "150000",
        **_ones("TARGET_OS_IPHONE TARGET_OS_IOS"),
        "TARGET_OS_OSX": "0",
    },
    "android": {
        **_GNU,
        **_LP64,
        **_AARCH64_LINUX,
        **_LINUX,
        **_PIE,
        "__ANDROID__": "1",
        "ANDROID": "1",
        "__ANDROID_API__": "24",
        "__ANDROID_MIN_SDK_VERSION__": "24",
        "__BIONIC__": "1",
        "__NO_MATH_ERRNO__": "1",
    },
    "emscripten": {
        **_GNU,
        **DataModel(
            long_bits=32, pointer_bits=32, int64="long long int", intmax="long long int", long_double="quad",
        ).macros(),
        "__SIG_ATOMIC_MAX__": "2147483647L",
        "__EMSCRIPTEN_major__": "3",
        "__EMSCRIPTEN_minor__": "1",
        "__EMSCRIPTEN_tiny__": "60",
        **_UNIX,
        **_ones("__EMSCRIPTEN__ __wasm__ __wasm32__ __wasm __wasm32 __ILP32__ _ILP32 __NO_MATH_ERRNO__ __FLOAT128__"),
    },
    "freebsd": {
        **_GNU,
        **_LP64,
        **_X86_64,
        **_UNIX,
        **_ELF,
        "__FreeBSD__": "14",
        "__FreeBSD_cc_version": "1400006",
        **_ones("__KPRINTF_ATTRIBUTE__ __NO_MATH_ERRNO__"),
    },
}  # fmt: skip
_MSVC_CXX_MACROS: Macros = {
    **_ones("_CPPUNWIND _CPPRTTI _NATIVE_WCHAR_T_DEFINED _WCHAR_T_DEFINED _NATIVE_NULLPTR_SUPPORTED __BOOL_DEFINED"),
    **_ones("_HAS_CHAR16_T_LANGUAGE_SUPPORT _RVALUE_REFERENCES_SUPPORTED _RVALUE_REFERENCES_V2_SUPPORTED"),
    "_MSVC_LANG": "__cplusplus",
}
_WITH_GNU_SOURCE = frozenset({"linux-x86_64", "linux-aarch64", "android", "emscripten"})
"""Where g++ and clang++ say so."""


def macros_of(platform: str, language: Language, own: Mapping[str, str]) -> Macros:
    """Return what a compiler of `platform` defines for `language`, if the one that is there defines `own` here."""
    is_msvc = platform == "windows-msvc"
    macros = dict(_MACROS[platform])
    macros |= {name: body for name, body in own.items() if name.startswith("__cpp_")} if is_msvc else _shared(own)
    if not is_msvc:
        is_other = platform in _ONLY_CLANG and "__clang__" not in own
        macros |= _APPLE_CLANG if is_other else {name: own[name] for name in own if _IDENTITY.fullmatch(name)}
    if "__clang__" not in macros:
        macros = {name: body for name, body in macros.items() if not _ONLY_OF_CLANG.fullmatch(name)}
    if platform == "emscripten":
        macros.pop("__cpp_threadsafe_static_init", None)  # it has no threads unless it is asked for them
    if language is Language.CXX:
        macros |= _MSVC_CXX_MACROS if is_msvc else {}
        macros |= {"_GNU_SOURCE": "1"} if platform in _WITH_GNU_SOURCE else {}
    if "__STRICT_ANSI__" in own:  # then the names that users may have are theirs
        macros = {name: body for name, body in macros.items() if name not in _OF_USERS}
    return macros


_OF_USERS = frozenset({"linux", "unix", "WIN32", "WIN64", "WINNT"})


def _shared(own: Mapping[str, str]) -> Macros:
    """Return what is the same wherever a compiler runs."""
    patterns = _OF_LANGUAGE, _EVERYWHERE
    return {name: body for name, body in own.items() if any(pattern.fullmatch(name) for pattern in patterns)}
