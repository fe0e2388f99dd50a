"""Names that system headers declare and that a source file may well give to something of its own.

System headers are not read. A source file that has no use for one of these headers may have a static function of such
a name; in one file it would meet the header that another source file includes.

Source: C23, POSIX.1-2024, and the BSD and GNU functions that the same headers declare by default.
"""

from __future__ import annotations

_BY_HEADER = {
    "math.h": """acos asin atan atan2 cbrt ceil copysign cos cosh drem erf erfc exp exp2 expm1 fabs fdim finite floor
        fma fmax fmin fmod frexp gamma hypot ilogb isinf isnan j0 j1 jn ldexp lgamma log log10 log1p log2 logb lrint
        lround modf nan nearbyint pow remainder rint round scalb scalbn signgam significand sin sinh sqrt tan tanh
        tgamma trunc y0 y1 yn""",
    "stdlib.h": """abort abs atexit atof atoi atol bsearch calloc div exit free getenv l64a labs ldiv malloc mktemp
        putenv qsort rand random realloc reallocarray realpath select setenv setstate srand system""",
    "string.h": """basename bcmp bcopy bzero ffs index memccpy memmem rindex stpcpy strcasestr strchrnul strdup
        strerror strlcat strlcpy strndup strnlen strsep strsignal strtok swab""",
    "strings.h": "bcmp bcopy bzero ffs index rindex",
    "stdio.h": """fclose fileno fread fwrite getc getline getw perror popen printf putc puts putw remove rename rewind
        sprintf stderr stdin stdout tempnam tmpfile tmpnam ungetc""",
    "unistd.h": """access alarm brk chdir chown chroot close crypt daemon dup dup2 encrypt environ execl execv fork
        fsync ftruncate getopt getpid isatty link lseek nice optarg opterr optind optopt pause pipe pread pwrite
        read readlink rmdir sleep swab symlink sync syscall sysconf truncate unlink usleep vfork vhangup write""",
    "time.h": "clock ctime daylight difftime gmtime mktime time timezone tzname tzset",
    "signal.h": "kill raise sigaction signal",
    "fcntl.h": "creat open openat splice tee",
    "sys/stat.h": "chmod fstat lstat mkdir mkfifo stat umask",
    "sys/socket.h": "accept bind connect listen recv send shutdown socket",
    "sys/wait.h": "wait",
    "sys/mman.h": "mlock mmap munmap",
    "sys/mount.h": "mount umount",
    "err.h": "err errx warn warnx",
    "error.h": "error",
    "libgen.h": "basename dirname",
    "search.h": "insque lfind lsearch remque tfind tsearch twalk",
    "poll.h": "poll",
    "sys/select.h": "select",
    "ctype.h": """isalnum isalpha isascii isblank isdigit islower isspace isupper toascii tolower toupper""",
    "dirent.h": "readdir scandir",
    "regex.h": "advance regcomp regexec step",
    "sched.h": "clone unshare",
    "sys/uio.h": "readv writev",
    "glob.h": "glob",
    "getopt.h": "getopt optarg opterr optind optopt",
    "utime.h": "utime",
    "sys/times.h": "times",
    "syslog.h": "syslog",
    "sys/utsname.h": "uname",
    "sys/ioctl.h": "ioctl",
    "ulimit.h": "ulimit",
}
_OF_THE_LIBRARY = ("math.h", "stdlib.h", "string.h", "stdio.h", "time.h", "unistd.h", "ctype.h")
"""What a header of the C++ library may bring along."""
_HEADERS: dict[bytes, frozenset[str]] = {
    name.encode(): frozenset(header for header, names in _BY_HEADER.items() if name in names.split())
    for names in _BY_HEADER.values()
    for name in names.split()
}
SYSTEM_NAMES = frozenset(_HEADERS)


def may_declare(header: bytes, name: bytes) -> bool:
    """Tell whether a header, named as `<math.h>`, may declare the name; false for names that no header does."""
    wanted = _HEADERS.get(name, frozenset())
    plain = header.strip(b"<>").decode("utf-8", "replace")
    if plain in wanted:
        return True
    if "." in plain:
        return False
    return f"{plain[1:]}.h" in wanted if f"{plain[1:]}.h" in _BY_HEADER else not wanted.isdisjoint(_OF_THE_LIBRARY)
