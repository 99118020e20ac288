# SPDX-License-Identifier: Apache-2.0
"""A library of C++ classes for truth.py, and a program that uses, derives from and copies them.

The library calls each virtual function of objects whose classes the program derived; each
class of the program has data and a virtual function of its own behind those of the library.
"""

import dataclasses

from truth_c import CLIENT_HEAD, Param
from truth_types import fill, leaves, sum_of, weight

FACTS_HEAD = """
#include <stdio.h>
#include <string.h>
template <class T> static void slot(const char *name, T f)
{
	long v[2] = { 0, 0 };
	memcpy(v, &f, sizeof(f));
	printf("%s slot %ld\\n", name, sizeof(f) == 8 ? -2 : v[0] & 1 ? v[0] >> 3 : -1);
}
"""
HEAD = "inline void *operator new(unsigned long, void *place) noexcept { return place; }\n"


@dataclasses.dataclass(eq=False)
class Method:
    key: str
    name: str
    params: list
    kind: str = "plain"  # plain, virtual, pure, static
    const: bool = False
    access: str = "public"
    covariant: object = None  # the class that it returns a pointer to: itself
    late: bool = False  # not in the old release
    driven: bool = True  # called by the library

    def arguments(self):
        return ", ".join(param.declare() for param in self.params)

    def result(self):
        return f"{self.covariant.name} *" if self.covariant else "unsigned long "

    def declare(self):
        head = {"plain": "", "virtual": "virtual ", "pure": "virtual ", "static": "static "}[self.kind]
        tail = (" const" if self.const else "") + (" = 0" if self.kind == "pure" else "")
        return f"{self.access}: {head}{self.result()}{self.name}({self.arguments()}){tail};"


@dataclasses.dataclass(eq=False)
class Class:
    name: str
    members: list
    methods: list = dataclasses.field(default_factory=list)
    bases: list = dataclasses.field(default_factory=list)  # [class, is virtual]
    destructor: str = ""  # "", plain, virtual
    keyword: str = "struct"
    closed: bool = False  # only the library can make one
    access: dict = dataclasses.field(default_factory=dict)  # key of a member: private or protected
    by_value: bool = False  # without a constructor; passed and returned
    special: str = ""  # copy, destructor: user-provided, of one that is passed by value
    extra: str = ""  # other declarations
    base_access: str = "public"
    touch: str = ""  # & or *: how a function of the library takes one

    def virtuals(self):
        return [method for method in self.methods if method.kind in ("virtual", "pure")]

    def abstract(self):
        return any(m.kind == "pure" for m in self.methods)

    def define(self):
        bases = ", ".join(f"{self.base_access} {'virtual ' if is_virtual else ''}{base.name}" for base, is_virtual in self.bases)
        lines = [f"{self.keyword} {self.name}{' : ' + bases if bases else ''} {{ public:"]
        if self.by_value:
            copies = ", ".join(f"{m.name}(o.{m.name})" for m in self.members)
            lines += {"copy": [f"{self.name}() {{}} {self.name}(const {self.name} &o) : {copies} {{}}"],
                      "destructor": [f"~{self.name}() {{}}"], "": []}[self.special]
        elif self.members:
            lines.append(f"{'private: ' if self.closed else ''}{self.name}(); public:")
        if self.destructor:
            lines.append(f"{'virtual ' * (self.destructor == 'virtual')}~{self.name}();")
        lines += [method.declare() for method in self.methods]
        lines += [f"{self.access.get(m.key, 'public')}: {m.declare()}" for m in self.members]
        return "\n".join([*lines, self.extra, "};"])


