"""Files that scenarios name: a certificate and its key, made anew, and texts."""

import datetime
import json
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from driver import SCRATCH


def certificate():
    """A self-signed certificate and its key, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'www.example.com')])
    start = datetime.datetime(2026, 1, 1)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1000)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    shape = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    return built.public_bytes(serialization.Encoding.PEM).decode(), key.private_bytes(*shape).decode()


def substitute(text):
    """Puts in what `@certificate@`, `@key@`, `@other-certificate@`, `@other-key@` and `@scratch@` stand for."""
    return text if '@' not in text else _replaced(text)


def _replaced(text):
    for mark, value in _values().items():
        text = text.replace(f'"@{mark}@"', json.dumps(value)).replace(f"'@{mark}@'", json.dumps(value))
        text = text.replace(f'@{mark}@', value) if mark == 'scratch' else text
    return text


def _values(made={}):  # pylint: disable=dangerous-default-value
    if not made:
        first, second = certificate(), certificate()
        made.update({
            'certificate': first[0],
            'key': first[1],
            'other-certificate': second[0],
            'other-key': second[1],
            'scratch': SCRATCH,
        })
        (pathlib.Path(SCRATCH) / 'program.sh').write_text('#!/bin/sh\nexit 0\n', encoding='utf-8')
        (pathlib.Path(SCRATCH) / 'table.txt').write_text('# rules of lw4o6\n', encoding='utf-8')
        for name in ('f5-appsvcs-3.36.0-6.noarch.rpm', 'BIGIP-17.1.0-0.0.16.iso', 'archive.ucs'):
            (pathlib.Path(SCRATCH) / name).write_text('nothing that a device takes', encoding='utf-8')
    return made
