# SPDX-License-Identifier: Apache-2.0
"""The types of truth.py: how they are declared, filled, and summed up, in C.

What a variable holds is known by its path, which is made of keys that stay when a
member is renamed or moved: the same path has the same value and the same weight in
the library and in the program, of whatever type it has become.
"""

import dataclasses
import zlib

# name: bytes, kind (signed, unsigned, floating, boolean, pointer)
SCALARS = {
    "char": (1, "s"), "signed char": (1, "s"), "unsigned char": (1, "u"), "short": (2, "s"),
    "unsigned short": (2, "u"), "int": (4, "s"), "unsigned": (4, "u"), "long": (8, "s"),
    "unsigned long": (8, "u"), "long long": (8, "s"), "unsigned long long": (8, "u"),
    "float": (4, "f"), "double": (8, "f"), "_Bool": (1, "b"), "void *": (8, "p"),
    "char *": (8, "p"),
}
FLEXIBLE = 3  # elements that are there of an array without a bound


@dataclasses.dataclass(eq=False)
class Scalar:
    name: str

    @property
    def size(self):
        return SCALARS[self.name][0]

    @property
    def kind(self):
        return SCALARS[self.name][1]

    def declare(self, inner):
        return f"{self.name} {inner}"


@dataclasses.dataclass(eq=False)
class Pointer:
    to: object
    const: bool = False
    count: int = 2  # how many are there

    def declare(self, inner):
        return ("const " if self.const else "") + self.to.declare(f"*{inner}")


@dataclasses.dataclass(eq=False)
class Array:
    of: object
    count: object  # None: a flexible one

    def declare(self, inner):
        return self.of.declare(f"{inner}[{self.count or ''}]")


@dataclasses.dataclass(eq=False)
class Typedef:
    name: str
    to: object

    def declare(self, inner):
        return f"{self.name} {inner}"

    def define(self):
        return f"typedef {self.to.declare(self.name)};"


@dataclasses.dataclass(eq=False)
class Item:
    key: str
    name: str
    value: int


@dataclasses.dataclass(eq=False)
class Enum:
    name: str
    items: list

    def declare(self, inner):
        return f"enum {self.name} {inner}"

    def define(self):
        return f"enum {self.name} {{ {', '.join(f'{i.name} = {i.value}' for i in self.items)} }};"


@dataclasses.dataclass(eq=False)
class Member:
    key: str
    name: str  # empty: anonymous
    type: object
    bits: object = None

    def declare(self):
        return self.type.declare(self.name + (f" : {self.bits}" if self.bits else "")) + ";"


@dataclasses.dataclass(eq=False)
class Struct:
    name: str  # empty: anonymous, defined where it is used
    members: list
    keyword: str = "struct"
    attribute: str = ""
    form: str = "tag"  # tag, typedef, both

    def body(self):
        return f"{{ {' '.join(member.declare() for member in self.members)} }}"

    def declare(self, inner):
        if self.form == "tag":
            return f"{self.keyword} {self.name or self.body()} {inner}"
        return f"{self.name} {inner}"

    def define(self):
        if self.form == "tag":
            return f"{self.keyword} {self.attribute} {self.name} {self.body()};"
        tag = self.name if self.form == "both" else ""
        return f"typedef {self.keyword} {self.attribute} {tag} {self.body()} {self.name};"


@dataclasses.dataclass(eq=False)
class Link(Scalar):
    """A pointer to a struct that nobody follows."""
    target: object = None

    def declare(self, inner):
        return self.target.declare(f"*{inner}")


@dataclasses.dataclass(eq=False)
class Callback:
    name: str
    result: object
    params: list

    def declare(self, inner):
        return f"{self.name} {inner}"

    def define(self):
        params = ", ".join(param.type.declare(param.name) for param in self.params)
        return f"typedef {self.result.declare(f'(*{self.name})({params})')};"


@dataclasses.dataclass(eq=False)
class Leaf:
    text: str
    path: str
    type: object
    bits: object


def resolve(type_):
    while isinstance(type_, Typedef):
        type_ = type_.to
    return type_