class Api:
    """One release."""

    def __init__(self, prefix):
        self.prefix, self.inner = prefix, ""
        self.classes, self.functions = [], []  # functions: truth_c's, called with simple values
        self.hidden = None  # members of the struct behind the pointer of a class

    def find(self, name):
        return next(one for one in self.classes if one.name == name)

    def helpers(self, class_):
        """Functions of the library around a class: (result, name, parameters)."""
        name = class_.name
        if class_.by_value:
            return [("unsigned long", f"{name}_take", f"{name} v, int tail"), (name, f"{name}_make", "int n")]
        if not class_.members:
            return []
        found = [("unsigned long", f"{name}_look", f"const {name} *p"), ("unsigned long", f"{name}_drive", f"{name} *p")]
        found += [(f"{base.name} *", f"{name}_as_{base.name}", f"{name} *p") for base, _ in class_.bases]
        if class_.touch:
            found.append(("unsigned long", f"{name}_touch", f"{name} {class_.touch}o"))
        if not class_.abstract():
            found.append((f"{name} *", f"{name}_new", ""))
        if class_.destructor == "virtual":
            found.append(("void", f"{name}_destroy", f"{name} *p"))
        return found

    def inside(self, text):
        inner = f"inline namespace {self.inner} {{\n{text}}}\n" if self.inner else text
        return f"namespace {self.prefix} {{\n{inner}}}\n"

    def header(self):
        lines = [class_.define() for class_ in self.classes]
        lines += [f"{result} {name}({params});" for class_ in self.classes
                  for result, name, params in self.helpers(class_)]
        lines += [function.declare() + ";" for function in self.functions]
        return self.inside("\n".join(lines) + "\n")

    # The library.
    def library(self, values):
        lines = []
        if self.hidden:
            lines += [self.hidden.define(), "static Hidden hidden;"]
        for class_ in self.classes:
            lines += self.class_source(class_, values)
        for function in self.functions:
            lines.append(f"{function.declare()} {{ return {self.function_sum(function)}; }}")
        return HEAD + self.header() + self.inside("\n".join(lines) + "\n")

    def function_sum(self, function):
        return sum_of(leaf for param, path in function.inputs() for leaf in leaves(param.type, param.name, path))

    def method_sum(self, class_, method, place, text=None):
        """What a method returns: its weight, its arguments, and the members of its class."""
        own = [] if method.kind == "static" else \
            [leaf for m in class_.members for leaf in leaves(m.type, place + m.name, f"{class_.name}.set.{m.key}")]
        args = [leaf for param in method.params
                for leaf in leaves(param.type, param.name, f"{class_.name}.{method.key}.{param.key}")]
        return f"{weight(class_.name + method.key)} + {sum_of(own)} + {sum_of(args, text)}"

    def call_arguments(self, class_, method, values):
        return ", ".join(values.literal(leaf) for param in method.params
                         for leaf in leaves(param.type, "", f"{class_.name}.{method.key}.{param.key}"))

    def class_source(self, class_, values):
        name = class_.name
        if not class_.by_value and class_.members:
            sets = "".join(fill(m.type, m.name, f"{name}.init.{m.key}", values) for m in class_.members)
            yield f"{name}::{name}() {{ {sets} }}"
        if class_.destructor:
            yield f"{name}::~{name}() {{ }}"
        for method in class_.methods:
            if method.kind != "pure":
                body = "this" if method.covariant else self.method_sum(class_, method, "this->")
                yield (f"{method.result()}{name}::{method.name}({method.arguments()})"
                       f"{' const' if method.const else ''} {{ return {body}; }}")
        for result, function, params in self.helpers(class_):
            yield f"{result} {function}({params}) {{ {self.helper_body(class_, function, values)} }}"

    def helper_body(self, class_, function, values):
        kind = function[len(class_.name) + 1:]
        place = {"take": "v.", "touch": "o." if class_.touch == "&" else "o->"}.get(kind, "p->")
        look = [leaf for m in class_.members for leaf in leaves(m.type, place + m.name, f"{class_.name}.set.{m.key}")]
        if kind in ("take", "look", "touch"):
            return f"return {sum_of(look)}{' + tail' if kind == 'take' else ''};"
        if kind == "make":
            return f"{class_.name} v; " + "".join(fill(m.type, "v." + m.name, f"{class_.name}.made.{m.key}", values)
                                                  for m in class_.members) + " return v;"
        if kind == "drive":
            return f"return {self.drive(class_, values)};"
        return {"new": f"return new {class_.name};", "destroy": "delete p;"}.get(kind, f"return ({kind[3:]} *)p;")

    def drive(self, class_, values):
        calls = []
        for method in [m for m in class_.virtuals() if m.driven]:
            call = f"p->{method.name}({self.call_arguments(class_, method, values)})"
            if method.covariant:
                call = f"(unsigned long)((char *){call} - (char *)p)"
            if method.late:  # nothing if it is what the library has
                call = f"({call} - ({self.method_sum(class_, method, 'p->', values.literal)}))"
            calls.append(f"{weight(method.key)} * {call}")
        return " + ".join(calls) or "0"

    # The program.
    def client(self, values):
        tests, number = [], 0
        for class_ in self.classes:
            if class_.by_value:
                bodies = [self.value_test(class_, values)]
            elif class_.members:
                kinds = [] if class_.closed else [self.derive(class_, 0, values), self.derive(class_, 1, values)]
                tests += [text for text, _, _ in kinds]
                if not class_.abstract():
                    kinds.append(("", class_.name, set()))
                bodies = [self.object_test(class_, own, overridden, values) for _, own, overridden in kinds]
            else:
                bodies = []
            for body in bodies:
                tests.append(f"static void test_{number}()\n{{\n{body}\n}}")
                number += 1
        for function in self.functions:
            tests.append(f"static void test_{number}()\n{{\n{self.function_test(function, values)}\n}}")
            number += 1
        calls = "".join(f"\ttest_{i}();\n" for i in range(number))
        return (HEAD + self.header() + f'extern "C" {{{CLIENT_HEAD}}}\nusing namespace {self.prefix};\n' +
                "static int gone;\nstruct Stranger { virtual void no() {} };\nstruct Side { virtual void none() {} };\n" + "\n".join(tests) + f"\nint main()\n{{\n{calls}\treturn wrong;\n}}\n")

    def derive(self, class_, which, values):
        """A class of the program that overrides every other virtual function: (text, name, what it overrides)."""
        own, overridden = f"Own_{class_.name}_{which}", set()
        lines = []
        for i, method in enumerate(class_.virtuals()):
            if method.covariant or (method.kind == "virtual" and i % 2 != which):
                continue
            overridden.add(method.key)
            args = [leaf for param in method.params
                    for leaf in leaves(param.type, param.name, f"{class_.name}.{method.key}.{param.key}")]
            lines.append(f"unsigned long {method.name}({method.arguments()}){' const' if method.const else ''} override "
                         f"{{ return {weight(own + method.key)} + own + {sum_of(args)}; }}")
        text = (f"struct {own} : {class_.name}, Side {{ unsigned long own = 0x1234567; {' '.join(lines)} "
                f"virtual unsigned long extra() {{ return 77 + own; }} ~{own}() {{ gone++; }} }};")
        return text, own, overridden

    def members_sum(self, class_, kind, place, values=None):
        found = [leaf for m in class_.members for leaf in leaves(m.type, place + m.name, f"{class_.name}.{kind}.{m.key}")]
        return sum_of(found, values.literal if values else None)

    def object_test(self, class_, own, overridden, values):
        name = class_.name
        if class_.closed:
            lines = [f"{name} *object = {name}_new();"]
        else:
            lines = [f"enum {{ size = sizeof({own}) }};",
                     "static unsigned char buffer[128 + size] __attribute__((aligned(64)));",
                     "paint(buffer, sizeof(buffer));", f"{own} *object = new (buffer + 64) {own};",
                     f'whole("{own}", buffer, size);']
        lines += [f"{name} *volatile hidden = object; {name} *p = hidden;",
                 f'same("{own} constructed", {self.members_sum(class_, "init", "p->")}, '
                 f'{self.members_sum(class_, "init", "", values)});']
        lines += [fill(m.type, f"p->{m.name}", f"{name}.set.{m.key}", values) for m in class_.members]
        lines.append(f'same("{own} look", {name}_look(p), {self.members_sum(class_, "set", "p->")});')
        if class_.touch:
            lines.append(f'same("{own} touch", {name}_touch({"*" * (class_.touch == "&")}p), '
                         f'{self.members_sum(class_, "set", "p->")});')
        lines += [f'same("{own} method {method.name}", p->{method.name}({self.call_arguments(class_, method, values)}), '
                  f"{self.expected(class_, method, own, overridden, values)});"
                  for method in class_.methods if not method.covariant]
        drive = " + ".join(f"{weight(m.key)} * ({self.expected(class_, m, own, overridden, values)})"
                           for m in class_.virtuals()) or "0"
        lines.append(f'same("{own} driven", {name}_drive(p), {drive});')
        for base, _ in class_.bases:
            lines.append(f'same("{own} as {base.name}", (unsigned long){name}_as_{base.name}(p), '
                         f"(unsigned long)static_cast<{base.name} *>(p));")
            lines.append(f'same("{own} base {base.name}", {base.name}_look(p), {self.members_sum(base, "set", "p->")});')
            lines.append(f'{{ {base.name} *base = p, *p = base; same("{own} drives base", {base.name}_drive(p), '
                         f"{self.drive(base, values)}); }}")
        if own != name:
            lines.append(f'same("{own} own", object->own, 0x1234567); same("{own} extra", object->extra(), 77 + object->own);')
            if class_.virtuals():
                lines.append(f'same("{own} cast", dynamic_cast<{own} *>(p) != object || '
                             "dynamic_cast<Stranger *>(static_cast<Side *>(object)), 0);")
            if class_.destructor == "virtual":
                lines.append(f'gone = 0; {name}_destroy(new {own}); same("{own} destroyed", gone, 1);')
        else:
            lines.append(f"p = {name}_new();" + f'same("{own} made", {self.members_sum(class_, "init", "p->")}, '
                         f'{self.members_sum(class_, "init", "", values)});')
            if class_.destructor == "virtual":
                lines.append("delete p;")
        return "\n".join(lines)

    def expected(self, class_, method, own, overridden, values):
        if method.covariant:
            return "0"
        if method.key not in overridden:
            return self.method_sum(class_, method, "p->", values.literal)
        args = [leaf for param in method.params
                for leaf in leaves(param.type, param.name, f"{class_.name}.{method.key}.{param.key}")]
        return f"{weight(own + method.key)} + object->own + {sum_of(args, values.literal)}"

    def value_test(self, class_, values):
        name = class_.name
        lines = [f"{name} v; paint((unsigned char *)&v, sizeof(v));"]
        lines += [fill(m.type, f"v.{m.name}", f"{name}.set.{m.key}", values) for m in class_.members]
        lines += [f'same("{name} taken", {name}_take(v, 12345), {self.members_sum(class_, "set", "v.")} + 12345);']
        lines += [f'same("{name} method {m.name}", v.{m.name}({self.call_arguments(class_, m, values)}), '
                  f'{self.method_sum(class_, m, "v.", values.literal)});' for m in class_.methods]
        lines += [f"{name} r = {name}_make(3);",
                  f'same("{name} returned", {self.members_sum(class_, "made", "r.")}, '
                  f'{self.members_sum(class_, "made", "", values)});']
        return "\n".join(lines)

    def function_test(self, function, values):
        args = [leaf for param, path in function.inputs() for leaf in leaves(param.type, "", path)]
        before, arguments = [], []
        for param, path in function.inputs():
            before.append(f"{param.type.declare('a_' + param.key)}; {fill(param.type, 'a_' + param.key, path, values)}")
            arguments.append("a_" + param.key)
        call = f"{function.name}({', '.join(arguments)})"
        return "\n".join([*before, f'same("{function.name}", {call}, {sum_of(args, values.literal)});'])

    # Facts.
    def facts(self):
        lines = [f"using namespace {self.prefix};"]
        for class_ in self.classes:
            name = class_.name
            key = f"{self.prefix}::{name}"
            lines.append(f'{{ printf("{key} %zu %zu\\n", sizeof({name}), alignof({name}));')
            lines.append("alignas(64) static char place[1024]; " + f"{name} *p = ({name} *)place; (void)p;")
            lines += [f'printf("{key} {m.name} %ld %zu\\n", (long)((char *)&p->{m.name} - place), sizeof(p->{m.name}));'
                      for m in class_.members if not m.bits]
            lines += [f'printf("{key} base {base.name} %ld\\n", (long)((char *)({base.name} *)p - place));'
                      for base, is_virtual in class_.bases if not is_virtual]
            lines += [f'slot("{key} {m.name}", &{name}::{m.name});' for m in class_.methods]
            if not class_.closed:
                lines.append(f'struct Tail : {name} {{ char tail; }}; printf("{key} derived %zu\\n", sizeof(Tail));')
            if class_.by_value:
                lines.append(f'printf("{key} passed %d\\n", __has_trivial_copy({name}) && __has_trivial_destructor({name}));')
            lines.append("}")
        return "\n".join(lines)

