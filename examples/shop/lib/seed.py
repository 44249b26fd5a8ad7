"""What the database holds when the shop opens for the first time."""

from .db import Database
from .passwords import hash_password, new_salt

TABLES = (
    "CREATE TABLE IF NOT EXISTS products (id TEXT PRIMARY KEY, name TEXT, kind TEXT, pence INTEGER,"
    " weeks INTEGER, glaze TEXT, summary TEXT, story TEXT, size TEXT)",
    "CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT,"
    " salt BLOB, password BLOB)",
    "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users,"
    " placed_at TEXT DEFAULT CURRENT_TIMESTAMP)",
    "CREATE TABLE IF NOT EXISTS order_lines (order_id INTEGER REFERENCES orders,"
    " product_id TEXT REFERENCES products, quantity INTEGER, pence INTEGER)",
)

PRODUCTS = (
    ("harbour-mug", "Harbour mug", "cups", 2400, 0, "#7fa3b5", "A wide handle for cold mornings.",
     "Thrown in one go and dipped twice, so that the blue pools above the bare foot.", "350 ml, 9 cm tall"),
    ("sand-tumbler", "Sand tumbler", "cups", 1800, 0, "#c9a878", "Holds water, wine or a toothbrush.",
     "The clay comes from the bay; we leave its speckle alone and glaze the rim only.", "220 ml, 10 cm tall"),
    ("ember-teapot", "Ember teapot", "cups", 7800, 3, "#b5532f", "Pours to the last drop, and never drips.",
     "Seven parts, fitted by hand. An iron glaze breaks to rust wherever an edge catches the fire.",
     "900 ml, 17 cm tall"),
    ("moss-bowl", "Moss bowl", "table", 2900, 0, "#7d8b5a", "Porridge at eight, noodles at eight.",
     "Wood ash from the village ovens gives the green; no two firings agree on the shade.", "700 ml, 16 cm wide"),
    ("tide-plate", "Tide plate", "table", 2600, 0, "#5d8a92", "A dinner plate with a horizon.",
     "Two glazes meet on the slope of the plate, and run together where the kiln is hottest.", "27 cm wide"),
    ("chalk-jug", "Chalk jug", "table", 4200, 2, "#b9ad98", "For milk, batter, or the last tulips.",
     "A matt white that is soft to the hand. The spout is pulled with a single wet finger.", "1 l, 20 cm tall"),
    ("dusk-vase", "Dusk vase", "home", 5600, 4, "#7a6488", "Stands up to a single branch.",
     "Cobalt over copper red, fired slowly for eighteen hours and cooled for two days.", "28 cm tall"),
    ("stone-planter", "Stone planter", "home", 3800, 0, "#8a857a", "Comes with its saucer, not with its cactus.",
     "Unglazed stoneware that breathes, polished with a pebble while the clay is still soft.", "15 cm wide"),
)  # fmt: skip

DEMO_EMAIL, DEMO_PASSWORD = "mira@example.com", "porcelain"


def prepare(database: Database) -> None:
    """Makes the tables and fills them, unless another worker, or an earlier start, has done so."""
    with database.transaction() as connection:
        for table in TABLES:
            connection.execute(table)
        if connection.execute("SELECT 1 FROM users").fetchone():
            return
        connection.executemany(f"INSERT INTO products VALUES ({', '.join('?' * 9)})", PRODUCTS)
        salt = new_salt()
        connection.execute(
            "INSERT INTO users (email, name, salt, password) VALUES (?, 'Mira', ?, ?)",
            (DEMO_EMAIL, salt, hash_password(DEMO_PASSWORD, salt)),
        )
