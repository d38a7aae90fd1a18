"""Where each table of the set is found or made, and the pandas frames that the golds are computed on."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import plotly.express as px
from sklearn import datasets

from tests.questions import generated, premises, screens, services, ventures

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@dataclass(frozen=True)
class Dataset:
    """A data set: its field, the files that the product is given, and the frames that the golds are given."""

    name: str
    field: str
    write: Callable[[Path], list[Path]]
    read: Callable[[list[Path]], list[pd.DataFrame]]
    shared: str | None = None

    def present(self) -> bool:
        return self.shared is None or (SHARED / self.shared).exists()


@cache
def _root() -> Path:
    """Return a folder of this program's own, so that nobody reads what another is still writing."""
    folder = tempfile.TemporaryDirectory(prefix="segmentation-question-tables-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _folder(name: str) -> Path:
    folder = _root() / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def paths(name: str) -> tuple[Path, ...]:
    """The files of a data set, written first where they are generated."""
    return tuple(DATASETS[name].write(_folder(name)))


@cache
def frames(name: str) -> tuple[pd.DataFrame, ...]:
    """The frames of a data set, with dates as dates; golds must not change them."""
    return tuple(DATASETS[name].read(list(paths(name))))


def _shared(name: str, field: str, file: str, read: Callable[[Path], pd.DataFrame]) -> Dataset:
    return Dataset(name, field, lambda _: [SHARED / file], lambda found: [read(found[0])], shared=file)


def _made(name: str, field: str, make: Callable[[], pd.DataFrame], dates: tuple[str, ...] = ()) -> Dataset:
    def write(folder: Path) -> list[Path]:
        make().to_csv(folder / f"{name}.csv", index=False)
        return [folder / f"{name}.csv"]

    def read(_: list[Path]) -> list[pd.DataFrame]:
        table = make()
        for column in dates:
            order = "%d/%m/%Y" if "/" in str(table[column].iloc[0]) else "ISO8601"
            table[column] = pd.to_datetime(table[column], format=order)
        return [table]

    return Dataset(name, field, write, read)


def _bank(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path).rename(
        columns={"TransactionAmount (INR)": "Amount", "CustAccountBalance": "Balance"}
    )
    table["date"] = pd.to_datetime(table["TransactionDate"], format="%d/%m/%y")
    table["hour"] = table["TransactionTime"] // 10000
    born = pd.to_datetime(table["CustomerDOB"], format="%d/%m/%y", errors="coerce")
    late = born > table["date"].max()
    born = born.where(~late, born - pd.DateOffset(years=100))
    table["born"] = born
    table["age"] = (table["date"].max() - born).dt.days / 365.25
    table["city"] = table["CustLocation"].str.strip().str.upper()
    return table


def _telco(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path)
    table["TotalCharges"] = pd.to_numeric(table["TotalCharges"], errors="coerce")
    return table


def _cdnow(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, sep=r"\s+", dtype={"customer_id": str, "date": str})
    table["date"] = pd.to_datetime(table["date"], format="%Y%m%d")
    return table


def _orders_r(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, parse_dates=["order_date"])


def _european(_: Path) -> pd.DataFrame:
    return generated.european_sales()


def _write_european(folder: Path) -> list[Path]:
    path = folder / "umsatz_export.csv"
    path.write_text(generated.european_text(generated.european_sales()), encoding="utf-8")
    return [path]


def _write_shop(folder: Path) -> list[Path]:
    found = [folder / "orders.csv", folder / "customers.csv"]
    generated.shop_orders().to_csv(found[0], index=False)
    generated.shop_customers().to_csv(found[1], index=False)
    return found


def _read_shop(_: list[Path]) -> list[pd.DataFrame]:
    orders, customers = generated.shop_orders(), generated.shop_customers()
    orders["ordered_at"] = pd.to_datetime(orders["ordered_at"])
    customers["signup_date"] = pd.to_datetime(customers["signup_date"])
    return [orders, customers]


def _write_gym(folder: Path) -> list[Path]:
    made = {"members": premises.gym_members(), "plans": premises.gym_plans(), "visits": premises.gym_visits()}
    for name, table in made.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return [folder / f"{name}.csv" for name in made]


def _read_gym(_: list[Path]) -> list[pd.DataFrame]:
    members, visits = premises.gym_members(), premises.gym_visits()
    for column in ("join_dt", "cancel_dt"):
        members[column] = pd.to_datetime(members[column], format="%d/%m/%Y")
    visits["check_in"] = pd.to_datetime(visits["check_in"])
    return [members, premises.gym_plans(), visits]


def _write_clinic(folder: Path) -> list[Path]:
    found = [folder / "appointments.csv", folder / "patients.csv"]
    premises.clinic_appointments().to_csv(found[0], index=False)
    premises.clinic_patients().to_csv(found[1], index=False)
    return found


def _read_clinic(_: list[Path]) -> list[pd.DataFrame]:
    visits, patients = premises.clinic_appointments(), premises.clinic_patients()
    for column in ("booked_on", "appt_at"):
        visits[column] = pd.to_datetime(visits[column])
    patients["dob"] = pd.to_datetime(patients["dob"], format="%d/%m/%Y")
    return [visits, patients]


def _iris() -> pd.DataFrame:
    return pd.DataFrame(px.data.iris().drop(columns="species_id"))


def _wine() -> pd.DataFrame:
    loaded = datasets.load_wine(as_frame=True)
    names = {"target": "cultivar", "od280/od315_of_diluted_wines": "od280"}
    return pd.DataFrame(loaded.frame.rename(columns=names))


ALL = (
    _shared("bank", "retail banking", "bank/bank_transactions_50k.csv", _bank),
    _shared("cards", "credit cards", "cards/CC GENERAL.csv", pd.read_csv),
    _shared("telco", "telecoms churn", "telco/telco_churn.csv", _telco),
    _shared("airline", "frequent flyers", "airline_loyalty/EastWestAirlinesCluster.csv", pd.read_csv),
    _shared("books", "book club mailing", "book_club/CharlesBookClub.csv", pd.read_csv),
    _shared("grocery", "grocery order lines", "grocery/instacart_order_lines.csv", pd.read_csv),
    _shared(
        "people",
        "labelled customers",
        "labelled_segments/customer_segmentation_AtoD_labelled.csv",
        pd.read_csv,
    ),
    _shared("retail", "retail orders", "retail_orders_r/orders.csv", _orders_r),
    _shared("cdnow", "music purchases", "cdnow/CDNOW_master.txt", _cdnow),
    Dataset("shop", "online shop, two tables", _write_shop, _read_shop),
    Dataset("wholesale", "European export", _write_european, lambda found: [_european(found[0])]),
    _made("hotel", "hotel bookings", generated.hotel_bookings, ("arrival_date",)),
    _made("loans", "loan accounts", generated.loan_accounts, ("OpenDt",)),
    _made("subscribers", "streaming", services.subscribers, ("joined", "last_login", "cancelled_on")),
    _made("calls", "call centre", services.calls, ("started_at",)),
    _made("club", "hotel loyalty", services.club_members, ("EnrolDate", "LastStay")),
    _made("policies", "insurance", ventures.policies, ("start_date",)),
    _made("wallet", "mobile payments", ventures.wallet_payments, ("paid_at",)),
    Dataset("gym", "fitness clubs, three tables", _write_gym, _read_gym),
    Dataset("clinic", "outpatient clinic, two tables", _write_clinic, _read_clinic),
    _made("meters", "electricity meters", premises.meter_readings, ("read_mth",)),
    _made("gifts", "charity gifts", premises.charity_gifts, ("gift_dt",)),
    _made("parcels", "courier", premises.consignments, ("collected_at", "promised_by", "delivered_at")),
    _made("films", "films shown", screens.films),
    _made("tips", "restaurant bills", px.data.tips),
    _made("gapminder", "countries by year", px.data.gapminder),
    _made("stocks", "share prices", px.data.stocks, ("date",)),
    _made("experiment", "test and control", px.data.experiment),
    _made("iris", "flower measurements", _iris),
    _made("wine", "wine chemistry", _wine),
)
DATASETS = {dataset.name: dataset for dataset in ALL}
