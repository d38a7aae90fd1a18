# The few recipes; `just` lists them.
default:
    @just --list

# Open the chat page on 127.0.0.1:7860
serve:
    uv run app.py

# Run the tests
test *options:
    uv run pytest {{options}}

# Everything the gate checks
check:
    bash .ci/run

# Put the code in shape
tidy:
    uv run ruff format .
    uv run ruff check --fix .

# Measure the figures that the README states
benchmark *options:
    uv run python -m tests.benchmarks {{options}}

# Ask the question set and print the table
questions *options:
    uv run python -m tests.questions {{options}}

# Take the pictures of the README anew
pictures:
    uv run python -m tests.pictures

# Refresh the pinned versions
pin:
    uv pip compile pyproject.toml --group dev --extra spark --universal --python-version 3.11 --no-emit-index-url --no-header -o requirements.txt
