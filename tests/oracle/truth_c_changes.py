# SPDX-License-Identifier: Apache-2.0
"""Random libraries of C for truth.py, and the changes that make the next release of one.

A change returns the least verdict that is right if the program shows it broken, or
None if this library has no place for it. "risk" is enough where debug information
cannot tell whether programs know the type, or where values decide.
"""

import copy
import random

from truth_c import FACTS_HEAD, Api, Function, Param, Variable
from truth_pair import BROKEN, EITHER, FINE, Change, Pair, apply_all
from truth_types import Array, Callback, Enum, Item, Link, Member, Pointer, Scalar, Struct, Typedef, Values

INTEGERS = ["char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned", "long",
            "unsigned long", "long long", "unsigned long long"]
WIDER = {"char": "long", "signed char": "long", "short": "long", "int": "long", "unsigned char": "unsigned long",
         "unsigned short": "unsigned long", "unsigned": "unsigned long"}
SMALL_SIGN = {"int": "unsigned", "unsigned": "int", "short": "unsigned short", "signed char": "unsigned char"}
NARROWER = {"short": "signed char", "int": "short", "long": "int", "long long": "int",
            "unsigned short": "unsigned char", "unsigned": "unsigned short", "unsigned long": "unsigned",
            "unsigned long long": "unsigned"}
OTHER_SIGN = {"signed char": "unsigned char", "short": "unsigned short", "int": "unsigned", "long": "unsigned long",
              "long long": "unsigned long long"}
OTHER_SIGN |= {value: key for key, value in OTHER_SIGN.items()}
OTHER_KIND = {"int": "float", "unsigned": "float", "float": "int", "long": "double", "double": "long",
              "unsigned long": "double", "long long": "double"}
ALIAS = {"long": "long long", "long long": "long", "unsigned long": "unsigned long long",
         "unsigned long long": "unsigned long", "void *": "char *", "char": "signed char"}


