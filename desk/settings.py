"""How the desk is set up, from the environment; secrets stand nowhere else."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path


class SettingsError(Exception):
    """A setting can't be used; the message is one sentence."""


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """What the desk needs to know."""

    store: Path
    ledger: str = field(repr=False)
    secret: str = field(repr=False)
    url: str = ""
    provider: Provider | None = None
    idle_minutes: int = 30
    longest_hours: int = 12

    @property
    def is_secure(self) -> bool:
        """Whether the desk is reached by HTTPS, so that cookies travel by it alone."""
        return self.url.startswith("https://")


def settings(store: Path, ledger: str) -> Settings:
    """Settings from HINDSIGHT_SECRET, HINDSIGHT_URL and HINDSIGHT_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET."""
    asked = os.environ.get
    issuer = asked("HINDSIGHT_OIDC_ISSUER", "")
    provider = Provider(issuer, _needed("HINDSIGHT_OIDC_CLIENT_ID"), _needed("HINDSIGHT_OIDC_CLIENT_SECRET")) if issuer else None
    return Settings(store, ledger, asked("HINDSIGHT_SECRET") or _kept_secret(store), asked("HINDSIGHT_URL", ""), provider)


def _needed(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SettingsError(f"{name}: not set, expected it beside HINDSIGHT_OIDC_ISSUER. Set it, or unset the issuer.")
    return value


def _kept_secret(store: Path) -> str:
    """The key that signs cookies, kept beside the store for its owner alone; made at the first start."""
    path = store.with_name(f"{store.name}.secret")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    fresh = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(fresh)
    return fresh
