"""What a name is at each place of a declaration, in C and in C++, parsed or not."""

from __future__ import annotations

import pytest

from amalgamate.read.names.declarations import Declaration
from amalgamate.read.names.outline import Chunk, guessed_names, is_bare, occurrences, outline
from amalgamate.read.names.roles import Place, Role, What, plain_uses
from amalgamate.read.scanner import hide, scan


def marked(text: str, *, is_cplusplus: bool) -> str:
    """Return the text with a letter for the role of `x` at each of its places."""
    letters = {Role.DECLARES: "D", Role.USES: "U", Role.OTHER: "o", Role.UNSURE: "?"}
    result = text
    for place in reversed(Declaration(text.encode(), is_cplusplus=is_cplusplus).places(b"x")):
        result = result[: place.offset] + letters[place.role] + result[place.offset + 1 :]
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("static int x(int x) { return x; }", "static int D(int o) { return o; }"),
        ("static int x, *y = &x, (*f)(int x);", "static int D, *y = &U, (*f)(int o);"),
        ("int f(void) { return p->x + s.x + x; }", "int f(void) { return p->o + s.o + U; }"),
        ("struct s v = { .x = x, [x] = 1 };", "struct s v = { .o = U, [U] = 1 };"),
        ("typedef struct x { int x; struct x *n; } x;", "typedef struct D { int o; struct U *n; } D;"),
        ("struct s { enum { x } e; struct x { int i; } m; };", "struct s { enum { D } e; struct D { int i; } m; };"),
        ("int f(void) { goto x; x: return x; }", "int f(void) { goto o; o: return U; }"),
        ("int f(void) { x(); { int x = 1; x++; } x(); }", "int f(void) { U(); { int o = 1; o++; } U(); }"),
        ("int f(void) { for (int x = 0; x; x++) x; x; }", "int f(void) { for (int o = 0; o; o++) o; U; }"),
        ("int f(void) { extern int x; int x(int); return x; }", "int f(void) { extern int U; int U(int); return U; }"),
        ("void f(struct x *a) { struct x { int i; } b; }", "void f(struct U *a) { struct o { int i; } b; }"),
        ("static x *f(x a, x (*b)(x)) { return (x *)a; }", "static U *f(U a, U (*b)(U)) { return (U *)a; }"),
        ("int (*x(int y))(int) { return 0; }", "int (*D(int y))(int) { return 0; }"),
    ],
)  # fmt: skip
def test_roles_in_c(text: str, expected: str) -> None:
    assert marked(text, is_cplusplus=False) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class x { public: x(); ~x(); x(const x &); };", "class D { public: U(); ~U(); U(const U &); };"),
        ("x::x() : a(x()) {}", "U::U() : a(U()) {}"),
        ("struct s { int x; int f() { return x; } };", "struct s { int o; int f() { return U; } };"),
        ("struct s { friend int x(s); };", "struct s { friend int D(s); };"),
        ("template <class x> x f(x a);", "template <class o> o f(o a);"),
        ("template <> struct t<x> : b<x>, x {};", "template <> struct t<U> : b<U>, U {};"),
        ("using x = int;", "using D = int;"),
        ("using a::x;", "using a::D;"),
        ("namespace x = a::b;", "namespace D = a::b;"),
        ("enum class e { x };", "enum class e { o };"),
        ("enum e { x };", "enum e { D };"),
        ("const auto [x, y] = f();", "const auto [D, y] = f();"),
        ("int f() { return [x = x](int y) { return x; }(x); }", "int f() { return [o = U](int y) { return o; }(U); }"),
        ("int f() { return [](int x) { return x; }(x); }", "int f() { return [](int o) { return o; }(U); }"),
        ("int f() { if (int x = 1; x) x; return x; }", "int f() { if (int o = 1; o) o; return U; }"),
        ("void f() { try { x(); } catch (x &x) { x; } }", "void f() { try { U(); } catch (o &o) { o; } }"),
        ("void f() { for (auto x : x) x; }", "void f() { for (auto o : U) o; }"),
        ("int f() { return o.template x<int>() + ::x(); }", "int f() { return o.template o<int>() + ::U(); }"),
    ],
)  # fmt: skip
def test_roles_in_cplusplus(text: str, expected: str) -> None:
    assert marked(text, is_cplusplus=True) == expected


def test_a_place_tells_what_is_declared() -> None:
    text = b"int n::x(int a, ...) const { return m::x<int>(1, 2); }"
    assert Declaration(text, is_cplusplus=True).places(b"x") == [
        Place(7, Role.USES, What.FUNCTION, is_definition=True, qualifier=(b"n",), arity=(1, 1 << 30)),
        Place(39, Role.USES, qualifier=(b"m",), classes=(b"n",)),
    ]