class Maker:
    """A library with the asked features; the rest is chance."""

    def __init__(self, rng, prefix, features):
        self.rng, self.prefix, self.api, self.keys = rng, prefix, Api(prefix), 0
        self.features = features
        for feature in ("enum", "typedef", "struct", "union", "flexible", "mix", "callback", "variadic", "variable",
                        "handle", "private"):
            if feature in features or (feature in ("enum", "typedef", "mix") and rng.random() < 0.25):
                getattr(self, "add_" + feature)()

    def key(self):
        self.keys += 1
        return f"k{self.keys}"

    def scalar(self, names=None):
        return Scalar(self.rng.choice(names or [*INTEGERS, "float", "double", "_Bool", "void *"]))

    def member(self, type_, bits=None):
        key = self.key()
        return Member(key, "m" + key, type_, bits)

    def param(self, type_, **more):
        key = self.key()
        return Param(key, "p" + key, type_, **more)

    def function(self, name, result, *params, **more):
        self.api.functions.append(Function(self.prefix + name, result, list(params), **more))

    def any_type(self):
        rng, api = self.rng, self.api
        choice = rng.random()
        named = api.find(Enum) + api.find(Typedef)
        if named and choice < 0.2:
            return rng.choice(named)
        if choice < 0.3:
            return Pointer(self.scalar(["int", "short", "double", "unsigned char"]), const=True)
        return self.scalar()

    def add_enum(self):
        name = self.prefix + "color"
        values = self.rng.choice([(0, 1, 2, 3), (1, 2, 4, 8), (-1, 0, 1, 70)])
        self.api.types.append(Enum(name, [Item(f"i{i}", f"{name}_{i}", v) for i, v in enumerate(values)]))
        kind = self.api.types[-1]
        self.function("paint", self.rng.choice([kind, None, Scalar("long")]), self.param(kind), self.param(Scalar("int")))

    def add_typedef(self):
        self.api.types.append(Typedef(self.prefix + "count_t", self.scalar(["int", "unsigned", "short", "long"])))
        kind = self.api.types[-1]
        self.function("count", self.rng.choice([kind, Scalar("int")]), self.param(self.scalar(["int"])), self.param(kind))

    def add_struct(self):
        rng, api = self.rng, self.api
        inner = Struct(self.prefix + "inner", [self.member(self.scalar()) for _ in range(rng.randint(2, 3))])
        # First a hole; the array and the nested one are what changes ask for.
        members = [Scalar(rng.choice(["char", "short"])), Scalar(rng.choice(["long", "double"]))]
        members += [self.any_type() for _ in range(rng.randint(1, 3))]
        inner.form = rng.choice(["tag", "typedef", "both"])
        if rng.random() < 0.5 or "nested" in self.features:
            members.append(inner if rng.random() < 0.7 else Pointer(inner, False, 1))
        if rng.random() < 0.3 or "matrix" in self.features:
            members.append(Array(Array(self.scalar(["int", "short"]), 3), 2))
        if rng.random() < 0.4 or "array" in self.features:
            members.append(Array(self.scalar(["int", "short", "char", "float"]), rng.choice([2, 4])))
        members = members[:2] + rng.sample(members[2:], len(members) - 2)
        members = [self.member(kind) for kind in members]
        if "bits" in self.features or rng.random() < 0.3:
            base = rng.choice(["int", "unsigned"])
            where = rng.randint(2, len(members))
            members[where:where] = [self.member(Scalar(base), rng.randint(2, 9)) for _ in range(rng.randint(2, 3))]
        box = Struct(self.prefix + "box", members)
        if "typedef-form" in self.features or rng.random() < 0.3:
            box.form = "typedef"
        elif rng.random() < 0.3:
            members.append(self.member(Link("void *", box)))
        api.types += [inner, box]
        self.reach(box, ["take", "make", "look", "fill", "variable", "outer", "all"],
                   [["look", "fill"], ["look", "all"], ["fill", "outer_look"]])

    def reach(self, box, ways, by_pointer):
        rng = self.rng
        chosen = rng.choice(by_pointer) if rng.random() < 0.3 and "value" not in self.features else \
            rng.sample(ways, rng.randint(2, 3))
        if "value" in self.features:
            chosen = list(dict.fromkeys(["take", *chosen]))
        for way in chosen:
            if way == "take":
                self.function("take", None, self.param(box), self.param(Scalar("int")))
            elif way == "make":
                self.function("make", box, self.param(self.scalar(["int", "double"])))
            elif way in ("look", "all"):
                self.function(way, None, self.param(Pointer(box, True, 1 + (way == "all"))))
            elif way == "fill":
                self.function("fill", Scalar("int"), self.param(Pointer(box, False, 1), out=True))
            elif way == "variable":
                self.api.variables.append(Variable(self.prefix + "boxes", rng.choice([box, Array(box, 2)])))
            else:
                outer = Struct(self.prefix + "outer", [self.member(Scalar("char")), self.member(box),
                                                       self.member(Scalar("short"))])
                self.api.types.append(outer)
                self.function("outer", None, self.param(outer if way == "outer" else Pointer(outer, False, 1)))

    def add_union(self):
        kinds = ["float"] if "float" in self.features else self.rng.sample(["int", "float", "double", "long"], 2)
        members = [self.member(Scalar(kind)) for kind in kinds]
        value = Struct(self.prefix + "value", members, "union")
        self.api.types.append(value)
        for i, member in enumerate(members):
            if "float" in self.features or self.rng.random() < 0.7:
                self.function(f"value_{i}", None, self.param(value, pick=member.key), self.param(Scalar("int")))
            else:
                self.function(f"value_{i}", None, self.param(Pointer(value, True, 1), pick=member.key))

    def add_flexible(self):
        members = [self.member(Scalar("unsigned")), self.member(Array(self.scalar(["int", "short", "float"]), None))]
        flexible = Struct(self.prefix + "line", members)
        self.api.types.append(flexible)
        self.function("line_look", None, self.param(Pointer(flexible, True, 1)))
        self.function("line_fill", None, self.param(Pointer(flexible, False, 1), out=True))

    def add_mix(self):
        params = [self.param(self.any_type()) for _ in range(self.rng.randint(2, 8))]
        if "wanted" in self.features:  # one of each that changes ask for
            params += [self.param(Scalar(name)) for name in ("int", "long", "long", "double", "unsigned",
                                                                  "void *")]
            params += [self.param(Pointer(Scalar("int"), self.rng.random() < 0.5))]
            self.rng.shuffle(params)
        result = self.rng.choice([None, self.scalar(["int", "long", "unsigned", "double", "unsigned long", "short"])])
        if "result" in self.features:
            result = self.scalar(["int", "long", "unsigned long", "unsigned"])
        self.function("mix", result, *params)

    def add_callback(self):
        params = [self.param(Scalar(name)) for name in ("int", "long", "double")]
        self.rng.shuffle(params)
        self.api.types.append(Callback(self.prefix + "call_t", Scalar(self.rng.choice(["int", "long"])), params))
        self.function("apply", Scalar("int"), self.param(self.api.types[-1]), self.param(Scalar("void *")))

    def add_variadic(self):
        self.function("print", Scalar("int"), self.param(Scalar("int")),
                      variadic=[self.param(Scalar(name)) for name in ("int", "double", "long")])

    def add_variable(self):
        self.api.variables.append(Variable(self.prefix + "level", self.scalar(["int", "long", "unsigned", "float"])))
        self.api.variables.append(Variable(self.prefix + "table", Array(self.scalar(["int", "short"]), 3)))

    def add_handle(self):
        self.api.handle = Struct(self.prefix + "handle", [self.member(self.scalar()) for _ in range(3)])

    def add_private(self):
        self.api.private = Struct(self.prefix + "private", [self.member(self.scalar()) for _ in range(3)])


