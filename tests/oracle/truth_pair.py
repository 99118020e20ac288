# SPDX-License-Identifier: Apache-2.0
"""What truth.py knows of one pair of releases, whatever the language."""

import dataclasses

# What a change is expected to do to the program. EITHER: chance or the compiler decides.
BROKEN, FINE, EITHER = "broken", "fine", "either"


@dataclasses.dataclass
class Change:
    name: str
    features: set  # what the library must have
    expected: str
    apply: object  # of a maker; returns the least right verdict if broken, None if there is no place for it


@dataclasses.dataclass
class Pair:
    language: str  # "c" or "c++"
    changes: list
    floor: str
    libraries: tuple  # sources, old and new
    client: str
    headers: tuple
    facts: tuple  # statements that print them
    facts_head: str

    @property
    def name(self):
        return "+".join(change.name for change in self.changes)

    @property
    def expected(self):
        kinds = {change.expected for change in self.changes}
        # Two changes may undo each other, or break together.
        return kinds.pop() if len(self.changes) == 1 else EITHER


def apply_all(changes, maker):
    """The least verdict that is right for all of them together, None if one has no place."""
    floors = []
    for change in changes:
        try:
            floor = change.apply(maker)
        except (IndexError, KeyError, StopIteration, ValueError, AttributeError, TypeError):
            floor = None  # the library has not, or the change before it took away, what this one is about
        if floor is None:
            return None
        if change.expected != FINE:
            floors.append(floor)
    if not floors:
        return "risk"
    return "break" if set(floors) == {"break"} else "risk"
