"""Knows the one error that a person or a model is meant to read, and the end of work that was stopped."""


class ToolError(Exception):
    """Tell what was wrong, then what to try, in one or two plain sentences.

    Args:
        wrong: What was wrong, as a sentence.
        instead: What to try, as a sentence; may be empty.
        choices: Names the person probably meant, best first; shown as clickable answers.
    """

    def __init__(self, wrong: str, instead: str = "", choices: tuple[str, ...] = ()) -> None:
        super().__init__(f"{wrong} {instead}".strip())
        self.wrong = wrong
        self.instead = instead
        self.choices = choices


class StoppedError(Exception):
    """A person stopped the work; nothing was changed."""
