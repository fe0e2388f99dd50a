"""File-local names that meet in one file: functions, tables, types, templates, macros that mention them."""

from __future__ import annotations

from conformance.case import Case


def c(
    name: str, rule: str, a: str, main: str, *, refusal: str = "", contains: tuple[str, ...] = (), **more: str
) -> Case:
    """Return a case of two C units, `a.c` and `main.c`, and of further files by their stems."""
    files = {"a.c": a, **{f"{stem}.h": text for stem, text in more.items()}, "main.c": main}
    return Case(name, rule, files, sources=("a.c", "main.c"), refusal=refusal, must_contain=contains)


def cpp(
    name: str, rule: str, a: str, main: str, *, refusal: str = "", contains: tuple[str, ...] = (), **more: str
) -> Case:
    """Return a case of two C++ units, `a.cpp` and `main.cpp`, and of further files by their stems."""
    files = {"a.cpp": a, **{f"{stem}.h": text for stem, text in more.items()}, "main.cpp": main}
    return Case(name, rule, files, sources=("a.cpp", "main.cpp"), refusal=refusal, must_contain=contains)


IN_C = [
    c(
        "names_static_function_and_member",
        "a static function is renamed, a member of its name is not",
        """
struct s { int helper; };
static int helper(struct s *p) { return p->helper; }
int fa(void) { struct s v = { .helper = 3 }; int (*f)(struct s *) = helper; return f(&v) + helper(&v) + v.helper; }
""",
        """
int fa(void);
static int helper(void) { return 9; }
int main(void) { return fa() - helper(); }
""",
        contains=("int (*f)(struct s *) = helper_a;", ".helper = 3", "v.helper;"),
    ),
    c(
        "names_static_table",
        "static tables of one name are two tables",
        """
static const int table[] = { 1, 2, 3 };
int fa(void) { return table[2] + (int)(sizeof table / sizeof table[0]); }
""",
        """
int fa(void);
static const int table[] = { 7 };
int main(void) { return fa() == 6 && table[0] == 7 && sizeof table == sizeof(int) ? 0 : 1; }
""",
    ),
    c(
        "names_tentative_static",
        "a static variable that is declared twice and changed stays its unit's",
        """
static int count;
static int count;
int fa(void) { return ++count; }
""",
        """
int fa(void);
static int count = 10;
int main(void) { fa(); fa(); ++count; return fa() == 3 && count == 11 ? 0 : 1; }
""",
    ),
    c(
        "names_tags_of_two_kinds",
        "a struct of one unit and a union of another may have one tag",
        """
struct node { int a, b; struct node *next; };
int fa(void) { struct node n = { 1, 2, 0 }; n.next = &n; return n.next->b; }
""",
        """
int fa(void);
union node { char c; int i; };
int main(void) { union node n; n.i = fa(); return n.i - 2; }
""",
    ),
    c(
        "names_tag_and_function_apart",
        "a tag is a name of its own beside a function of the name",
        """
struct item { int value; };
static int item(struct item *i) { return i->value; }
int fa(void) { struct item it = { 4 }; return item(&it); }
""",
        """
int fa(void);
struct item;
static int item(void) { return 4; }
int main(void) { return fa() - item(); }
""",
    ),
    c(
        "names_typedefs",
        "units may have typedefs of one name",
        """
typedef struct { long x; } pair;
typedef pair (*maker)(long);
static pair make(long x) { pair p = { x }; return p; }
int fa(void) { maker m = make; pair p = m(5); return (int)p.x + (int)sizeof(pair); }
""",
        """
int fa(void);
typedef char pair;
typedef int maker;
int main(void) { maker m = sizeof(pair); return fa() == 5 + (int)sizeof(long) && m == 1 ? 0 : 1; }
""",
    ),
    c(
        "names_enumerators",
        "enumerators of a nameless enumeration are file-local, inside a struct too",
        """
enum { LOW = 1, HIGH };
struct s { enum { RED = 5, BLUE } colour; };
int fa(void) { struct s v; v.colour = BLUE; return LOW + HIGH + v.colour; }
""",
        """
int fa(void);
enum { HIGH = 40, LOW };
enum colour { BLUE, RED };
int main(void) { return fa() == 9 && HIGH == 40 && BLUE == 0 && RED == 1 ? 0 : 1; }
""",
    ),
    c(
        "names_locals_hide",
        "parameters, locals and labels of the name stay, what they hide is renamed",
        """
static int limit = 3;
static int twice(int limit) { return limit * 2; }
int fa(void) {
  int sum = limit;
  { int limit = 100; sum += limit; }
  for (int limit = 0; limit < 2; limit++) sum += limit;
  goto limit;
limit:
  return sum + twice(1) + limit;
}
""",
        """
int fa(void);
static int limit = 5;
int main(void) { return fa() - 3 - 100 - 1 - 2 - 3 + limit - 5; }
""",
        contains=("goto limit;", "int limit = 100; sum += limit;", "return limit * 2;"),
    ),
    c(
        "names_macro_body",
        "a macro of the unit that mentions the name is renamed with it",
        """
static int scale(int x) { return 2 * x; }
#define APPLY(x) scale(x)
#define TWICE(scale) ((scale) * 2)
int fa(void) { return APPLY(3) + TWICE(4); }
""",
        """
int fa(void);
static int scale(int x) { return 5 * x; }
#define APPLY(x) scale(x)
int main(void) { return fa() == 14 && APPLY(1) == 5 ? 0 : 1; }
""",
    ),
    c(
        "names_open_branches",
        "both branches of an open condition are seen",
        """
#ifdef WIDE
static int size(long x) { return (int)x + 1; }
#else
static int size(int x) {
#endif
#ifndef WIDE
  return x;
}
#endif
int fa(void) { return size(2); }
""",
        """
int fa(void);
static int size(void) { return 2; }
int main(void) { int n = fa(); return n != size() && n != size() + 1; }
""",
    ),
    c(
        "names_split_head",
        "a condition in the middle of a declaration does not hide the name",
        """
static
#ifdef __cplusplus
inline
#endif
int pick(
#ifdef WIDE
  long
#else
  int
#endif
  pick_me) { return (int)pick_me; }
int fa(void) { return pick(2); }
""",
        """
int fa(void);
static int pick(void) { return 2; }
int main(void) { return fa() - pick(); }
""",
    ),
    c(
        "names_used_by_later_unit",
        "a later unit that uses a system function means the system's",
        """
static int index(int x) { return x + 1; }
int fa(void) { return index(1); }
""",
        """
#include <strings.h>
int fa(void);
int main(void) { return index("ab", 'b') != 0 && fa() == 2 ? 0 : 1; }
""",
    ),
    c(
        "names_of_a_system_header",
        "a static name of a unit does not meet the system header that only another includes",
        """
static int y1 = 1;
static int error(int x) { return x + y1; }
int fa(void) { return error(1); }
""",
        """
#include <math.h>
#include <error.h>
int fa(void);
int main(void) { return fa() == 2 && fabs(-1.0) == 1.0 ? 0 : 1; }
""",
    ),
    c(
        "names_external_function_of_later_unit",
        "a static function does not take the place of an external one of another unit",
        """
static int value(void) { return 1; }
int fa(void) { return value(); }
""",
        """
int fa(void);
int value(void) { return 2; }
int main(void) { return fa() + value() - 3; }
""",
    ),
    c(
        "names_external_function_of_earlier_unit",
        "a static function of a later unit gives way to an external one of an earlier",
        """
int value(void) { return 1; }
int fa(void) { return value(); }
""",
        """
int fa(void);
static int value(void) { return 2; }
int main(void) { return fa() + value() - 3; }
""",
    ),
    c(
        "names_header_of_later_unit",
        "a header that only a later unit includes does not meet a static of an earlier",
        """
static int width = 1;
int fa(void) { return width; }
""",
        """
#include "h.h"
int fa(void);
int width(void) { return 2; }
int main(void) { return fa() + area() - 5; }
""",
        h="""
#pragma once
int width(void);
static int area(void) { return width() * 2; }
""",
    ),
    c(
        "names_header_member",
        "a member in a header that both units read keeps its name",
        """
#include "h.h"
static int count = 2;
int fa(struct bag *b) { b->count += count; return b->count; }
""",
        """
#include "h.h"
int fa(struct bag *b);
static int count = 7;
int main(void) { struct bag b = { .count = 1 }; return fa(&b) == 3 && count == 7 ? 0 : 1; }
""",
        h="""
#pragma once
struct bag { int count; };
static inline int bag_count(const struct bag *b) { int count = b->count; return count; }
""",
    ),
    c(
        "names_opaque_struct",
        "a struct that a header declares and a unit defines is everybody's",
        """
#include "h.h"
struct engine { int power; };
static struct engine one = { 4 };
engine *make(void) { return &one; }
int power(engine *e) { return e->power; }
""",
        """
#include "h.h"
int main(void) { struct engine *e = make(); return power(e) - 4; }
""",
        h="""
#pragma once
typedef struct engine engine;
engine *make(void);
int power(engine *e);
""",
    ),
    c(
        "names_static_macro",
        "a macro may stand for static",
        """
#define local static
#define FORCE_INLINE static __attribute__((unused)) inline
local int helper(void) { return 1; }
FORCE_INLINE int other(void) { return 2; }
int fa(void) { return helper() + other(); }
""",
        """
#define local static
int fa(void);
local int helper(void) { return 10; }
local int other(void) { return 20; }
int main(void) { return fa() == 3 && helper() + other() == 30 ? 0 : 1; }
""",
    ),
    c(
        "names_repeat_header_in_two_units",
        "what an X-macro header declares static is each unit's own",
        """
#define KIND int
#include "list.h"
int fa(void) { return (int)sizeof(get()) + initial; }
""",
        """
#define KIND char
#include "list.h"
int fa(void);
int main(void) { return fa() == 1 + (int)sizeof(int) && sizeof(get()) == 1 ? 0 : 1; }
""",
        list="""
static KIND initial = 1;
static KIND get(void) { return initial; }
""",
    ),
    c(
        "names_function_pointer_and_array",
        "names in declarators of any shape are found",
        """
static int (*handler)(int);
static int (*handlers[2])(int);
static int next(int x) { return x + 1; }
static int (*choose(int which))(int) { return which ? handler : handlers[0]; }
int fa(void) { handler = next; handlers[0] = next; return choose(1)(1) + choose(0)(2); }
""",
        """
int fa(void);
static int handler, handlers, next, choose;
int main(void) { return fa() - 5 + handler + handlers + next + choose; }
""",
    ),
    c(
        "names_forward_declared_static",
        "a static function that is declared first and defined later is one",
        """
static int odd(int n);
static int even(int n) { return n == 0 ? 1 : odd(n - 1); }
int odd(int n) { return n == 0 ? 0 : even(n - 1); }
int fa(void) { return even(4); }
""",
        """
int fa(void);
static int odd = 1, even = 0;
int main(void) { return fa() - odd + even; }
""",
    ),
    c(
        "names_stringified",
        "a name that a macro makes a string of keeps it: the other unit gives way",
        """
#include <string.h>
static int alpha(void) { return 1; }
#define ENTRY(f) { #f, f }
static const struct { const char *name; int (*call)(void); } entries[] = { ENTRY(alpha) };
int fa(void) { return strcmp(entries[0].name, "alpha") == 0 ? entries[0].call() : 100; }
""",
        """
int fa(void);
static int alpha(void) { return 1; }
int main(void) { return fa() - alpha(); }
""",
        contains=("ENTRY(alpha)",),
    ),
    c(
        "names_spelt",
        "a macro that only makes a string of a name, and pastes it, does not mean what has the name",
        """
#include <string.h>
#define NAMED(f) static const char *const name_of_##f = #f
#define ENTRY(f) NAMED(f)
static int alpha(void) { return 1; }
ENTRY(alpha);
int fa(void) { return strcmp(name_of_alpha, "alpha") == 0 ? alpha() : 100; }
""",
        """
#include <string.h>
#define STRING(x) #x
int fa(void);
static int alpha(void) { return 1; }
int main(void) { return strcmp(STRING(alpha), "alpha") == 0 ? fa() - alpha() : 1; }
""",
        contains=("ENTRY(alpha)", "STRING(alpha)"),
    ),
    cpp(
        "names_qualified_beside_an_unnamed_namespace",
        "a qualified name finds what the namespace declares, whatever another unit's unnamed namespace in it has",
        """
#include "pass.h"
namespace pass { namespace {
int load(long x) { return int(x) + 1; }
int (*const loader)(long) = load;
} }
int fa() { return pass::loader(1) + pass::load("abc"); }
""",
        """
#include "pass.h"
int fa();
int main() { return fa() == 5 && pass::load("ab") == 2 ? 0 : 1; }
""",
        **{
            "pass": """
#pragma once
#include <string>
namespace pass { inline int load(const std::string& text) { return int(text.size()); } }
"""
        },
    ),
    cpp(
        "names_in_template_arguments",
        "a name among the arguments of a qualified template is not qualified itself",
        """
#include <utility>
#include <vector>
namespace n {
using item = std::pair<int, int>;
std::vector<item> items() { return std::vector<std::pair<item, int>>{{{1, 2}, 3}}.front().second == 3
    ? std::vector<item>{{4, 5}} : std::vector<item>(); }
}
int fa() { return n::items().front().second; }
""",
        """
#include <map>
int fa();
namespace n {
using item = int;
std::map<item, item> items(int first) { return {{first, 5}}; }
}
int main() { return fa() - n::items(1)[1]; }
""",
    ),
    c(
        "names_pasted",
        "a name that a macro pastes together is each unit's own",
        """
#define DECLARE(kind) static int kind##_size(void) { return (int)sizeof(kind); }
DECLARE(int)
int fa(void) { return int_size(); }
""",
        """
int fa(void);
static int int_size(void) { return 1; }
int main(void) { return fa() == (int)sizeof(int) && int_size() == 1 ? 0 : 1; }
""",
    ),
    c(
        "names_pasted_in_both",
        "names that macros paste together in two units do not clash",
        """
#define DECLARE(kind, n) static int get_##kind(void) { return n; }
DECLARE(one, 1)
int fa(void) { return get_one(); }
""",
        """
#define DECLARE(kind, n) static int get_##kind(void) { return n; }
DECLARE(one, 11)
int fa(void);
int main(void) { return fa() == 1 && get_one() == 11 ? 0 : 1; }
""",
    ),
    c(
        "names_alias_attribute",
        "a name in an alias attribute follows",
        """
static int real_value(void) { return 3; }
int fa(void) __attribute__((alias("real_value")));
""",
        """
int fa(void);
static int real_value(void) { return 4; }
int main(void) { return fa() == 3 && real_value() == 4 ? 0 : 1; }
""",
    ),
    c(
        "names_nested_scopes_of_tags",
        "a struct of a function's own is not the file's",
        """
struct box { int a; };
int fa(void) {
  struct box outer = { 1 };
  { struct box { char c[3]; } inner = { "ab" }; outer.a += (int)sizeof inner + inner.c[2]; }
  return outer.a + (int)sizeof(struct box);
}
""",
        """
int fa(void);
struct box { char c; };
int main(void) { struct box b = { 0 }; return fa() - 4 - (int)sizeof(int) + b.c; }
""",
    ),
]

