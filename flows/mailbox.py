"""Mails of the nights: written once, sent when the server takes them, tried again when it does not."""

import os
import secrets
import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from desk.digest import Digest
from desk.ledger import Ledger
from desk.ledger.schema import MAILS, USERS
from desk.settings import SettingsError

TRIES, PAUSES = 3, (0.5, 2.0)
KEPT = timedelta(days=7)
"""How long a mail that could not be sent is tried again; later it would tell of a night long past."""


@dataclass(frozen=True)
class Server:
    """An SMTP server: `smtp` speaks TLS where the server offers it, `smtps` from the start."""

    scheme: str
    host: str
    port: int
    user: str
    sender: str
    password: str = field(repr=False)


def server() -> Server | None:
    """The server of HINDSIGHT_SMTP (smtp://user@host:port or smtps://…), with HINDSIGHT_SMTP_PASSWORD and HINDSIGHT_MAIL_FROM; none where it is not set."""
    asked = os.environ.get("HINDSIGHT_SMTP", "")
    if not asked:
        return None
    parts = urlsplit(asked)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.password:
        raise SettingsError(
            "HINDSIGHT_SMTP: expected smtp://user@host:port or smtps://user@host:port, with the password in HINDSIGHT_SMTP_PASSWORD. Correct it."
        )
    sender = os.environ.get("HINDSIGHT_MAIL_FROM", "")
    if "@" not in sender:
        raise SettingsError("HINDSIGHT_MAIL_FROM: not set, expected the address that mails come from. Set it beside HINDSIGHT_SMTP.")
    port = parts.port or (465 if parts.scheme == "smtps" else 587)
    return Server(parts.scheme, parts.hostname, port, unquote(parts.username or ""), sender, os.environ.get("HINDSIGHT_SMTP_PASSWORD", ""))


def put(ledger: Ledger, night: date, user_id: str, recipient: str, kind: str, said: Digest) -> bool:
    """Write a mail to be sent; false where the user has one of that night and kind already."""
    row = {
        "mail_id": secrets.token_hex(16),
        "night": night,
        "user_id": user_id,
        "kind": kind,
        "recipient": recipient,
        "subject": said.subject,
        "body": said.body,
        "attempts": 0,
    }
    try:
        with ledger.writing() as connection:
            connection.execute(insert(MAILS).values(row))
    except IntegrityError:
        return False
    return True


def send_all(ledger: Ledger, to: Server, night: date, pause: Callable[[float], None] = time.sleep) -> tuple[int, int]:
    """Send what waits; returns how many mails went and how many still wait. One that fails never stops the others, nor the run."""
    active = select(USERS.c.user_id).where(USERS.c.is_active)  # whoever was shut out meanwhile is told nothing
    unsent = select(MAILS).where(MAILS.c.sent_at.is_(None), MAILS.c.night >= night - KEPT, MAILS.c.user_id.in_(active))
    with ledger.engine.connect() as connection:
        waiting = connection.execute(unsent.order_by(MAILS.c.night, MAILS.c.recipient)).mappings().all()
    sent = 0
    for mail in waiting:
        failed = _tried(to, mail["recipient"], mail["subject"], mail["body"], mail["mail_id"], pause)
        told = {"attempts": mail["attempts"] + 1, "failed_because": failed or None, "sent_at": None if failed else datetime.now(UTC).isoformat()}
        with ledger.writing() as connection:
            connection.execute(update(MAILS).where(MAILS.c.mail_id == mail["mail_id"]).values(told))
        sent += not failed
    return sent, len(waiting) - sent


def _tried(to: Server, recipient: str, subject: str, body: str, mail_id: str, pause: Callable[[float], None]) -> str:
    """Send one mail, up to three times; what failed in a word, empty where it went."""
    failed = ""
    for attempt in range(TRIES):
        try:
            _sent(to, _message(to, recipient, subject, body, mail_id))
        except (OSError, smtplib.SMTPException, ValueError, IndexError) as error:  # the last two: an address that is none
            failed = type(error).__name__
        else:
            return ""
        if attempt < len(PAUSES):
            pause(PAUSES[attempt])
    return failed


def _message(to: Server, recipient: str, subject: str, body: str, mail_id: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = to.sender, recipient, subject
    message["Date"], message["Message-ID"] = format_datetime(datetime.now(UTC)), make_msgid(mail_id, to.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def _sent(to: Server, message: EmailMessage) -> None:
    secure = ssl.create_default_context()
    opened = smtplib.SMTP_SSL(to.host, to.port, timeout=20, context=secure) if to.scheme == "smtps" else smtplib.SMTP(to.host, to.port, timeout=20)
    with opened as connection:
        connection.ehlo()
        if to.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=secure)
        elif to.scheme == "smtp" and to.user:
            raise smtplib.SMTPNotSupportedError("the server offers no TLS, and a password never travels without it")
        if to.user:
            connection.login(to.user, to.password)
        connection.send_message(message)