CHANGES = {}


def change(name, features, expected):
    def register(apply):
        CHANGES[name] = Change(name, set(features.split()), expected, apply)
        return apply
    return register


def floor_of(maker, type_):
    return "break" if maker.api.by_value(type_) else "risk"


def box_of(maker):
    return maker.api.find(Struct, "box")[0]


def plain(maker, names):
    """A member of the box that is a number of one of these types, as a choice of chance."""
    found = [m for m in box_of(maker).members if isinstance(m.type, Scalar) and m.type.name in names and not m.bits]
    return maker.rng.choice(found) if found else None


def retype(names):
    def apply(maker):
        member = plain(maker, names)
        if not member:
            return None
        member.type = Scalar(names[member.type.name])
        return floor_of(maker, box_of(maker))
    return apply


# Structs.
@change("member-appended", "struct", BROKEN)
def _(maker):
    box_of(maker).members.append(maker.member(Scalar(maker.rng.choice(["long", "double", "void *"]))))
    return floor_of(maker, box_of(maker))


@change("member-inserted", "struct", BROKEN)
def _(maker):
    members = box_of(maker).members
    where = maker.rng.randrange(len(members))
    if members[where].bits:
        return None
    members.insert(where, maker.member(Scalar("long")))
    return floor_of(maker, box_of(maker))


@change("member-removed", "struct", BROKEN)
def _(maker):
    members = box_of(maker).members
    del members[maker.rng.randrange(len(members))]
    # A hole that stays where the last one was, or a bit-field: rated as what it is.
    return "risk"


@change("members-swapped", "struct", BROKEN)
def _(maker):
    members = box_of(maker).members
    first, second = maker.rng.sample([i for i, m in enumerate(members) if not m.bits], 2)
    members[first], members[second] = members[second], members[first]
    return floor_of(maker, box_of(maker))


change("member-other-size", "struct", BROKEN)(retype(
    {"short": "long", "int": "char", "long": "int", "double": "float", "char": "int", "float": "double"}))