IN_CPP = [
    cpp(
        "names_unnamed_namespace",
        "what is in an unnamed namespace stays its unit's: types, functions, variables, enumerators, aliases",
        """
namespace {
struct Point { int x, y; int sum() const { return x + y; } };
enum Colour { RED = 1, BLUE };
using Number = long;
Number scale = 3;
int helper(const Point &p) { return p.sum() * static_cast<int>(scale) + BLUE; }
}
int fa() { Point p{1, 2}; return helper(p); }
""",
        """
int fa();
namespace {
struct Point { char c; };
enum Colour { BLUE, RED };
using Number = char;
Number scale = 1;
int helper(Point p) { return p.c + RED; }
}
int main() { return fa() == 11 && helper(Point{scale}) == 2 ? 0 : 1; }
""",
    ),
    cpp(
        "names_overloads_merge",
        "static overloads of two units do not become one set",
        """
static int pick(double) { return 1; }
int fa() { return pick(3); }
""",
        """
int fa();
static int pick(int) { return 2; }
int main() { return fa() == 1 && pick(3) == 2 && pick(2.5) == 2 ? 0 : 1; }
""",
    ),
    cpp(
        "names_overload_set_in_one_unit",
        "an overload set is renamed as a whole",
        """
namespace { int pick(int) { return 1; } int pick(double) { return 2; } template <class T> int pick(T *) { return 4; } }
int fa() { int x = 0; return pick(1) + pick(1.0) + pick(&x); }
""",
        """
int fa();
static int pick(long) { return 8; }
int main() { return fa() + pick(1) - 15; }
""",
    ),
    cpp(
        "names_nested_namespaces",
        "a static in a named namespace that two units open is each unit's own",
        """
namespace lib { static int state = 1; static int step() { return ++state; } int fa() { return step() + lib::state; } }
""",
        """
namespace lib { int fa(); static int state = 10; static int step() { return state += 5; } }
int main() { return lib::fa() == 4 && lib::step() == 15 && lib::state == 15 ? 0 : 1; }
""",
    ),
    cpp(
        "names_unnamed_inside_named",
        "an unnamed namespace inside a named one is reached by the outer's name",
        """
namespace lib { namespace { int value() { return 1; } } int fa() { return lib::value() + value(); } }
""",
        """
namespace lib { int fa(); namespace { int value() { return 2; } } }
int main() { return lib::fa() + lib::value() - 4; }
""",
    ),
    cpp(
        "names_constants",
        "constants at namespace scope are file-local, static or not",
        """
const int limit = 3;
constexpr double ratio = 0.5;
const char *const title = "a";
int fa() { return limit + static_cast<int>(ratio * 4) + title[0]; }
""",
        """
int fa();
const int limit = 30;
constexpr double ratio = 2;
const char *const title = "b";
int main() { return fa() == 5 + 'a' && limit == 30 && ratio == 2 && title[0] == 'b' ? 0 : 1; }
""",
    ),
    cpp(
        "names_classes_of_two_units",
        "classes of one name with other members are two classes",
        """
class Parser {
 public:
  explicit Parser(int n) : n_(n) {}
  ~Parser() { n_ = 0; }
  int run() const;
 private:
  int n_;
};
int Parser::run() const { return n_ + 1; }
int fa() { Parser p(1); return p.run(); }
""",
        """
int fa();
class Parser { public: Parser(); int run(); double d; };
Parser::Parser() : d(2.5) {}
int Parser::run() { return static_cast<int>(d * 2); }
int main() { Parser p; return fa() == 2 && p.run() == 5 ? 0 : 1; }
""",
    ),
    cpp(
        "names_inline_functions_differ",
        "inline functions of one name in two units stay apart",
        """
inline int answer(int x) { return x + 1; }
int fa() { return answer(1); }
""",
        """
int fa();
inline int answer(long x) { return static_cast<int>(x) + 10; }
int main() { return fa() == 2 && answer(1) == 11 ? 0 : 1; }
""",
    ),
    cpp(
        "names_templates",
        "templates of one name with their specialisations stay apart",
        """
namespace {
template <class T> struct traits { static const int value = 1; };
template <> struct traits<int> { static const int value = 2; };
template <class T> struct traits<T *> { static const int value = 3; };
template <class T> int rank(T) { return traits<T>::value; }
template <> int rank<char>(char) { return 9; }
}
int fa() { int x = 0; return rank(1.0) + rank(1) + rank(&x) + rank('c'); }
""",
        """
int fa();
namespace {
template <class T, int N> struct traits { static const int value = N; };
template <class T> int rank(T) { return traits<T, 7>::value; }
}
int main() { return fa() == 15 && rank(1) == 7 ? 0 : 1; }
""",
    ),
    cpp(
        "names_friend",
        "a friend declaration names the file's function",
        """
namespace {
class Safe { int secret = 5; friend int reveal(const Safe &); };
int reveal(const Safe &s) { return s.secret; }
}
int fa() { return reveal(Safe()); }
""",
        """
int fa();
namespace { class Safe {}; int reveal(int x) { return x; } }
int main() { Safe s; (void)s; return fa() - reveal(5); }
""",
    ),
    cpp(
        "names_members_in_methods",
        "in a member function the class's own names come first",
        """
static int size() { return 100; }
static int depth() { return 7; }
struct Base { int depth() const { return 2; } };
struct Bag : Base { int n; int size() const { return n; } int all() const { return size() + depth() + ::size(); } };
int fa() { Bag b; b.n = 3; return b.all() + depth(); }
""",
        """
int fa();
static int size() { return 1; }
static int depth() { return 1; }
int main() { return fa() - 112 - size() + depth(); }
""",
    ),
    cpp(
        "names_out_of_line_methods",
        "a member function defined outside sees its class first",
        """
#include "h.h"
static int level() { return 50; }
int Shop::total() const { return level() + ::level(); }
int fa() { return Shop().total() + level(); }
""",
        """
#include "h.h"
int fa();
static int level() { return 1; }
int main() { return fa() - 101 - 0 * level() - 0; }
""",
        h="""
#pragma once
struct Shop { int level() const { return 1; } int total() const; };
""",
    ),
    cpp(
        "names_aliases",
        "type aliases and namespace aliases are file-local",
        """
namespace deep { namespace inner { const int one = 1; } }
using Cell = short;
typedef Cell Row[4];
namespace in = deep::inner;
int fa() { Row r = {0}; return static_cast<int>(sizeof(r)) + in::one + static_cast<int>(sizeof(Cell)); }
""",
        """
int fa();
namespace other { const int one = 100; }
using Cell = double;
typedef Cell Row[2];
namespace in = other;
int main() { return fa() == 11 && sizeof(Row) == 2 * sizeof(Cell) && in::one == 100 ? 0 : 1; }
""",
    ),
    cpp(
        "names_using_declaration",
        "a unit's using-declaration does not bring a name into a function of the next",
        """
namespace lib { inline int size(int x) { return x; } }
using lib::size;
int fa() { return size(4); }
""",
        """
int fa();
static int size(long x) { return static_cast<int>(x) + 100; }
int main() { return fa() == 4 && size(1) == 101 ? 0 : 1; }
""",
    ),
    cpp(
        "names_lambda_and_captures",
        "captures, lambda parameters and structured bindings are locals",
        """
#include <utility>
static int total = 3;
int fa() {
  auto outer = [](int total) { return total; };
  auto [total_a, half] = std::pair<int, int>(total, 1);
  auto inner = [total = total + 1, one = half]() { return total + one; };
  int (*plain)() = [] { return total; };
  return outer(10) + total_a + inner() + plain() + half;
}
""",
        """
int fa();
static int total = 1;
int main() { return fa() == 10 + 3 + 5 + 3 + 1 && total == 1 ? 0 : 1; }
""",
    ),
    cpp(
        "names_template_parameters",
        "a template parameter of the name hides it",
        """
namespace { struct Item { char c[3]; }; }
template <class Item> static int width(Item) { return static_cast<int>(sizeof(Item)); }
static int plain() { return static_cast<int>(sizeof(Item)); }
int fa() { return width('c') + plain(); }
""",
        """
int fa();
namespace { struct Item { char c[9]; }; int width() { return sizeof(Item); } int plain() { return 1; } }
int main() { return fa() == 4 && width() == 9 && plain() == 1 ? 0 : 1; }
""",
    ),
    cpp(
        "names_later_unit_uses_namespace",
        "a file-local name does not come between a later unit and what its using-directive brings",
        """
static int limit = 1;
int fa() { return limit; }
""",
        """
#include "h.h"
using namespace lib;
int fa();
int main() { return fa() == 1 && limit == 5 && twice() == 10 ? 0 : 1; }
""",
        h="""
#pragma once
namespace lib { const int limit = 5; inline int twice() { return limit * 2; } }
""",
    ),
    cpp(
        "names_scoped_enumerators",
        "enumerators of a scoped enumeration are not the file's",
        """
namespace { enum class Mode { fast, slow }; int fast = 2; }
int fa() { return fast + static_cast<int>(Mode::slow); }
""",
        """
int fa();
namespace { enum class Mode { slow = 7, fast }; int fast = 5; }
int main() { return fa() == 3 && static_cast<int>(Mode::fast) == 8 && fast == 5 ? 0 : 1; }
""",
        contains=("Mode_a { fast, slow }",),
    ),
    cpp(
        "names_digits_and_raw_strings",
        "quotes in numbers and raw strings do not hide what follows",
        """
static const char *text = R"x( static int text; " )x";
static int big = 1'000;
int fa() { return big / 1'0'0 + (text[1] == 's'); }
""",
        """
int fa();
static int big = 2;
static int text = 9;
int main() { return fa() - text - big; }
""",
    ),
    cpp(
        "names_header_overload",
        "a file-local overload of a header's function cannot be kept apart",
        """
#include "h.h"
static int pick(int) { return 1; }
int fa() { return pick(1) + pick(2.5); }
""",
        """
#include "h.h"
int fa();
int main() { return fa() == 11 && pick(1) == 10 ? 0 : 1; }
""",
        h="""
#pragma once
inline int pick(double) { return 10; }
""",
        refusal='a.cpp:2: error: "pick" is file-local here and another\'s at main.cpp:3, and it cannot be renamed: '
        "a header declares it too (h.h:2)\n"
        '  hint: rename "pick" in one of the files',
    ),
]
STATE = [
    c(
        "names_header_static_that_is_never_compiled",
        "what is never compiled is nobody's variable",
        """
#include "h.h"
int a(void) { return count(); }
""",
        """
#include "h.h"
int a(void);
int main(void) { return a() - count(); }
""",
        h="""
#pragma once
#if 0
static int counter;
static int count(void) { return ++counter; }
#else
static int count(void) { return 1; }
#endif
""",
    ),
    c(
        "names_header_state",
        "a static variable in a header is one of each unit, which one file cannot have",
        """
#include "h.h"
int fa(void) { count(); return count(); }
""",
        """
#include "h.h"
int fa(void);
int main(void) { return fa() == 2 && count() == 1 ? 0 : 1; }
""",
        h="""
#pragma once
static int counter;
static inline int count(void) { return ++counter; }
""",
        refusal='h.h:2: error: "counter" is a variable of each source file, and would be one for all: '
        '"a.c" and "main.c" use it\n'
        '  hint: define it in one source file and declare it extern, or list "h.h" under repeat in [files]',
    ),
    c(
        "names_header_static_local",
        "a static local of a header's static function is one of each unit",
        """
#include "h.h"
int fa(void) { count(); return count(); }
""",
        """
#include "h.h"
int fa(void);
int main(void) { return fa() == 2 && count() == 1 ? 0 : 1; }
""",
        h="""
#pragma once
static inline int count(void) { static int calls = 0; return calls += 1; }
""",
        refusal='h.h:2: error: "calls" is a variable of each source file, and would be one for all: '
        '"a.c" and "main.c" use it\n'
        '  hint: define it in one source file and declare it extern, or list "h.h" under repeat in [files]',
    ),
    c(
        "names_header_without_state",
        "constants, tables, inline functions and state of one unit alone may be shared",
        """
#include "h.h"
int fa(void) { return twice(1) + table[1] + limit + names[0][0] + used_once(); }
""",
        """
#include "h.h"
int fa(void);
int main(void) { return fa() == twice(1) + table[1] + limit + names[1][0] ? 0 : 1; }
""",
        h="""
#pragma once
static const int table[] = { 1, 2 };
static const int limit = 3;
static const char *names[] = { "a", "b" };
static int lone;
static inline int twice(int x) { static const int two = 2; return two * x; }
static inline int used_once(void) { return ++lone; }
""",
    ),
    cpp(
        "names_header_state_of_inline_functions",
        "a static local of an inline function and static members are one for all units in many files too",
        """
#include "h.h"
int fa() { next(); return ++Counter::total + Counter::step(); }
""",
        """
#include "h.h"
int Counter::total = 0;
int fa();
int main() { return fa() == 2 && next() == 2 && Counter::total == 1 && Counter::step() == 2 ? 0 : 1; }
""",
        h="""
#pragma once
inline int next() { static int calls = 0; return ++calls; }
struct Counter { static int total; static int step() { static int steps; return ++steps; } };
template <class T> T &slot() { static T value; return value; }
constexpr int width = 3;
namespace lib { const int depth = 4; static constexpr int levels[] = {1, 2}; }
""",
    ),
    cpp(
        "names_header_unnamed_namespace_state",
        "a variable in a header's unnamed namespace is one of each unit",
        """
#include "h.h"
int fa() { lib::hits = 5; return lib::hits; }
""",
        """
#include "h.h"
int fa();
int main() { return fa() == 5 && lib::hits == 1 ? 0 : 1; }
""",
        h="""
#pragma once
namespace lib { namespace { int hits = 1; } }
""",
        refusal='h.h:2: error: "hits" is a variable of each source file, and would be one for all: '
        '"a.cpp" and "main.cpp" use it\n'
        '  hint: define it in one source file and declare it extern, or list "h.h" under repeat in [files]',
    ),
    Case(
        "static_only_where_it_is_declared",
        "a function that was declared static is file-local, whatever its definition says",
        files={
            "a.cpp": "static int half(int value);\nint fa(){return half(4);}\nint half(int value){return value/2;}\n",
            "main.cpp": "static int half(int value){return value;}\nint fa();\nint main(){return fa()-half(2);}\n",
        },
        sources=("a.cpp", "main.cpp"),
    ),
]
MACRO_ARGUMENTS = [
    Case(
        "type_in_the_argument_of_an_expression",
        "a macro that is one expression in parentheses decorates nothing: its arguments are code",
        files={
            "a.c": "typedef unsigned char Small;\n#define MAX(a,b) ( (a) > (b) ? (a) : (b) )\n"
            "int fa(int x){ if(x) { x = 1 + MAX(x - (Small)x, 0); } return x; }\n",
            "main.c": "typedef unsigned Small;\nint fa(int);\nint main(void){Small s=1;return fa(256)-256-(int)s;}\n",
        },
        sources=("a.c", "main.c"),
    ),
]
OPENED = [
    cpp(
        "renamed_behind_a_namespace_alias",
        "a name of a namespace is renamed behind an alias of it, and in a macro's body, too",
        "namespace near { static int half(int x) { return x / 2; } }\nnamespace n = near;\n"
        "#define HALF(x) n::half(x)\nint fa() { return n::half(8) + HALF(2) + near::half(2); }\n",
        "int fa();\nnamespace near { static int half(int x) { return x; } }\n"
        "int main() { return fa() - near::half(6); }\n",
    ),
    cpp(
        "renamed_behind_a_directive",
        "a call that finds a renamed function by a using-directive means it, and not what else has the name",
        "namespace near { static int half(int x) { return x / 2; } }\nusing namespace near;\n"
        "int fa() { return half(8); }\n",
        '#include "h.h"\nint fa();\nint main() { return fa() == 4 && sizeof(half) == 8 ? 0 : 1; }\n',
        h="#pragma once\nusing half = double;\n",
    ),
    cpp(
        "renamed_beside_what_a_directive_opens",
        "what a later unit opens a namespace for is not another's global name",
        "enum { half = 1 };\nint fa() { return half; }\n",
        "int fa();\nnamespace near { static int half(int x) { return x / 2; } }\nusing namespace near;\n"
        "int main() { return half(2) - fa(); }\n",
    ),
    cpp(
        "enumerator_and_type_of_one_name",
        "an enumerator of one unit and a type of another, or of its header, are told apart",
        "enum { kind = 3 };\nstruct size { char bytes[5]; };\nint fa() { return kind + (int)sizeof(size); }\n",
        '#include "h.h"\nint fa();\ntypedef short kind;\n'
        "int main() { return fa() == 8 && sizeof(kind) == 2 && sizeof(size) == 1 ? 0 : 1; }\n",
        h="#pragma once\ntypedef char size;\n",
    ),
]
USING = [
    Case(
        "using_declaration_in_an_unnamed_namespace",
        "a name that a using-declaration brings keeps its own; what another unit declares is renamed",
        files={
            "base.h": "#pragma once\nnamespace base { struct Node { int n; }; }\n",
            "a.cpp": """
#include "base.h"
namespace lib {
namespace inner {
namespace {
using base::Node;
int get(const Node& node) { return node.n; }
}
int fa() { Node node{3}; return get(node); }
}
}
""",
            "main.cpp": """
#include "base.h"
namespace lib {
namespace inner {
namespace {
struct Node { int m; };
}
int fa();
int fb() { return Node{3}.m; }
}
}
int main() { return lib::inner::fa() - lib::inner::fb(); }
""",
        },
        sources=("a.cpp", "main.cpp"),
    ),
]
CASES = IN_C + IN_CPP + STATE + MACRO_ARGUMENTS + OPENED + USING
