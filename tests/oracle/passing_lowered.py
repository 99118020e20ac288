# SPDX-License-Identifier: Apache-2.0
"""What clang's intermediate code says of arguments and results, for passing.py."""

import re

FLOATS = {"half": 2, "float": 4, "double": 8, "fp128": 16}


def split(text):
    """At commas that are inside of nothing."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        if c in "([{<":
            depth += 1
        elif c in ")]}>":
            depth -= 1
        elif c == "," and not depth:
            parts.append(text[start:i].strip())
            start = i + 1
    last = text[start:].strip()
    return parts + [last] if last else parts


def first_type(text):
    """The type at the start of a text, and what follows."""
    depth = 0
    for i, c in enumerate(text):
        if c in "([{<":
            depth += 1
        elif c in ")]}>":
            depth -= 1
        elif c == " " and not depth:
            return text[:i], text[i + 1:]
    return text, ""


class Lowered:
    """how, classes, align and extension; None: the code does not tell."""

    def __init__(self, how, classes=None, align=None, extension=None):
        self.how, self.classes, self.align, self.extension = how, classes, align, extension
        self.upper_half = False  # a float stands where a double has its first bytes

    def difference(self, mine, with_align=True):
        if self.how != mine.how:
            return True
        classes = [c for c in mine.classes if c != "-"]
        if self.upper_half and mine.size == 8 and classes == ["f4"]:
            classes = ["f8"]
        if self.classes is not None and self.classes != classes:
            return True
        if with_align and self.align is not None and mine.align and mine.how != "reference" and self.align != mine.align:
            return True
        return self.extension is not None and self.extension != mine.extension

    def __str__(self):
        return f"{self.how} {','.join(self.classes or [])} align {self.align} {self.extension}"


class LoweredModule:
    def __init__(self, text, machine):
        self.machine = machine
        self.word = 32 if machine in ("i386", "arm-hard", "arm-soft") else 64
        self.structs = dict(re.findall(r"^(%[\w.\":]+) = type (.*)$", text, re.M))
        self.functions = {}
        for head, name, rest in re.findall(r"^define (.*?)@(\w+)\((.*)$", text, re.M):
            depth, end = 1, 0
            while depth:
                depth += {"(": 1, ")": -1}.get(rest[end], 0)
                end += 1
            self.functions[name] = head.strip(), rest[:end - 1]

    def leaves(self, text):
        """Bits of integers, "p" of pointers, names of floats, ("v", bytes) of vectors."""
        text = text.strip()
        if text.endswith("*"):
            return ["p"]
        if text in self.structs:
            return self.leaves(self.structs[text])
        array = re.fullmatch(r"\[(\d+) x (.*)\]", text)
        if array:
            return self.leaves(array[2]) * int(array[1])
        vector = re.fullmatch(r"<(\d+) x (\w+)>", text)
        if vector:
            bits = int(vector[2][1:]) if vector[2][0] == "i" else FLOATS[vector[2]] * 8
            return [("v", int(vector[1]) * bits // 8)]
        if text.startswith("<{"):
            text = text[1:-1]
        if text.startswith("{"):
            return [leaf for part in split(text[1:-1]) for leaf in self.leaves(part)]
        if re.fullmatch(r"i\d+", text):
            return [int(text[1:])]
        return [] if text == "void" else [text]

    def classes_of(self, leaf, is_result):
        if leaf == "p":
            return ["int"]
        if isinstance(leaf, int):
            return ["int"] * ((leaf + self.word - 1) // self.word)
        size = leaf[1] if isinstance(leaf, tuple) else FLOATS.get(leaf, 0)
        if self.machine == "x86-64":
            if leaf == "x86_fp80":
                return ["x87", "x87up"]
            return ["sse"] + ["up"] * (max(size, 8) // 8 - 1)
        if self.machine == "i386":
            return ["x87"] if is_result else []
        if self.machine == "arm-soft" or (self.machine == "riscv64" and size == 16):
            return ["int"] * (size * 8 // self.word)
        return [f"f{size}"]

    def parameters(self, name):
        """[(type, attributes)]"""
        return [first_type(p) for p in split(self.functions[name][1])]

    def extension_of(self, attributes):
        if self.machine in ("x86-64", "i386", "aarch64"):
            return None
        return "sign" if re.search(r"\bsignext\b", attributes) else "zero" if re.search(r"\bzeroext\b", attributes) else ""

    def align_of(self, parameters, leaves):
        types = " ".join(t for t, _ in parameters)
        if self.machine == "riscv64" and any(leaf in FLOATS for leaf in leaves):
            return None
        if self.machine == "aarch64":
            return 16 if "i128" in types else 8 if "i64" in types else None
        if self.machine in ("riscv64", "ppc64le"):
            return 16 if "i128]" in types or (self.machine == "riscv64" and "i128" in types) else 8 if "i64" in types else None
        if self.machine.startswith("arm"):
            return 8 if "i64" in types else 4 if "i32" in types else None
        return None

    def argument(self, name):
        parameters = self.parameters("a_" + name)
        if not parameters:
            return Lowered("nothing")
        kind, attributes = parameters[0]
        byval = re.search(r"\bbyval\(.*\) align (\d+)", attributes)
        if byval and self.machine in ("x86-64", "i386"):
            return Lowered("memory", align=max(int(byval[1]), self.word // 8))
        if byval:
            return Lowered("registers", ["int"] * (8 if self.machine == "ppc64le" else 4))
        if kind.endswith("*") and kind != "i8*" and ".coerce" not in attributes:
            return Lowered("reference")
        leaves = [leaf for t, _ in parameters for leaf in self.leaves(t)]
        if self.machine == "i386" or "x86_fp80" in leaves:
            return Lowered("memory")
        classes = [c for leaf in leaves for c in self.classes_of(leaf, False)]
        if self.machine.startswith("arm-") and classes[0] == "int":
            classes = classes[:4]  # what follows is on the stack
        elif self.machine == "ppc64le" and classes[0] == "int":
            classes = classes[:8]
        lowered = Lowered("registers", classes, self.align_of(parameters, leaves), self.extension_of(attributes + " " + kind))
        lowered.upper_half = self.machine == "s390x"
        return lowered

    def result(self, name):
        parameters = self.parameters("r_" + name)
        head = self.functions["r_" + name][0]
        if parameters and "sret" in parameters[0][1]:
            return Lowered("memory")
        text = re.sub(r"^(?:(?:dso_local|noundef|signext|zeroext|inreg|nonnull|arm_\w+|linkonce_odr|internal|hidden|align \d+|dereferenceable\(\d+\)) +)*", "", head)
        leaves = self.leaves(first_type(text.strip())[0])
        if not leaves:
            return Lowered("nothing")
        classes = [c for leaf in leaves for c in self.classes_of(leaf, True)]
        if self.machine == "x86-64" and leaves == ["x86_fp80"] * 2:
            classes = ["x87", "x87"]
        if self.machine == "i386" and leaves == ["float", "float"]:
            classes = ["int", "int"]
        return Lowered("registers", classes, None, self.extension_of(head))
