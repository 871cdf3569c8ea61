"""Files that go up before anything points at them: records, a certificate and its key."""

import os
import shutil

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from driver import CA, SCRATCH


def made():
    """The files, by name."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                            serialization.NoEncryption())
    paths = {name: os.path.join(SCRATCH, name) for name in ('records', 'key.pem', 'cert.pem')}
    with open(paths['records'], 'w') as out:
        out.write('"a" := "b",\n')
    with open(paths['key.pem'], 'wb') as out:
        out.write(pem)
    shutil.copy(CA, paths['cert.pem'])
    return paths


def upload(bigip):
    """Uploads them as the SDK does."""
    for path in made().values():
        bigip.shared.file_transfer.uploads.upload_file(path)