def leaves(type_, text, path, pick=None, bits=None):
    """Everything in an object that has a value; of a union the picked member, or the first."""
    type_ = resolve(type_)
    if isinstance(type_, (Scalar, Enum)):
        yield Leaf(text, path, type_, bits)
    elif isinstance(type_, Pointer):
        for i in range(type_.count):
            yield from leaves(type_.to, f"{text}[{i}]", f"{path}*{i}", pick)
    elif isinstance(type_, Array):
        for i in range(type_.count or FLEXIBLE):
            yield from leaves(type_.of, f"{text}[{i}]", f"{path}[{i}]")
    elif isinstance(type_, Struct):
        for member in type_.members:
            if type_.keyword == "union" and member.key != (pick or type_.members[0].key):
                continue
            place = f"{text}.{member.name}" if member.name else text
            # What an anonymous member holds is where it was before it was put there.
            yield from leaves(member.type, place, f"{path}.{member.key}" if member.name else path, None, member.bits)


class Values:
    """The value of each path, as the first type that it was asked for can hold it."""

    def __init__(self, seed):
        self.seed, self.known = seed, {}

    def number(self, leaf):
        if leaf.path not in self.known:
            self.known[leaf.path] = self.choose(leaf)
        return self.known[leaf.path]

    def choose(self, leaf):
        hash_ = zlib.crc32(f"{self.seed} {leaf.path}".encode()) * 2654435761
        if isinstance(leaf.type, Enum):
            item = leaf.type.items[hash_ % len(leaf.type.items)]
            return item.key, item.value
        kind, width = leaf.type.kind, leaf.bits or leaf.type.size * 8
        half = 1 << (width - 1)
        if kind == "f":
            return hash_ % 1000 + 1000.5
        if kind == "b":
            return 1
        if kind == "p":
            return 0x7f0000000000 + (hash_ & 0xffff00)
        # Out of the range of all that is narrower or of the other sign.
        return hash_ % max(half // 2, 1) + (-half if kind == "s" else half)

    def literal(self, leaf):
        number = self.number(leaf)
        if isinstance(number, tuple):
            if isinstance(leaf.type, Enum):
                return next((item.name for item in leaf.type.items if item.key == number[0]), "0")
            number = number[1]
        name = leaf.type.declare("")
        if isinstance(number, float):
            return f"({name}){number}"
        if isinstance(leaf.type, Scalar) and leaf.type.kind == "f":
            return f"({name}){number}.0"
        return f"({name})0x{number & (1 << 64) - 1:x}ull"


def weight(path):
    return f"0x{zlib.crc32(path.encode()) | 1:x}ul"


def read(leaf, text):
    if isinstance(leaf.type, Scalar) and leaf.type.kind == "f":
        return f"(unsigned long)(long)(({text}) * 16)"
    if isinstance(leaf.type, Scalar) and leaf.type.kind in "su" and leaf.type.size == 8 and not leaf.bits:
        return f"(unsigned long)(({text}) / 3)"  # the sign shows
    return f"(unsigned long)({text})"


def sum_of(all_leaves, text=None):
    """What the leaves hold, as one number; with text, what text(leaf) is."""
    return " + ".join(f"{weight(leaf.path)} * {read(leaf, text(leaf) if text else leaf.text)}"
                      for leaf in all_leaves) or "0"


def fill(type_, text, path, values, pick=None, bits=None):
    """Statements that give an object the values of its paths. Pointers get an array of their own."""
    type_ = resolve(type_)
    if isinstance(type_, (Scalar, Enum)):
        return f"{text} = {values.literal(Leaf(text, path, type_, bits))};"
    if isinstance(type_, Pointer):
        inner = "".join(fill(type_.to, f"box[{i}]", f"{path}*{i}", values) for i in range(type_.count))
        return f"{{ static {type_.to.declare(f'box[{type_.count}]')}; {inner} {text} = box; }}"
    if isinstance(type_, Array):
        return "".join(fill(type_.of, f"{text}[{i}]", f"{path}[{i}]", values) for i in range(type_.count or FLEXIBLE))
    lines = []
    for member in type_.members:
        if type_.keyword != "union" or member.key == (pick or type_.members[0].key):
            lines.append(fill(member.type, f"{text}.{member.name}" if member.name else text,
                              f"{path}.{member.key}" if member.name else path, values, None, member.bits))
    return "".join(lines)


def mentions(type_, wanted, through_pointers):
    """Does an object of this type hold one of the wanted type, or lead to one?"""
    type_ = resolve(type_)
    if type_ is wanted:
        return True
    if isinstance(type_, Pointer):
        return through_pointers and mentions(type_.to, wanted, True)
    if isinstance(type_, Array):
        return mentions(type_.of, wanted, through_pointers)
    if isinstance(type_, Struct):
        return any(mentions(member.type, wanted, through_pointers) for member in type_.members)
    return False
