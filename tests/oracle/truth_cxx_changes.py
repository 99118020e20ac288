# SPDX-License-Identifier: Apache-2.0
"""Random libraries of C++ for truth.py, and the changes that make the next release of one."""

import copy
import random

from truth_c import Function, Param
from truth_cxx import FACTS_HEAD, Api, Class, Method
from truth_pair import BROKEN, EITHER, FINE, Change, Pair, apply_all
from truth_types import Member, Pointer, Scalar, Struct, Values

MEMBERS = ["char", "short", "int", "unsigned", "long", "float", "double"]


class Maker:
    """A library with the asked features; the rest is chance."""

    def __init__(self, rng, prefix, features):
        self.rng, self.api, self.keys, self.features = rng, Api(prefix), 0, features
        self.late = False
        self.api.inner = "v1" if "inner" in features else ""
        if features & {"single", "multi"}:
            self.add_single()
        if "multi" in features or ("single" in features and "closed" not in features and rng.random() < 0.3):
            self.add_multi()
        if "value" in features:
            self.add_value()
        if "hidden" in features:
            self.add_hidden()
        if "functions" in features:
            self.api.functions.append(Function("scale", Scalar("unsigned long"), [
                self.param(self.scalar(["int", "long", "unsigned"])), self.param(self.scalar(["double", "int"]))]))

    def key(self):
        self.keys += 1
        return f"k{self.keys}"

    def scalar(self, names=None):
        return Scalar(self.rng.choice(names or MEMBERS))

    def member(self, type_=None):
        key = self.key()
        return Member(key, "m" + key, type_ or self.scalar())

    def param(self, type_, **more):
        key = self.key()
        return Param(key, "p" + key, type_, **more)

    def method(self, kind, **more):
        key = self.key()
        params = [self.param(self.scalar()) for _ in range(self.rng.randint(0, 2))]
        return Method(key, f"f{key}", params, kind, const=kind != "static" and self.rng.random() < 0.4,
                      late=self.late, **more)

    def methods(self, *kinds):
        return [self.method(kind) for kind in kinds]

    def add_single(self):
        rng, features = self.rng, self.features
        kinds = ["virtual", "virtual", rng.choice(["virtual", "plain", "static"])]
        kinds += ["pure"] if "pure" in features or (rng.random() < 0.2 and "closed" not in features) else []
        kinds += ["plain", "static"] if "methods" in features else []
        rng.shuffle(kinds)
        # The key function must have a body.
        destructor = "" if "nodestructor" in features else rng.choice(["", "virtual"])
        alpha = Class("Alpha", [self.member(), self.member()], self.methods(*kinds), [], destructor,
                      rng.choice(["struct", "class"]), "closed" in features)
        alpha.touch = rng.choice(["", "&", "*"]) if "touch" not in features else rng.choice("&*")
        if rng.random() < 0.3:
            alpha.access[alpha.members[0].key] = rng.choice(["private", "protected"])
        self.api.classes.append(alpha)

    def add_multi(self):
        rng = self.rng
        alpha = self.api.find("Alpha")
        beta = Class("Beta", [self.member()], self.methods("virtual", "plain"))
        gamma = Class("Gamma", [self.member()], self.methods("virtual", "virtual"),
                      [[alpha, False], [beta, rng.random() < 0.2 and "plain" not in self.features]])
        # All that is pure must have a body in it, and sometimes something else has.
        gamma.methods += [self.override(m) for m in alpha.methods
                          if m.kind == "pure" or (m.kind == "virtual" and rng.random() < 0.3)]
        self.api.classes += [beta, gamma]

    def override(self, method):
        return Method(method.key + "o", method.name, copy.deepcopy(method.params), "virtual", method.const,
                      late=self.late)

    def add_value(self):
        kinds = [[self.scalar(["int", "float", "short"])], [self.scalar(["long", "double"]), Scalar("int")],
                 [Scalar("int"), Scalar("char")], [self.scalar(), self.scalar()]]
        members = [self.member(kind) for kind in self.rng.choice(kinds)]
        self.api.classes.append(Class("Value", members, self.methods("plain"), keyword="struct", by_value=True))

    def add_hidden(self):
        members = [self.member(), self.member()]
        self.api.hidden = Struct("Hidden", members)
        facade = Class("Facade", [self.member(Scalar("int"))], self.methods("plain"), extra="private: struct Hidden *hidden;")
        self.api.classes.append(facade)


CHANGES = {}


def change(name, features, expected):
    def register(apply):
        CHANGES[name] = Change(name, set(features.split()), expected, apply)
        return apply
    return register


def alpha_of(maker):
    return maker.api.find("Alpha")


def first(class_, kind):
    return next(m for m in class_.methods if m.kind == kind)


# Members and bases.
@change("class-member-appended", "single", BROKEN)
def _(maker):
    alpha_of(maker).members.append(maker.member(Scalar("long")))
    return "break"


@change("class-private-member-added", "single", BROKEN)
def _(maker):
    alpha = alpha_of(maker)
    alpha.members.insert(maker.rng.randrange(2), maker.member(Scalar("double")))
    alpha.access[alpha.members[0].key] = "private"
    return "break"


