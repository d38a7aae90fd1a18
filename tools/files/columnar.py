"""Knows how Arrow and Parquet data, and tables in memory, become Parquet files that the engine reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.errors import ToolError
from tools.files.cells import text_of_value
from tools.files.errors import DamagedError
from tools.files.headers import column_names
from tools.files.rewriting import Source, table_name


def read_arrow(path: Path, label: str, name: str, folder: Path) -> Source:
    """Read an Arrow or Feather file.

    Raises:
        ToolError: If it is damaged.
    """
    import pyarrow as pa

    try:
        with pa.memory_map(str(path)) as stream:
            whole = stream.read(6) == b"ARROW1"
            stream.seek(0)
            reader = pa.ipc.open_file(stream) if whole else pa.ipc.open_stream(stream)
            table = reader.read_all()
            table.validate(full=True)  # lengths and offsets that are wrong would end the whole program
            return from_arrow(table, label, name, folder)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # names may be no UTF-8
        raise ToolError(f"{label} is a damaged Arrow file.", "Write it again.") from error


def from_arrow(table: Any, label: str, name: str, folder: Path) -> Source:
    """Take an Arrow table as it is; nested columns of records become one column for each of their fields."""
    import pyarrow.parquet as pq

    target = folder / f"{len(list(folder.iterdir()))}.parquet"
    pq.write_table(table, target)
    return Source(name, label, parquet=target)


def from_memory(content: Any, name: str, folder: Path) -> Source:
    """Take a pandas frame, or anything that hands out Arrow data, as a table.

    Raises:
        ToolError: If it is neither.
    """
    import pandas as pd
    import pyarrow as pa

    label = f"the table {name}"
    if isinstance(content, pd.DataFrame):
        content = _arrow_of(content)
    elif not isinstance(content, pa.Table):
        if not hasattr(content, "__arrow_c_stream__"):
            raise ToolError(
                f"{label} is a {type(content).__name__}.", "Give a path, a pandas frame or Arrow data."
            )
        content = pa.table(content)
    if not content.num_columns or not content.num_rows:
        raise ToolError(f"{label} has no rows.", "Give a table with rows.")
    names, _ = column_names([str(each) for each in content.column_names], content.num_columns)
    return from_arrow(content.rename_columns(list(names)), label, table_name(name), folder)


def _arrow_of(frame: Any) -> Any:
    """Turn a pandas frame into Arrow data; a named index is a column, cells of mixed types are text."""
    import pyarrow as pa

    if any(each is not None for each in frame.index.names):
        frame = frame.reset_index()
    arrays = []
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        try:
            arrays.append(pa.array(column, from_pandas=True))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            arrays.append(pa.array([text_of_value(value) or None for value in column], pa.string()))
    return pa.table(arrays, names=[str(each) for each in frame.columns])


def flattened(path: Path, folder: Path) -> Path:
    """Return a Parquet file in which fields of records are columns, the same one if there are no records.

    Raises:
        DamagedError: If it is no Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            if not any(pa.types.is_struct(each.type) or pa.types.is_duration(each.type) for each in schema):
                return path
            target = folder / f"{len(list(folder.iterdir()))}.parquet"
            flat = _flat(schema.empty_table())
            with pq.ParquetWriter(target, flat.schema) as writer:
                for batch in file.iter_batches():
                    writer.write_table(_flat(pa.Table.from_batches([batch])))
            return target
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DamagedError from error


def _flat(table: Any) -> Any:
    """Make columns of the fields of records, and text of spans of time, which the engine would not know."""
    import pyarrow as pa

    while any(pa.types.is_struct(each.type) for each in table.schema):
        table = table.flatten()
    for place, each in enumerate(table.schema):
        if pa.types.is_duration(each.type):
            spans = [None if span is None else text_of_value(span) for span in table[each.name].to_pylist()]
            table = table.set_column(place, each.name, pa.array(spans, pa.string()))
    return table