change("member-other-kind", "struct", BROKEN)(retype(OTHER_KIND))
change("member-alias", "struct", FINE)(retype({k: v for k, v in ALIAS.items() if k != "void *"}))


# Of eight bytes a sum shows no sign.
@change("member-other-sign", "struct", EITHER)
def _(maker):
    return retype(OTHER_SIGN)(maker) and "risk"


@change("member-renamed", "struct", FINE)
def _(maker):
    maker.rng.choice(box_of(maker).members).name += "_new"
    return "ok"


@change("members-wrapped", "struct", FINE)
def _(maker):
    members = box_of(maker).members
    candidates = [i for i, m in enumerate(members) if not m.bits]
    where = maker.rng.choice(candidates)
    keyword = maker.rng.choice(["struct", "union"])
    members[where] = Member("anonymous", "", Struct("", [members[where]], keyword))
    return "ok"


@change("padding-used", "struct", EITHER)
def _(maker):
    box_of(maker).members.insert(1, maker.member(Scalar(maker.rng.choice(["char", "short"]))))
    return "risk"


@change("packed-added", "struct", BROKEN)
def _(maker):
    box_of(maker).attribute = "__attribute__((packed))"
    return floor_of(maker, box_of(maker))


@change("aligned-added", "struct", BROKEN)
def _(maker):
    box_of(maker).attribute = f"__attribute__((aligned({maker.rng.choice([16, 32, 64])})))"
    return floor_of(maker, box_of(maker))


@change("struct-became-union", "struct", BROKEN)
def _(maker):
    box_of(maker).keyword = "union"
    return floor_of(maker, box_of(maker))


@change("nested-grown", "struct nested", BROKEN)
def _(maker):
    inner = maker.api.find(Struct, "inner")[0]
    inner.members.append(maker.member(Scalar("long")))
    return floor_of(maker, inner)


@change("bits-width", "struct bits", BROKEN)
def _(maker):
    bits = [m for m in box_of(maker).members if m.bits]
    member = maker.rng.choice(bits)
    member.bits += maker.rng.choice([-1, 1, 3])
    return floor_of(maker, box_of(maker))


@change("bits-order", "struct bits", BROKEN)
def _(maker):
    members = box_of(maker).members
    first = next(i for i, m in enumerate(members) if m.bits)
    members[first], members[first + 1] = members[first + 1], members[first]
    return floor_of(maker, box_of(maker))


@change("bits-sign", "struct bits", BROKEN)
def _(maker):
    member = next(m for m in box_of(maker).members if m.bits)
    member.type = Scalar(OTHER_SIGN[member.type.name])
    return floor_of(maker, box_of(maker))


def array_member(maker):
    return next(m for m in box_of(maker).members if isinstance(m.type, Array) and isinstance(m.type.of, Scalar))


@change("array-length", "struct array", BROKEN)
def _(maker):
    array_member(maker).type.count += maker.rng.choice([-1, 2])
    return floor_of(maker, box_of(maker))