@change("class-members-swapped", "single", BROKEN)
def _(maker):
    alpha_of(maker).members.reverse()
    return "break"


@change("class-member-kind", "single", BROKEN)
def _(maker):
    member = maker.rng.choice(alpha_of(maker).members)
    member.type = Scalar({"int": "float", "unsigned": "float", "long": "double", "double": "long", "float": "int"}[
        member.type.name]) if member.type.size > 2 else None
    return "break" if member.type else None


@change("base-added", "single", BROKEN)
def _(maker):
    classes = maker.api.classes
    classes.insert(0, Class("Delta", [maker.member(Scalar("long"))], maker.methods("plain")))
    alpha_of(maker).bases.append([classes[0], False])
    return "break"


# Programs that are not position independent have the old half of the type information, and run into its end.
@change("base-added-empty", "single", BROKEN)
def _(maker):
    # What only the library can make has no type information in programs.
    if alpha_of(maker).closed:
        return None
    maker.api.classes.insert(0, Class("Empty", []))
    maker.api.find("Alpha").bases.append([maker.api.classes[0], False])
    return "risk"


@change("base-removed", "multi", BROKEN)
def _(maker):
    gamma = maker.api.find("Gamma")
    del gamma.bases[1]
    return "break"


@change("bases-reordered", "multi plain", BROKEN)
def _(maker):
    maker.api.find("Gamma").bases.reverse()
    return "break"


@change("base-became-virtual", "multi", BROKEN)
def _(maker):
    bases = maker.api.find("Gamma").bases
    bases[0][1] = True
    return "break"


@change("base-grown", "multi", BROKEN)
def _(maker):
    maker.api.find("Beta").members.append(maker.member(Scalar("long")))
    return "break"


# Virtual functions.
@change("virtual-appended", "single", BROKEN)
def _(maker):
    alpha_of(maker).methods.append(maker.method("virtual"))
    return "break"


@change("virtual-appended-closed", "single closed", FINE)
def _(maker):
    alpha_of(maker).methods.append(maker.method("virtual"))
    return "risk"


@change("virtual-inserted", "single", BROKEN)
def _(maker):
    methods = alpha_of(maker).methods
    methods.insert(methods.index(first(alpha_of(maker), "virtual")), maker.method("virtual"))
    return "break"


@change("virtual-removed", "single", BROKEN)
def _(maker):
    alpha_of(maker).methods.remove(first(alpha_of(maker), "virtual"))
    return "break"


@change("virtuals-swapped", "single", BROKEN)
def _(maker):
    methods = alpha_of(maker).methods
    one, other = [i for i, m in enumerate(methods) if m.kind == "virtual"][:2]
    methods[one], methods[other] = methods[other], methods[one]
    return "break"


@change("virtual-became-pure", "single", BROKEN)
def _(maker):
    first(alpha_of(maker), "virtual").kind = "pure"
    gamma = [c for c in maker.api.classes if c.name == "Gamma"]
    if gamma and gamma[0].bases:
        return None  # it would have to override it
    return "break"


@change("pure-became-virtual", "single pure", FINE)
def _(maker):
    first(alpha_of(maker), "pure").kind = "virtual"
    return "ok"


@change("pure-added", "single pure", BROKEN)
def _(maker):
    if len(maker.api.classes) > 1:
        return None
    alpha_of(maker).methods.append(maker.method("pure"))
    return "break"


@change("method-became-virtual", "single methods", BROKEN)
def _(maker):
    first(alpha_of(maker), "plain").kind = "virtual"
    return "break"


@change("method-became-static", "single methods", BROKEN)
def _(maker):
    method = first(alpha_of(maker), "plain")
    method.kind, method.const = "static", False
    method.params = method.params or [maker.param(Scalar("int"))]
    return "break"


@change("static-became-method", "single methods", BROKEN)
def _(maker):
    first(alpha_of(maker), "static").kind = "plain"
    return "break"


@change("destructor-became-virtual", "single nodestructor", BROKEN)
def _(maker):
    alpha_of(maker).destructor = "virtual"
    return "break"


@change("override-added", "multi plain", FINE)
def _(maker):
    gamma = maker.api.find("Gamma")
    taken = {m.name for m in gamma.methods}
    method = next(m for m in alpha_of(maker).methods if m.kind == "virtual" and m.name not in taken)
    gamma.methods.append(maker.override(method))
    # Classes of old programs have the base's in their tables, as if it were not overridden.
    gamma.methods[-1].driven = False
    return "ok"


@change("override-added-secondary", "multi plain", BROKEN)
def _(maker):
    maker.api.find("Gamma").methods.append(maker.override(first(maker.api.find("Beta"), "virtual")))
    return "break"


@change("override-removed", "multi pure", BROKEN)
def _(maker):
    gamma = maker.api.find("Gamma")
    overrides = [m for m in gamma.methods if m.key.endswith("o")]
    # A body in its stead, so that the class can still be made.
    next(m for m in alpha_of(maker).methods if m.name == overrides[0].name).kind = "virtual"
    gamma.methods.remove(overrides[0])
    return "risk"


