"""Ed25519 signatures, by cryptography: the library that the Python world reviews and keeps; nothing of it is ours. Its only importer."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SigningKey = Ed25519PrivateKey
NEEDED = "expected an Ed25519 private key as PEM without a password. Make one with `openssl genpkey -algorithm ed25519`."


class KeyFault(Exception):  # noqa: N818 - a fault of what was given, not of the program
    """No key to sign with; the message is one sentence and holds nothing of the key."""


def signing_key(store: Path, given: str) -> SigningKey:
    """The key of a file that was named, else of HINDSIGHT_SIGNING_KEY (the PEM itself), else the one beside the store, made at the first use for its owner alone."""
    if given:
        try:
            return _read(Path(given).read_bytes(), given)
        except OSError as error:
            raise KeyFault(f"--key {given}: {error.strerror}, {NEEDED}") from None
    held = os.environ.get("HINDSIGHT_SIGNING_KEY", "")
    if held:
        return _read(held.encode(), "HINDSIGHT_SIGNING_KEY")
    path = store.with_name(f"{store.name}.signing.pem")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path.read_bytes(), str(path))
    fresh = Ed25519PrivateKey.generate()
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(fresh.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return fresh


def _read(pem: bytes, place: str) -> SigningKey:
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        raise KeyFault(f"{place}: this is no key that can be read, {NEEDED}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFault(f"{place}: this is another kind of key, {NEEDED}")
    return key


def public_half(key: SigningKey) -> str:
    """The public half of a key, as 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def signature_of(key: SigningKey, content: bytes) -> str:
    """The signature of bytes, as 128 hexadecimal digits."""
    return key.sign(content).hex()


def is_signed(public: str, signature: str, content: bytes) -> bool:
    """Whether a signature by the key's other half fits the bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True
