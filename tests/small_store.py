"""A small store in four tables whose every sum is easy to work out: customers, orders, lines, products."""

from __future__ import annotations

import pandas as pd

from tools.core import Workspace
from tools.files.loading import load

CUSTOMERS, ORDERS, LINES = 60, 240, 720


def frames() -> dict[str, pd.DataFrame]:
    """Make the tables: customers 51 to 60 never ordered, product P12 was never sold, P11 only once."""
    customers = pd.DataFrame(
        {
            "customer_id": [f"C{i:03d}" for i in range(1, CUSTOMERS + 1)],
            "region": ["North", "South", "East"] * (CUSTOMERS // 3),
            "age": [20 + i % 50 for i in range(CUSTOMERS)],
            "income": [1000.5 + 10 * i for i in range(CUSTOMERS)],
            "joined_on": pd.date_range("2020-01-01", periods=CUSTOMERS, freq="3D"),
        }
    )
    orders = pd.DataFrame(
        {
            "order_id": range(9001, 9001 + ORDERS),
            "customer_id": [f"C{1 + (i * i + i // 7) % 50:03d}" for i in range(ORDERS)],
            "order_date": pd.date_range("2020-07-01", periods=ORDERS, freq="2D"),
            "channel": [["web", "app", "shop"][i % 3] for i in range(ORDERS)],
            "shipping_fee": [(i % 4) * 2.5 for i in range(ORDERS)],
        }
    )
    lines = pd.DataFrame(
        {
            "line_id": range(1, LINES + 1),
            "order_id": [9001 + i % ORDERS for i in range(LINES)],
            "product_id": [f"P{1 + (i * 7) % 10:02d}" if i else "P11" for i in range(LINES)],
            "quantity": [1 + i % 4 for i in range(LINES)],
            "line_total": [5.25 + i % 37 for i in range(LINES)],
        }
    )
    products = pd.DataFrame(
        {
            "product_id": [f"P{i:02d}" for i in range(1, 13)],
            "category": ["Shoes", "Bags", "Hats"] * 4,
            "unit_cost": [2.5 * i for i in range(1, 13)],
        }
    )
    return {"customers": customers, "orders": orders, "order_lines": lines, "products": products}


def store(**more: pd.DataFrame) -> Workspace:
    """Load the store, and further tables beside it."""
    return load({**frames(), **more})
