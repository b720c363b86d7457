"""A share of all streams, told by the last letter of their names: for readers that work side by side."""

from typing import Final, NamedTuple
from uuid import UUID

_DIGITS: Final = b"0123456789abcdef"


class Share(NamedTuple):
    """The one of this number, from 0, of so many. Ids end in letters that all shares have about as many of."""

    number: int
    of: int

    def has(self, name: object) -> bool:
        """An id stands for the name that ends in it."""
        last = _DIGITS[name.int & 15] if isinstance(name, UUID) else ord(str(name)[-1])
        return last % self.of == self.number

    @property
    def where(self) -> str:
        """The same in SQL, of the column `stream`."""
        return f"ascii(right(stream, 1)) % {self.of:d} = {self.number:d}"