@pytest.mark.parametrize(
    ("text", "is_constant"),
    [
        ("const int x = 1;", True),
        ("const int *x;", False),
        ("int *const x = 0;", True),
        ("const int x[] = {1};", True),
        ("constexpr const char *x = 0;", True),
        ("static int x;", False),
    ],
)
def test_a_constant_is_one_behind_its_last_asterisk(text: str, is_constant: bool) -> None:
    (place,) = Declaration(text.encode(), is_cplusplus=True).places(b"x")
    assert place.is_constant == is_constant


def test_a_broken_declaration_is_read_by_its_words_and_doubted_where_they_do_not_tell() -> None:
    text = b"static int f(void) { LOOP(i { int x = 1; p->x = 2; x(3); return 1 + x; }"
    declaration = Declaration(text, is_cplusplus=False)
    assert not declaration.is_understood
    roles = [(text[place.offset - 3 : place.offset], place.role) for place in declaration.places(b"x")]
    assert roles[0] == (b"nt ", Role.UNSURE)
    assert roles[1] == (b"p->", Role.OTHER)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("int f(void) { x(1); g(x, 1); return 2 * y + x[0]; }", "UUU"),
        ("int f(void) { p->x = x; s.x++; }", "oUo"),
        ("int f(void) { int x = 1; return 1 + x; }", None),
        ("int f(void) { int a = 1, x; }", None),
        ("int f(void) { int *x; }", None),
        ("int f(void) { int (x); }", None),
        ("int f(void) { goto x; x: ; }", None),
        ("int f(void) { enum { a, x }; g(x); }", None),
        ("int f(int x) { return (x); }", None),
        ("static int x;", None),
    ],
)
def test_words_tell_of_plain_uses_and_of_nothing_else(text: str, roles: str | None) -> None:
    (chunk,) = outlined(text)
    places = plain_uses(chunk, b"x")
    letters = {Role.USES: "U", Role.OTHER: "o"}
    assert (None if places is None else "".join(letters[place.role] for place in places)) == roles
    if places is not None:
        assert [place.role for place in Declaration(text.encode(), is_cplusplus=False).places(b"x")] == [
            place.role for place in places
        ]


# The outline


def chunks(text: str) -> list[tuple[tuple[bytes, ...], bytes]]:
    return [(chunk.path, chunk.text) for chunk in outlined(text)]


def outlined(text: str) -> tuple[Chunk, ...]:
    data = text.encode()
    return outline(hide(data), scan(data)).chunks


def test_declarations_are_cut_at_namespace_scope() -> None:
    text = """namespace a { namespace { int f() { return 1; } } extern "C" { struct s { int m; } v; } }
int x[] = {1, 2}, y; A::A() : b{1}, c(2) { } [[gnu::hot]] void g();"""
    assert chunks(text) == [
        ((b"a", b""), b"int f() { return 1; }"),
        ((b"a",), b"struct s { int m; } v;"),
        ((), b"int x[] = {1, 2}, y;"),
        ((), b"A::A() : b{1}, c(2) { }"),
        ((), b"[[gnu::hot]] void g();"),
    ]


def test_every_branch_of_a_condition_stands_in_a_form() -> None:
    text = "#if A\nint f(int a) {\n#elif B\nint f(long b) {\n#else\nint f() {\n#endif\nreturn 1; }\nint g;\n"
    found = [text.split() for _, text in chunks(text)]
    assert found == [
        [b"int", b"f(int", b"a)", b"{", b"return", b"1;", b"}"],
        [b"int", b"g;"],
        [b"int", b"f(long", b"b)", b"{", b"return", b"1;", b"}"],
        [b"int", b"f()", b"{", b"return", b"1;", b"}"],
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("static int f(int a, int b);", {b"f"}),
        ("static int (*f)(int), *g = 0, h[3];", {b"f", b"g", b"h"}),
        ("static int (*f(int a))(int) { }", {b"f"}),
        ("typedef struct a { int m; enum { e, f = 2 } n; } b, *c;", {b"a", b"e", b"f", b"b", b"c"}),
        ("static const int a[] = {1}, b[] = {2};", {b"a", b"b"}),
    ],
)
def test_a_guess_has_every_declared_name(text: str, names: set[bytes]) -> None:
    (chunk,) = outlined(text)
    assert names <= guessed_names(chunk)
    assert not guessed_names(chunk) & {b"static", b"const", b"m"}


def test_a_word_is_bare_where_nothing_qualifies_it() -> None:
    text = b"x + a.x + p->x + ::x + n::x + t<1>::x + f(...x) + xx"
    assert [is_bare(text, at) for at in occurrences(text, b"x")] == [True, False, False, True, False, False, True]


def test_what_is_hidden_keeps_its_length_and_its_lines() -> None:
    text = b"""a "b\\"c" 'd' R"x(e"
f)x" // g \\
h
/* i
*/ 1'000'j extern "C" "open
k"""
    hidden = hide(text)
    assert (len(hidden), hidden.count(b"\n")) == (len(text), text.count(b"\n"))
    assert hidden.split() == [b"a", b'"', b'"', b"'", b"'", b'R"(', b')"', b"1'000'j", b"extern", b'"C"', b'"', b"k"]
