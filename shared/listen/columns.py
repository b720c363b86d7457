"""Which column a Python type becomes."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Boolean, Date, DateTime, Double, Numeric, Text, Time, Uuid
from sqlalchemy.types import TypeEngine

from shared.core.event import Personal


@dataclass(frozen=True)
class Kind:
    """`sa_key` is how it stands in a key: text is compared by bytes there, the same on every server."""

    sql: str
    sa: TypeEngine[Any]
    key: TypeEngine[Any] | None = None

    @property
    def sa_key(self) -> TypeEngine[Any]:
        return self.key or self.sa


PLAIN: dict[type, Kind] = {
    str: Kind("text", Text(), Text(collation="C")),
    int: Kind("bigint", BigInteger()),
    bool: Kind("boolean", Boolean()),
    float: Kind("double precision", Double()),
    Decimal: Kind("numeric", Numeric()),
    UUID: Kind("uuid", Uuid()),
    date: Kind("date", Date()),
    datetime: Kind("timestamptz", DateTime(timezone=True)),
    time: Kind("time", Time()),
}
_JSON = Kind("json", JSON(none_as_null=True))


def kind_of(hint: Any) -> tuple[Kind, bool, bool]:
    """The column of a type, whether it may be null, and whether the value stands there as it is (else as JSON).

    A field marked as personal may be null at any time: its owner was erased.
    """
    if get_origin(hint) is Annotated:
        inner, *marks = get_args(hint)
        kind, nullable, plain = kind_of(inner)
        return kind, nullable or any(isinstance(mark, Personal) for mark in marks), plain
    if get_origin(hint) in (Union, UnionType):
        members = [member for member in get_args(hint) if member is not NoneType]
        nullable = len(members) < len(get_args(hint))
        if len(members) == 1:
            kind, inner_null, plain = kind_of(members[0])
            return kind, nullable or inner_null, plain
        return _JSON, nullable, False
    if get_origin(hint) is Literal:
        (hint,) = {type(value) for value in get_args(hint)}
    kind = PLAIN.get(hint, _JSON) if isinstance(hint, type) else _JSON
    return kind, False, kind is not _JSON
