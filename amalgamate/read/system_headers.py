"""The headers that come with compilers and operating systems: what a quoted include may name besides project files.

Also tells which of them a repeat may be dropped of: a standard header does nothing the second time, except the few
that are made to be read again.

Source: C23 clause 7, C++23 [headers], POSIX.1-2024, the Linux man-pages, Windows SDK and Apple SDK indexes.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - a table of names reads best without quotes

_C = frozenset(
    """assert.h complex.h ctype.h errno.h fenv.h float.h inttypes.h iso646.h limits.h locale.h math.h setjmp.h signal.h
    stdalign.h stdarg.h stdatomic.h stdbit.h stdbool.h stdckdint.h stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h
    string.h tgmath.h threads.h time.h uchar.h wchar.h wctype.h""".split()
)
_CPLUSPLUS = frozenset(
    """algorithm any array atomic barrier bit bitset cassert ccomplex cctype cerrno cfenv cfloat charconv chrono
    cinttypes ciso646 climits clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp
    csignal cstdalign cstdarg cstdbool cstddef cstdint cstdio cstdlib cstring ctgmath ctime cuchar cwchar cwctype deque
    exception execution expected filesystem flat_map flat_set format forward_list fstream functional future generator
    initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map mdspan memory
    memory_resource mutex new numbers numeric optional ostream print queue random ranges ratio regex scoped_allocator
    semaphore set shared_mutex source_location span spanstream sstream stack stacktrace stdexcept stdfloat stop_token
    streambuf string string_view strstream syncstream system_error thread tuple type_traits typeindex typeinfo
    unordered_map unordered_set utility valarray variant vector version cxxabi.h""".split()
)
_POSIX = frozenset(
    """aio.h alloca.h ar.h byteswap.h cpio.h crypt.h dirent.h dlfcn.h elf.h endian.h err.h error.h execinfo.h fcntl.h
    features.h fmtmsg.h fnmatch.h ftw.h getopt.h glob.h grp.h iconv.h ifaddrs.h langinfo.h libgen.h libintl.h link.h
    malloc.h memory.h mntent.h monetary.h mqueue.h ndbm.h netdb.h nl_types.h obstack.h paths.h poll.h pthread.h pty.h
    pwd.h regex.h resolv.h sched.h search.h semaphore.h shadow.h spawn.h strings.h stropts.h sysexits.h syslog.h tar.h
    term.h termio.h termios.h trace.h ucontext.h ulimit.h unistd.h unwind.h utime.h utmp.h utmpx.h values.h wait.h
    wordexp.h""".split()
)
_PLATFORM = frozenset(
    """windows.h winsock.h winsock2.h ws2tcpip.h mswsock.h windef.h winbase.h winnt.h winuser.h wincrypt.h winternl.h
    winioctl.h wininet.h winreg.h winver.h windowsx.h shellapi.h shlobj.h shlwapi.h objbase.h ole2.h combaseapi.h
    bcrypt.h ntstatus.h psapi.h tlhelp32.h dbghelp.h iphlpapi.h rpc.h tchar.h io.h direct.h process.h conio.h crtdbg.h
    intrin.h immintrin.h emmintrin.h xmmintrin.h pmmintrin.h tmmintrin.h smmintrin.h nmmintrin.h wmmintrin.h
    avxintrin.h avx2intrin.h avx512fintrin.h ammintrin.h mmintrin.h x86intrin.h cpuid.h arm_neon.h arm_acle.h arm_sve.h
    altivec.h wasm_simd128.h msa.h lsxintrin.h riscv_vector.h synchapi.h sysinfoapi.h processthreadsapi.h
    fileapi.h handleapi.h profileapi.h timeapi.h mmsystem.h share.h sal.h specstrings.h safeint.h
    AvailabilityMacros.h Availability.h TargetConditionals.h Block.h libkern/OSByteOrder.h libkern/OSAtomic.h
    copyfile.h crt_externs.h xlocale.h libproc.h os/log.h dispatch/dispatch.h
    sanitizer/asan_interface.h sanitizer/msan_interface.h sanitizer/tsan_interface.h emscripten.h
    emscripten/emscripten.h valgrind/valgrind.h valgrind/memcheck.h jni.h""".split()
)
_KNOWN = _C | _CPLUSPLUS | _POSIX | _PLATFORM
_PLATFORM_FOLDERS = (
    "sys/", "linux/", "asm/", "asm-generic/", "arpa/", "net/", "netinet/", "rpc/", "mach/", "mach-o/", "libkern/",
    "machine/", "android/", "bits/", "experimental/", "ext/", "winrt/", "CoreFoundation/", "CoreServices/",
    "Accelerate/", "Foundation/", "Security/", "IOKit/", "Metal/",
)  # fmt: skip
_MADE_TO_BE_REPEATED = frozenset({"assert.h", "cassert", "stddef.h", "pshpack1.h", "poppack.h"})


def is_system_header(spelling: str) -> bool:
    """Tell whether `spelling` (without quotes) is a header of a compiler or an operating system."""
    return spelling in _KNOWN or spelling.startswith(_PLATFORM_FOLDERS)


def is_idempotent(spelling: str) -> bool:
    """Tell whether reading the header a second time is known to do nothing.

    `<assert.h>` follows NDEBUG each time; `<stddef.h>` follows `__need_size_t`; of headers nobody knows, nothing is
    known.
    """
    return is_system_header(spelling) and spelling not in _MADE_TO_BE_REPEATED
