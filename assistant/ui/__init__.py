"""The page: the only place that imports Gradio."""

import sys

# Gradio loads these two wherever they are installed, as they are beside the tests. The page has no use for
# them, and they cost half a second of the 3.5 that it takes to start.
_unused = [name for name in ("IPython", "mcp") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_unused))  # type: ignore[arg-type]  # None is Python's own mark for "not there"
try:
    import gradio  # noqa: F401
finally:
    for _name in _unused:
        del sys.modules[_name]
