"""Knows how files become a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tools.core import Workspace


def load(paths: Sequence[Path], database: Path | None = None) -> Workspace:
    """Read files into a new workspace (provisional)."""
    from tools.core import Column, DataTable
    from tools.engine import Engine
    import pandas as pd

    engine = Engine(database, readable=list(paths))
    frame = pd.read_csv(paths[0])
    bank = "TransactionDate" in frame
    if bank:
        frame["TransactionDate"] = pd.to_datetime(frame["TransactionDate"], format="%d/%m/%y")
        dob = pd.to_datetime(frame["CustomerDOB"].where(frame["CustomerDOB"] != "1/1/1800"), format="%d/%m/%y")
        frame["CustomerDOB"] = dob.where(dob < "2016-10-22", dob - pd.DateOffset(years=100))
        frame["Age"] = ((pd.Timestamp("2016-10-21") - frame["CustomerDOB"]).dt.days // 365.25).astype("Int64")
    roles = {"TransactionID": "row_key", "CustomerID": "customer_key", "CustomerDOB": "birth_date", "CustGender": "category",
             "CustLocation": "place", "CustAccountBalance": "balance", "TransactionDate": "time", "TransactionTime": "clock",
             "TransactionAmount (INR)": "amount", "Age": "age", "CUST_ID": "customer_key", "customerID": "customer_key"}
    columns = []
    for name in frame.columns:
        values = frame[name]
        numeric = pd.api.types.is_numeric_dtype(values)
        kind = "number" if numeric else "date" if pd.api.types.is_datetime64_any_dtype(values) else "text"
        few = values.value_counts().head(5000) if kind == "text" else None
        columns.append(Column(name, kind, roles.get(name, "measure" if numeric else "category"),
            unit="INR" if "INR" in name else "years" if name == "Age" else None, protected=name in ("CustGender", "Age", "CustomerDOB", "CustLocation", "gender"),
            n_missing=int(values.isna().sum()), n_distinct=int(values.nunique()),
            minimum=float(values.min()) if numeric else None, maximum=float(values.max()) if numeric else None,
            values=tuple((str(k), int(v)) for k, v in few.items()) if few is not None else (), derived_from="CustomerDOB" if name == "Age" else None))
    name = paths[0].stem.replace(" ", "_")
    engine.store(name, frame)
    table = DataTable(name, paths[0].name, len(frame), tuple(columns), "transactions" if bank else "customers",
        next((c.name for c in columns if c.role == "customer_key"), None), "TransactionDate" if bank else None,
        "TransactionTime" if bank else None, "TransactionAmount (INR)" if bank else None)
    return Workspace(engine, {name: table}, name)
