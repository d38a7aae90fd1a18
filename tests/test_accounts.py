"""Passwords are kept hashed, guesses are slowed down, and whoever lost the account is signed out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import accounts as module
from assistant.accounts import FILE, FREE_GUESSES, Accounts, SignedIn, hashed, matches
from tools.errors import ToolError

RIGHT, WRONG = "correct horse", "battery staple"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COST", 4)


@pytest.fixture
def accounts() -> Accounts:
    return Accounts(["# people", "", f"ann:{hashed(RIGHT)}", f"ben@example.org:{hashed('another one')}"])


@pytest.fixture
def signed_in(tmp_path: Path, accounts: Accounts) -> Iterator[SignedIn]:
    opened = SignedIn(tmp_path, accounts)
    yield opened
    opened.close()


def test_a_password_is_salted_and_matches_only_itself() -> None:
    one, two = hashed(RIGHT), hashed(RIGHT)
    assert one != two
    assert RIGHT not in one
    assert matches(RIGHT, one)
    assert matches(RIGHT, two)
    assert not matches(WRONG, one)
    assert not matches("", one)
    assert not matches(RIGHT, RIGHT)
    assert not matches(RIGHT, "")


def test_a_hash_says_how_it_was_made_and_stays_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Source of the vector: RFC 7914, section 12 (N = 16, r = 1, p = 1, empty password and salt)."""
    expected = "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
    assert hashlib.scrypt(b"", salt=b"", n=16, r=1, p=1, dklen=32).hex() == expected
    assert module._scrypt("", b"", 4, 1, 1).hex() == expected
    cheap = hashed(RIGHT)
    monkeypatch.setattr(module, "COST", 5)
    assert matches(RIGHT, cheap)
    assert hashed(RIGHT).startswith("scrypt.5.")


def test_short_passwords_are_refused() -> None:
    with pytest.raises(ToolError, match="shorter than 8"):
        hashed("seven77")


def test_only_the_right_pair_gets_in(accounts: Accounts) -> None:
    assert accounts.check("ann", RIGHT)
    assert accounts.check("ben@example.org", "another one")
    for name, password in (("ann", WRONG), ("ben@example.org", RIGHT), ("nobody", RIGHT), ("", "")):
        assert not accounts.check(name, password)


def test_guessing_is_slowed_down_for_the_guesser_alone(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(FREE_GUESSES):
        assert not accounts.check("ann", WRONG, "10.0.0.1")
    for name in ("ann", "ANN"):
        with pytest.raises(ToolError, match="Too many wrong passwords"):
            accounts.check(name, RIGHT, "10.0.0.1")
    assert accounts.check("ann", RIGHT, "10.0.0.2")
    monkeypatch.setattr(module, "GUESS_SECONDS", 0.0)
    assert accounts.check("ann", RIGHT, "10.0.0.1")


@pytest.mark.parametrize(
    "line", ["ann", "ann:secret password", ":x", f"a b:{'x' * 10}", "ann:scrypt.4.8.3.a"]
)
def test_a_line_that_is_no_account_is_refused_without_repeating_it(line: str) -> None:
    with pytest.raises(ToolError, match="Account 1 is not") as refused:
        Accounts([line])
    assert "secret" not in str(refused.value)


def test_signing_in_lasts_over_restarts_and_ends(
    tmp_path: Path, accounts: Accounts, signed_in: SignedIn
) -> None:
    token = signed_in.begin("ann")
    assert signed_in.name_of(token) == "ann"
    assert signed_in.name_of(token[:-1] + "_") is None
    assert token.encode() not in (tmp_path / FILE).read_bytes()
    again = SignedIn(tmp_path, accounts)
    assert again.name_of(token) == "ann"
    again.end(token)
    assert signed_in.name_of(token) is None
    again.close()


def test_another_password_or_no_account_signs_out(tmp_path: Path, signed_in: SignedIn) -> None:
    token = signed_in.begin("ann")
    for others in (Accounts([f"ann:{hashed('a new password')}"]), Accounts([f"eve:{hashed(RIGHT)}"])):
        later = SignedIn(tmp_path, others)
        assert later.name_of(token) is None
        later.close()


def test_signing_in_ends_by_itself(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIGNED_IN_SECONDS", -1.0)
    assert signed_in.name_of(signed_in.begin("ann")) is None
