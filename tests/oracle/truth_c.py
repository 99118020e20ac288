# SPDX-License-Identifier: Apache-2.0
"""A library of C for truth.py: its header, its source, a program that uses all of it, and facts.

Each function sums up what it is given, member by member; the program asks for that
sum and compares it with its own. Objects of the program stand between bytes that must
not change. Integers of up to 32 bits are also given with rubbish above them, which
the calling convention allows.
"""

import dataclasses

from truth_types import (
    Array, Callback, Enum, FLEXIBLE, Leaf, Pointer, Scalar, Struct, Typedef, fill, leaves, mentions, read, resolve,
    sum_of, weight,
)

CLIENT_HEAD = """
int dprintf(int, const char *, ...);
static int wrong;
static void same(const char *what, unsigned long is, unsigned long wanted)
{
	if (is != wanted) {
		wrong = 1;
		dprintf(1, "%s: %lx, not %lx\\n", what, is, wanted);
	}
}
static void paint(unsigned char *place, unsigned long size)
{
	while (size)
		((volatile unsigned char *)place)[--size] = 0xa5;
}
static void whole(const char *what, const unsigned char *place, unsigned long size)
{
	unsigned long i;
	for (i = 0; i < 64; i++)
		if (place[i] != 0xa5 || place[64 + size + i] != 0xa5) {
			wrong = 1;
			dprintf(1, "%s: bytes around it are written\\n", what);
			return;
		}
}
"""

FACTS_HEAD = """
#include <stddef.h>
#include <stdio.h>
#include <string.h>
static void bits(const char *name, const unsigned char *b, size_t size, int is_signed)
{
	size_t first = 0, count = 0, i;
	for (i = 0; i < size * 8; i++)
		if (b[i / 8] >> (i % 8) & 1 && !count++) first = i;
	printf("%s bits %zu %zu %d\\n", name, first, count, is_signed);
}
"""


@dataclasses.dataclass(eq=False)
class Param:
    key: str
    name: str
    type: object
    out: bool = False
    pick: object = None  # the member of a union
    const: bool = False

    def declare(self):
        return ("const " if self.const else "") + self.type.declare(self.name)


@dataclasses.dataclass(eq=False)
class Function:
    name: str
    result: object
    params: list
    variadic: object = None  # parameters that the dots stand for

    def declare(self):
        params = [param.declare() for param in self.params] + (["..."] if self.variadic is not None else [])
        inner = f"{self.name}({', '.join(params) or 'void'})"
        return self.result.declare(inner) if self.result else f"void {inner}"

    def inputs(self):
        return [(param, f"{self.name}.{param.key}") for param in self.params
                if not param.out and not isinstance(param.type, Callback)]

    def outputs(self):
        return [(param, f"{self.name}.{param.key}") for param in self.params if param.out]

    def callbacks(self):
        return [(param, f"{self.name}.{param.key}") for param in self.params if isinstance(param.type, Callback)]


@dataclasses.dataclass(eq=False)
class Variable:
    name: str
    type: object
    const: bool = False

    def declare(self):
        return ("const " if self.const else "") + self.type.declare(self.name)


