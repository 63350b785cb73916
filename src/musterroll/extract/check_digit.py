"""The check digit of a personal number, as a declaration describes it: weights, a modulus, and where the digit stands.

    check: {at: 11, weights: [[1,2,3,4,5,6,7,8,9,1], [3,4,5,6,7,8,9,1,2,3]], modulus: 11, signs: {10: "0"}}

1. Each digit before the check digit is multiplied by its weight; the sum's remainder by the modulus is the result, or,
   where the number `gives: complement`, what is missing to the modulus (nothing, where nothing is).
2. Where a list of weights gives 10 or more, the next one is tried; of the last one the result stands.
3. A result of one digit is written as itself; a larger one by its declared sign (`signs`). A number whose result has no
   sign does not exist.
4. A wrong digit is told and nothing rests on it: the number stays as it was written, for linkage to compare.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

LONGEST = 30


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """One check digit at place `at` (from 1, letters and digits only), over the `weights` of the places before it."""

    at: int
    weights: tuple[tuple[int, ...], ...]
    modulus: int
    complement: bool = False
    signs: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        same = {len(one) for one in self.weights}
        if not (1 < self.at <= LONGEST and 1 < self.modulus <= 100 and same == {self.at - 1}):
            raise ValueError("a check digit has a weight for each place before it, and a modulus from 2 to 100")
        if not all(result in range(self.modulus) for result in self.signs):
            raise ValueError("a result is below the modulus: a sign for any other is never written")

    def sign_of(self, result: int) -> str:
        """How a result is written; empty where no number has it."""
        return self.signs.get(result, str(result) if result < 10 else "")

    def result(self, digits: tuple[int, ...]) -> int:
        """What the digits before the check digit give."""
        for weights in self.weights:
            rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % self.modulus
            found = (self.modulus - rest) % self.modulus if self.complement else rest
            if found < 10:
                return found
        return found

    def is_right(self, number: str) -> bool:
        """Whether a number, letters and digits only, has the digit that it should have."""
        before = number[: self.at - 1]
        if len(number) < self.at or not (before.isascii() and before.isdigit()):
            return False
        return number[self.at - 1] == self.sign_of(self.result(tuple(map(int, before))))