@change("array-shape", "struct array", BROKEN)
def _(maker):
    member = array_member(maker)
    size, count = member.type.of.size, member.type.count
    member.type = Array({1: Scalar("short"), 2: Scalar("int"), 4: Scalar("long")}[size], count // 2)
    return floor_of(maker, box_of(maker))


@change("array-dimensions", "struct matrix", BROKEN)
def _(maker):
    matrix = next(m.type for m in box_of(maker).members if isinstance(m.type, Array) and isinstance(m.type.of, Array))
    matrix.count, matrix.of.count = 3, 2
    return floor_of(maker, box_of(maker))


@change("tag-given", "struct typedef-form", FINE)
def _(maker):
    box_of(maker).form = "both"
    return "ok"


@change("flexible-element", "flexible", BROKEN)
def _(maker):
    line = maker.api.find(Struct, "line")[0]
    old = line.members[1].type.of.name
    line.members[1].type.of = Scalar({"int": "short", "short": "unsigned char", "float": "short"}[old])
    return floor_of(maker, line)


# Unions.
def value_of(maker):
    return maker.api.find(Struct, "value")[0]


@change("union-member-fits", "union", FINE)
def _(maker):
    members = value_of(maker).members
    members.append(maker.member(Scalar(maker.rng.choice(members).type.name)))
    return "ok"


@change("union-member-class", "union float", BROKEN)
def _(maker):
    value_of(maker).members.append(maker.member(Scalar("int")))
    return floor_of(maker, value_of(maker))


@change("union-grown", "union", BROKEN)
def _(maker):
    value_of(maker).members.append(maker.member(Array(Scalar("char"), 24)))
    return floor_of(maker, value_of(maker))


@change("union-member-removed", "union", BROKEN)
def _(maker):
    value_of(maker).members.pop()
    return "risk" if value_of(maker).members else None


# Enumerations and typedefs.
def color_of(maker):
    return maker.api.find(Enum)[0]


@change("enum-value", "enum", BROKEN)
def _(maker):
    maker.rng.choice(color_of(maker).items).value += 100
    return "break"


@change("enum-inserted", "enum", BROKEN)
def _(maker):
    items = color_of(maker).items
    where = maker.rng.randrange(len(items))
    for item in items[where:]:
        item.value += 1
    items.insert(where, Item("new", items[0].name + "_new", items[where].value - 1))
    return "break"


@change("enum-appended", "enum", FINE)
def _(maker):
    items = color_of(maker).items
    items.append(Item("new", items[0].name + "_new", items[-1].value + 1))
    return "ok"


@change("enum-removed", "enum", EITHER)
def _(maker):
    color_of(maker).items.pop(maker.rng.randrange(4))
    return "risk"


@change("enum-item-renamed", "enum", FINE)
def _(maker):
    maker.rng.choice(color_of(maker).items).name += "_new"
    return "ok"


@change("enum-size", "enum", BROKEN)
def _(maker):
    items = color_of(maker).items
    items.append(Item("new", items[0].name + "_new", 1 << 40))
    return "break"


@change("typedef-size", "typedef", BROKEN)
def _(maker):
    target = maker.api.find(Typedef)[0]
    target.to = Scalar({"int": "long", "unsigned": "unsigned long", "short": "long", "long": "short"}[target.to.name])
    return "break"


@change("typedef-sign", "typedef", BROKEN)
def _(maker):
    target = maker.api.find(Typedef)[0]
    target.to = Scalar(OTHER_SIGN[target.to.name])
    return "risk"


@change("typedef-respelled", "typedef", FINE)
def _(maker):
    types = maker.api.types
    target = maker.api.find(Typedef)[0]
    other = Typedef(maker.prefix + "base_t", target.to)
    types.insert(types.index(target), other)
    target.to = other
    return "ok"


# Functions.
def mix_of(maker):
    return next(f for f in maker.api.functions if f.name == maker.prefix + "mix")


def param_of(maker, accept):
    found = [param for param in mix_of(maker).params if accept(param.type)]
    return maker.rng.choice(found) if found else None


def param_retype(names, floor):
    def apply(maker):
        param = param_of(maker, lambda type_: isinstance(type_, Scalar) and type_.name in names)
        if not param:
            return None
        param.type = Scalar(names[param.type.name])
        return floor
    return apply


@change("param-appended", "mix", BROKEN)
def _(maker):
    mix_of(maker).params.append(maker.param(maker.scalar(["int", "double", "long", "void *"])))
    return "break"


@change("param-inserted", "mix wanted", BROKEN)
def _(maker):
    mix_of(maker).params.insert(maker.rng.randrange(2), maker.param(maker.scalar(["int", "long", "double"])))
    return "break"


@change("param-removed-last", "mix", BROKEN)
def _(maker):
    mix_of(maker).params.pop()
    return "risk"


@change("param-removed", "mix wanted", BROKEN)
def _(maker):
    del mix_of(maker).params[0]
    # What is left keeps its registers if it was the only one of its class.
    return "risk"


@change("params-swapped", "mix wanted", BROKEN)
def _(maker):
    params = mix_of(maker).params
    first, second = (next(i for i, p in enumerate(params) if isinstance(p.type, Scalar) and p.type.name == name)
                     for name in ("int", "void *"))
    params[first], params[second] = params[second], params[first]
    return "break"


@change("params-swapped-alike", "mix wanted", BROKEN)
def _(maker):
    params = mix_of(maker).params
    first, second = [i for i, p in enumerate(params) if isinstance(p.type, Scalar) and p.type.name == "long"][:2]
    params[first], params[second] = params[second], params[first]
    return "risk"


change("param-widened", "mix wanted", BROKEN)(param_retype(WIDER, "break"))
change("param-widened-to-int", "mix", EITHER)(param_retype({"char": "int", "short": "int", "signed char": "short",
                                                             "unsigned char": "unsigned"}, "risk"))
# Functions by clang rely on callers that fill 32 bits, so that they may see the old value.
change("param-narrowed", "mix wanted gcc", BROKEN)(param_retype(NARROWER, "risk"))
change("param-sign", "mix wanted gcc", BROKEN)(param_retype(SMALL_SIGN, "risk"))
change("param-kind", "mix wanted", BROKEN)(param_retype({**OTHER_KIND, "void *": "double"}, "break"))
change("param-float-format", "mix", BROKEN)(param_retype({"float": "double", "double": "float"}, "break"))
change("param-became-bool", "mix wanted gcc", BROKEN)(param_retype({"int": "_Bool", "unsigned": "_Bool"}, "break"))
change("param-was-bool", "mix", FINE)(param_retype({"_Bool": "int"}, "ok"))
change("param-alias", "mix wanted", FINE)(param_retype(ALIAS, "ok"))


@change("param-pointer-level", "mix wanted", BROKEN)
def _(maker):
    param = param_of(maker, lambda type_: isinstance(type_, Pointer))
    param.type = Pointer(param.type)
    return "break"


@change("param-pointee-size", "mix wanted", BROKEN)
def _(maker):
    param = param_of(maker, lambda type_: isinstance(type_, Pointer))
    param.type.to = Scalar({"int": "long", "short": "int", "double": "float", "unsigned char": "unsigned"}[
        param.type.to.name])
    return "break"


@change("param-pointee-const", "mix wanted", FINE)
def _(maker):
    param = param_of(maker, lambda type_: isinstance(type_, Pointer))
    param.type.const = not param.type.const
    return "risk"


@change("param-top-const", "mix wanted", FINE)
def _(maker):
    param_of(maker, lambda type_: isinstance(type_, Scalar) and type_.kind in "suf").const = True
    return "ok"


@change("param-renamed", "mix", FINE)
def _(maker):
    maker.rng.choice(mix_of(maker).params).name += "_new"
    return "ok"


@change("param-became-pointer", "struct value", BROKEN)
def _(maker):
    param = next(p for f in maker.api.functions for p in f.params if p.type is box_of(maker))
    param.type = Pointer(param.type, True, 1)
    return "break"


@change("variadic-added", "mix", FINE)
def _(maker):
    mix_of(maker).variadic = []
    return "risk"


@change("variadic-removed", "variadic", FINE)
def _(maker):
    function = maker.api.functions[-1]
    function.params += function.variadic
    function.variadic = None
    return "risk"


@change("result-widened", "mix result", FINE)
def _(maker):
    function = mix_of(maker)
    if function.result.name not in WIDER:
        return None
    function.result = Scalar(WIDER[function.result.name])
    return "risk"


@change("result-narrowed", "mix result", BROKEN)
def _(maker):
    function = mix_of(maker)
    function.result = Scalar(NARROWER[function.result.name])
    return "break"


@change("result-sign", "mix result", FINE)
def _(maker):
    function = mix_of(maker)
    function.result = Scalar(OTHER_SIGN[function.result.name])
    return "risk"


@change("result-kind", "mix result", BROKEN)
def _(maker):
    mix_of(maker).result = Scalar("double")
    return "break"


@change("result-dropped", "mix result", BROKEN)
def _(maker):
    mix_of(maker).result = None
    return "break"


@change("result-added", "mix", FINE)
def _(maker):
    if mix_of(maker).result:
        return None
    mix_of(maker).result = Scalar("int")
    return "ok"


@change("function-removed", "mix", BROKEN)
def _(maker):
    maker.api.functions.remove(mix_of(maker))
    return "break"


@change("function-added", "mix struct", FINE)
def _(maker):
    maker.function("added", Scalar("int"), maker.param(Pointer(box_of(maker), False, 1)))
    return "ok"


# Callbacks.
def call_of(maker):
    return maker.api.find(Callback)[0]


@change("callback-appended", "callback", FINE)
def _(maker):
    call_of(maker).params.append(maker.param(Scalar("int")))
    return "risk"


@change("callback-removed", "callback", BROKEN)
def _(maker):
    call_of(maker).params.pop(maker.rng.randrange(3))
    return "break"


@change("callback-retyped", "callback", BROKEN)
def _(maker):
    param = maker.rng.choice(call_of(maker).params)
    param.type = Scalar({"int": "double", "long": "double", "double": "long"}[param.type.name])
    return "break"


@change("callback-result", "callback", BROKEN)
def _(maker):
    call_of(maker).result = Scalar("double")
    return "break"


# Variables.
@change("variable-size", "variable", BROKEN)
def _(maker):
    variable = maker.api.variables[-2]
    variable.type = Scalar({"int": "long", "long": "int", "unsigned": "unsigned long", "float": "double"}[
        variable.type.name])
    return "break"


@change("variable-array", "variable", BROKEN)
def _(maker):
    maker.api.variables[-1].type.count += maker.rng.choice([-1, 2])
    return "break"


@change("variable-kind", "variable", BROKEN)
def _(maker):
    variable = maker.api.variables[-2]
    variable.type = Scalar(OTHER_KIND[variable.type.name])
    return "break"


@change("variable-sign", "variable", BROKEN)
def _(maker):
    variable = maker.api.variables[-2]
    if variable.type.name not in OTHER_SIGN:
        return None
    variable.type = Scalar(OTHER_SIGN[variable.type.name])
    return "risk"


@change("variable-const", "variable", BROKEN)
def _(maker):
    maker.api.variables[-2].const = True
    return "risk"


# What no program can see.
@change("handle-changed", "handle", FINE)
def _(maker):
    members = maker.api.handle.members
    members.insert(maker.rng.randrange(len(members) + 1), maker.member(maker.scalar()))
    return "risk"


@change("private-changed", "private", FINE)
def _(maker):
    maker.api.private.members.insert(maker.rng.randrange(3), maker.member(maker.scalar()))
    return "ok"


@change("enum-unused", "mix", FINE)
def _(maker):
    name = maker.prefix + "unused"
    maker.api.types.append(Enum(name, [Item("a", name + "_a", 0)]))
    return "ok"


@change("nothing", "struct mix enum typedef union variable callback handle private variadic flexible", FINE)
def _(maker):
    return "ok"


def make_pair(seed, names, attempt):
    """The pair of a seed, with these changes; None if chance made a library that has no place for one."""
    rng = random.Random(f"{seed} {names} {attempt}")
    changes = [CHANGES[name] for name in names]
    old = Maker(rng, f"p{seed}_", set().union(*(one.features for one in changes)))
    new = copy.deepcopy(old)
    floor = apply_all(changes, new)
    if not floor:
        return None
    values = Values(seed)
    library, client = old.api.library(values), old.api.client(values)
    return Pair("c", changes, floor, (library, new.api.library(values)), client,
                (old.api.header(), new.api.header()), (old.api.facts(), new.api.facts()), FACTS_HEAD)