class Api:
    """One release."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.types, self.functions, self.variables = [], [], []
        self.handle = self.private = None  # structs that only the library has the definition of

    def find(self, kind, name=None):
        return [t for t in self.types if isinstance(t, kind) and (not name or t.name == self.prefix + name)]

    def by_value(self, type_):
        """Does an export hold or take such an object otherwise than by a pointer?"""
        used = [param.type for function in self.functions for param in function.params]
        used += [function.result for function in self.functions if function.result]
        used += [variable.type for variable in self.variables]
        used += [param.type for callback in used if isinstance(callback, Callback)
                 for param in [*callback.params, Param("", "", callback.result)]]
        return any(mentions(t, type_, False) for t in used)

    def header(self):
        lines = [type_.define() for type_ in self.types]
        if self.handle:
            name = self.prefix + "handle"
            lines += [f"struct {name};", f"struct {name} *{name}_open(void);", f"unsigned long {name}_use(struct {name} *);"]
        lines += [function.declare() + ";" for function in self.functions]
        lines += [f"extern {variable.declare()};" for variable in self.variables]
        return "\n".join([*lines, f"unsigned long {self.prefix}last(void);", f"void {self.prefix}reset(void);", ""])

    # The library.
    def library(self, values):
        lines = [self.header(), "static unsigned long last;", f"unsigned long {self.prefix}last(void) {{ return last; }}"]
        lines += [self.handle_source(values)] if self.handle else []
        lines += [self.private_source(values)] if self.private else []
        reset = []
        for variable in self.variables:
            path = f"{variable.name}.reset"
            first = next(leaves(variable.type, "", path)) if variable.const else None
            lines.append(variable.declare() + (f" = {values.literal(first)};" if first else ";"))
            reset += [fill(variable.type, variable.name, path, values)] if not first else []
            seen = sum_of(leaves(variable.type, variable.name, f"{variable.name}.set"))
            lines.append(f"void {variable.name}_look(void) {{ last = {seen}; }}")
        lines.append(f"void {self.prefix}reset(void) {{ {' '.join(reset)} }}")
        lines += [self.body(function, values) for function in self.functions]
        return "\n".join(lines) + "\n"

    def body(self, function, values):
        sums = [sum_of(leaves(param.type, param.name, path, param.pick)) for param, path in function.inputs()]
        lines = [function.declare(), "{", "unsigned long sum = 0;"] + [f"sum += {text};" for text in sums]
        if function.variadic:
            lines.append(f"__builtin_va_list list; __builtin_va_start(list, {function.params[-1].name});")
            for param in function.variadic:
                leaf = Leaf(f"__builtin_va_arg(list, {param.type.declare('')})", f"{function.name}.{param.key}", param.type, None)
                lines.append(f"sum += {sum_of([leaf])};")
        for param, path in function.callbacks():
            args = [values.literal(leaf) for arg in param.type.params
                    for leaf in leaves(arg.type, "", f"{path}.{arg.key}")]
            result = Leaf(f"{param.name}({', '.join(args)})", f"{path}.result", param.type.result, None)
            lines.append(f"sum += {sum_of([result])};")
        lines += ["last = sum;"] + [self.write(param, path, values) for param, path in function.outputs()]
        if function.result:
            lines.append(f"static {function.result.declare('result')}; "
                         f"{fill(function.result, 'result', function.name + '.result', values)} return result;")
        return "\n".join([*lines, "}"])

    def write(self, param, path, values):
        """Writes through a pointer, where fill() would let the pointer point elsewhere."""
        return "".join(fill(param.type.to, f"{param.name}[{i}]", f"{path}*{i}", values, param.pick)
                       for i in range(param.type.count))

    def handle_source(self, values):
        name, type_ = self.prefix + "handle", self.handle
        path = f"{self.prefix}handle"
        return (f"{type_.define()}\nstatic struct {name} handle;\n"
                f"struct {name} *{name}_open(void) {{ {fill(type_, 'handle', path, values)} return &handle; }}\n"
                f"unsigned long {name}_use(struct {name} *p) {{ return ({sum_of(leaves(type_, '(*p)', path))}) == "
                f"({sum_of(leaves(type_, '', path), values.literal)}); }}")

    def private_source(self, values):
        fills = fill(self.private, "own", f"{self.prefix}private", values)
        return (f"{self.private.define()}\nstatic {self.private.declare('own')};\n"
                f"unsigned long {self.prefix}work(void) {{ {fills} return sizeof(own) != 0; }}")

    # The program.
    def client(self, values):
        tests = [f"static void test_{i}(void)\n{{\n{self.variable_test(variable, values)}\n}}"
                 for i, variable in enumerate(self.variables)]
        tests += [self.function_test(function, values, i) for i, function in enumerate(self.functions, len(tests))]
        calls = "".join(f"\ttest_{i}();\n" for i in range(len(tests)))
        if self.handle:
            name = self.prefix + "handle"
            calls += f'\tsame("handle", {name}_use({name}_open()), 1);\n'
        looks = "".join(f"void {variable.name}_look(void);\n" for variable in self.variables)
        return (self.header() + looks + CLIENT_HEAD + "\n".join(tests) +
                f"\nint main(void)\n{{\n{calls}\treturn wrong;\n}}\n")

    def variable_test(self, variable, values):
        reset = list(leaves(variable.type, variable.name, f"{variable.name}.reset"))
        lines = [f"{self.prefix}reset();",
                 f'same("{variable.name} read", {sum_of(reset)}, {sum_of(reset, values.literal)});']
        if not variable.const:
            own = list(leaves(variable.type, variable.name, f"{variable.name}.set"))
            lines += [fill(variable.type, variable.name, f"{variable.name}.set", values), f"{variable.name}_look();",
                      f'same("{variable.name} written", {self.prefix}last(), {sum_of(own, values.literal)});']
        return "\n".join(lines)

    def function_test(self, function, values, number):
        before, after, arguments, wanted = [], [], [], []
        name = function.name
        head = []
        for param in function.params + (function.variadic or []):
            path, place = f"{name}.{param.key}", f"a_{param.key}"
            arguments.append(place)
            if isinstance(param.type, Callback):
                head.append(self.callback_source(param, path, values, number))
                arguments[-1] = f"callback_{number}"
                result = Leaf("", f"{path}.result", param.type.result, None)
                wanted.append(sum_of([result], values.literal))
                continue
            if isinstance(param.type, Pointer):
                before += self.buffer(param, place, path, values)
                after.append(f'whole("{name} {param.key}", {place}_buffer, {place}_size);')
            else:
                before.append(f"{param.type.declare(place)}; paint((unsigned char *)&{place}, sizeof({place}));"
                              f"{fill(param.type, place, path, values, param.pick)}")
            own = list(leaves(param.type, place, path, param.pick))
            if param.out:
                after.append(f'same("{name} wrote {param.key}", {sum_of(own)}, {sum_of(own, values.literal)});')
            else:
                wanted.append(sum_of(own, values.literal))
        call = f"{name}({', '.join(arguments)})"
        expected = " + ".join(wanted) or "0"
        if function.result:
            result = list(leaves(function.result, "result", f"{name}.result"))
            call = f"{function.result.declare('result')} = {call}"
            after.append(f'same("{name} result", {sum_of(result)}, {sum_of(result, values.literal)});')
        after.insert(0, f'same("{name} arguments", {self.prefix}last(), {expected});')
        lines = [*before, call + ";", *after]
        dirty = self.dirty_call(function, arguments)
        if dirty:
            lines += [f"{dirty};", f'same("{name} dirty arguments", {self.prefix}last(), {expected});']
        return "\n".join([*head, f"static void test_{number}(void)\n{{", *lines, "}"])

    def buffer(self, param, place, path, values):
        """An object between bytes that must not change."""
        to, count = param.type.to, param.type.count
        target = resolve(to)
        extra = "0"
        if isinstance(target, Struct) and target.members and isinstance(target.members[-1].type, Array) \
                and target.members[-1].type.count is None:
            extra = f"sizeof({target.members[-1].type.of.declare('')}) * {FLEXIBLE}"
        size = f"sizeof({to.declare('')}) * {count} + {extra}"
        yield f"enum {{ {place}_size = {size} }};"
        yield f"static unsigned char {place}_buffer[128 + {place}_size] __attribute__((aligned(64)));"
        yield f"{to.declare(f'*{place}')} = (void *)({place}_buffer + 64);"
        yield f"paint({place}_buffer, sizeof({place}_buffer));"
        if not param.out:
            yield from (fill(to, f"{place}[{i}]", f"{path}*{i}", values, param.pick) for i in range(count))

    def callback_source(self, param, path, values, number):
        type_ = param.type
        params = ", ".join(arg.type.declare(arg.name) for arg in type_.params)
        own = [leaf for arg in type_.params for leaf in leaves(arg.type, arg.name, f"{path}.{arg.key}")]
        return (f"static {type_.result.declare(f'callback_{number}({params})')}\n{{\n"
                f'same("{type_.name} arguments", {sum_of(own)}, {sum_of(own, values.literal)});\n'
                f"return {values.literal(Leaf('', f'{path}.result', type_.result, None))};\n}}")

    def dirty_call(self, function, arguments):
        """The same call with rubbish wherever a caller may leave some: above integers, in unused registers, behind
        the arguments on the stack."""
        if function.variadic is not None:
            return None
        args, params = [], []
        for param, argument in zip(function.params, arguments):
            type_ = resolve(param.type)
            small = isinstance(type_, Enum) or (isinstance(type_, Scalar) and type_.kind in "sub" and type_.size <= 4)
            params.append("unsigned long" if small else param.type.declare(""))
            args.append(f"(0x5a5a5a5a00000000ul | (unsigned)({argument}))" if small else argument)
        params += ["unsigned long"] * 8 + ["double"] * 8
        args += ["0x5a5a5a5a5a5a5a5aul"] * 8 + ["-54321.75"] * 8
        result = function.result.declare("(*)") if function.result else "void (*)"
        return f"(({result.replace('(*)', '(*)(' + ', '.join(params) + ')')}){function.name})({', '.join(args)})"

    # Facts.
    def facts(self):
        lines = []
        for type_ in self.types:
            if isinstance(type_, Struct):
                lines += self.struct_facts(type_)
            elif isinstance(type_, Enum):
                lines.append(f'printf("enum {type_.name} %zu\\n", sizeof(enum {type_.name}));')
                lines += [f'printf("{type_.name} {item.name} %lld\\n", (long long){item.name});' for item in type_.items]
            elif isinstance(type_, Typedef) and isinstance(resolve(type_), Scalar):
                sign = f"({type_.name})-1 < 0" if resolve(type_).kind in "su" else "0"
                lines.append(f'printf("typedef {type_.name} %zu %d\\n", sizeof({type_.name}), {sign});')
        lines += [f'printf("variable {v.name} %zu\\n", sizeof({v.name}));' for v in self.variables]
        return "\n".join(lines)

    def struct_facts(self, type_):
        name = type_.declare("").strip()
        yield f'printf("{name} %zu %zu\\n", sizeof({name}), _Alignof({name}));'
        members = list(type_.members)
        for member in members:
            if not member.name:
                members += member.type.members
                continue
            # One that was renamed is the same to the machine.
            key = f"{name} {member.name.removesuffix('_new')}"
            if member.bits:
                is_signed = resolve(member.type).kind == "s"
                yield (f"{{ static union {{ {name} s; unsigned char b[sizeof({name})]; }} u; u.s.{member.name} = -1; "
                       f'bits("{key}", u.b, sizeof(u.b), {int(is_signed)}); }}')
                continue
            yield f'printf("{key} at %zu\\n", offsetof({name}, {member.name}));'
            if not (isinstance(member.type, Array) and member.type.count is None):
                yield f'printf("{key} size %zu\\n", sizeof((({name} *)0)->{member.name}));'
            else:
                yield f'printf("{key} size %zu\\n", sizeof((({name} *)0)->{member.name}[0]));'
