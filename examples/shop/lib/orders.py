"""What was bought."""

from dataclasses import dataclass
from datetime import datetime

from .cart import Line
from .db import database


@dataclass(frozen=True)
class Order:
    """A user's order."""

    id: int
    placed_at: datetime
    pieces: int
    pence: int


def place_order(user_id: int, lines: list[Line]) -> int:
    """Keeps an order at today's prices, and gives its number."""
    with database.transaction() as connection:
        order_id = connection.execute("INSERT INTO orders (user_id) VALUES (?)", (user_id,)).lastrowid
        assert order_id is not None
        connection.executemany(
            "INSERT INTO order_lines VALUES (?, ?, ?, ?)",
            [(order_id, line.product.id, line.quantity, line.product.pence) for line in lines],
        )
    return order_id


def orders_of(user_id: int) -> list[Order]:
    """A user's orders, the latest first."""
    rows = database.rows(
        "SELECT id, placed_at, SUM(quantity) AS pieces, SUM(quantity * pence) AS pence"
        " FROM orders JOIN order_lines ON order_id = id WHERE user_id = ? GROUP BY id ORDER BY id DESC",
        user_id,
    )
    return [Order(**{**row, "placed_at": datetime.fromisoformat(row["placed_at"])}) for row in rows]
