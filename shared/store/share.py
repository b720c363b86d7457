"""A share of all streams, told by the last letter of their names: for readers that work side by side."""

from typing import NamedTuple


class Share(NamedTuple):
    """The one of this number, from 0, of so many. Ids end in letters that all shares have about as many of."""

    number: int
    of: int

    def has(self, name: str) -> bool:
        return ord(name[-1]) % self.of == self.number

    @property
    def where(self) -> str:
        """The same in SQL, of the column `stream`."""
        return f"ascii(right(stream, 1)) % {self.of:d} = {self.number:d}"