def covariant(maker, base):
    method = next(m for m in base.methods if m.covariant)
    gamma = maker.api.find("Gamma")
    gamma.methods.append(Method(method.key + "o", method.name, [], "virtual", covariant=gamma))


@change("covariant-added", "multi plain covariant", FINE)
def _(maker):
    covariant(maker, alpha_of(maker))
    return "ok"


@change("covariant-added-secondary", "multi plain covariant", BROKEN)
def _(maker):
    covariant(maker, maker.api.find("Beta"))
    return "break"


# Values.
@change("copy-user-provided", "value", BROKEN)
def _(maker):
    maker.api.find("Value").special = "copy"
    return "break"


@change("destructor-user-provided", "value", BROKEN)
def _(maker):
    maker.api.find("Value").special = "destructor"
    return "break"


@change("value-grown", "value", BROKEN)
def _(maker):
    maker.api.find("Value").members.append(maker.member(Scalar("double")))
    return "break"


@change("value-member-kind", "value", BROKEN)
def _(maker):
    member = maker.api.find("Value").members[0]
    if member.type.name not in ("int", "float", "long", "double"):
        return None
    member.type = Scalar({"int": "float", "float": "int", "long": "double", "double": "long"}[member.type.name])
    return "break"


@change("value-became-private", "value", EITHER)
def _(maker):
    value = maker.api.find("Value")
    value.access[value.members[-1].key] = "private"
    return "risk"


# Names.
@change("inline-namespace", "inner functions single", BROKEN)
def _(maker):
    maker.api.inner = "v2"
    return "break"


@change("reference-became-pointer", "single touch", BROKEN)
def _(maker):
    alpha = alpha_of(maker)
    alpha.touch = "*" if alpha.touch == "&" else "&"
    return "break"


@change("method-const", "single methods", BROKEN)
def _(maker):
    method = first(alpha_of(maker), "plain")
    method.const = not method.const
    return "break"


@change("overload-replaced", "functions", BROKEN)
def _(maker):
    maker.api.functions[0].params[0].type = Scalar("short")
    return "break"


# What no old program can see.
@change("overload-added", "functions", FINE)
def _(maker):
    maker.api.functions.append(Function("scale", Scalar("unsigned long"), [maker.param(Scalar("char"))]))
    return "ok"


@change("method-added", "single", FINE)
def _(maker):
    alpha_of(maker).methods.append(maker.method(maker.rng.choice(["plain", "static"]),
                                                access=maker.rng.choice(["public", "private"])))
    return "ok"


@change("member-access", "single", FINE)
def _(maker):
    alpha = alpha_of(maker)
    alpha.access[alpha.members[-1].key] = maker.rng.choice(["private", "protected"])
    return "ok"


@change("method-access", "single methods", FINE)
def _(maker):
    first(alpha_of(maker), "plain").access = "private"
    return "ok"


@change("base-access", "multi", FINE)
def _(maker):
    maker.api.find("Gamma").base_access = "private"
    return "ok"


@change("static-member-added", "single", FINE)
def _(maker):
    alpha_of(maker).extra += "public: static int counter;"
    return "ok"


@change("keyword", "single", FINE)
def _(maker):
    alpha = alpha_of(maker)
    alpha.keyword = "class" if alpha.keyword == "struct" else "struct"
    return "ok"


@change("class-added", "single", FINE)
def _(maker):
    maker.api.classes.append(Class("Late", [maker.member()], maker.methods("virtual", "plain")))
    return "ok"


@change("hidden-changed", "hidden", FINE)
def _(maker):
    maker.api.hidden.members.insert(maker.rng.randrange(3), maker.member())
    return "risk"


@change("friend-and-explicit", "single", FINE)
def _(maker):
    alpha_of(maker).extra += "friend struct Stranger; public: explicit Alpha(const char *) : Alpha() {}"
    return "ok"


@change("method-param-renamed", "single methods", FINE)
def _(maker):
    for method in alpha_of(maker).methods:
        for param in method.params:
            param.name += "_new"
            param.const = not isinstance(param.type, Pointer)
    return "ok"


@change("nothing-c++", "single value hidden functions", FINE)
def _(maker):
    return "ok"


def make_pair(seed, names, attempt):
    """The pair of a seed, with these changes; None if chance made a library that has no place for one."""
    rng = random.Random(f"{seed} {names} {attempt}")
    changes = [CHANGES[name] for name in names]
    old = Maker(rng, f"p{seed}", set().union(*(one.features for one in changes)))
    if "covariant" in old.features:
        for name in ("Alpha", "Beta"):
            method = old.method("virtual")
            method.params, method.const, method.covariant = [], False, old.api.find(name)
            method.covariant.methods.append(method)
    new = copy.deepcopy(old)
    new.late = True
    floor = apply_all(changes, new)
    if not floor:
        return None
    values = Values(seed)
    library, client = old.api.library(values), old.api.client(values)
    return Pair("c++", changes, floor, (library, new.api.library(values)), client,
                (old.api.header(), new.api.header()), (old.api.facts(), new.api.facts()), FACTS_HEAD)
