#!/usr/bin/env python3
"""Writes the certificates of this folder: a small authority, and certificates of servers and clients with one fault
each. Their times are relative to 2024-03-01, when the captures that code makes begin. Keys are not kept.

    python3 test/support/certificates/make.py

Needs Python 3.11 and its package cryptography. Each run gives other bytes."""
import datetime, ipaddress, os
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURED = datetime.datetime(2024, 3, 1, 9)
DAY = datetime.timedelta(days=1)
# A list of signed certificate timestamps (RFC 6962 section 3.3) without any.
TIMESTAMPS = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), bytes([4, 2, 0, 0]))


def name(common_name, organization="Example Ltd"):
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "XA"),
                      x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
                      x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def certificate(subject, issuer=None, dns=(), addresses=(), days=(-200, 165), authority=False, key=None, extensions=()):
    """A certificate and its key, issued by `issuer` (another such pair), or by itself."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    signer = issuer[1] if issuer else key
    issuer_name = issuer[0].subject if issuer else subject
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer_name).public_key(key.public_key())
               .serial_number(x509.random_serial_number())
               .not_valid_before(CAPTURED + days[0] * DAY).not_valid_after(CAPTURED + days[1] * DAY)
               .add_extension(x509.BasicConstraints(authority, None), True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False))
    names = [x509.DNSName(each) for each in dns] + [x509.IPAddress(ipaddress.ip_address(each)) for each in addresses]
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
    for extension in extensions:
        builder = builder.add_extension(extension, False)
    algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(signer, algorithm), key


def write(file, pair):
    with open(os.path.join(HERE, file + ".der"), "wb") as out:
        out.write(pair[0].public_bytes(serialization.Encoding.DER))


SERVER = name("ftp.example.net")
root = certificate(name("Example Root CA"), authority=True, days=(-3000, 3000))
issuing = certificate(name("Example Issuing CA"), root, authority=True, days=(-1000, 1000))
for file, pair in {
    "root": root,
    "issuing": issuing,
    "server": certificate(SERVER, issuing, ["ftp.example.net", "*.files.example.net"], ["203.0.113.20", "2001:db8:2::20"]),
    "expired": certificate(SERVER, issuing, ["ftp.example.net"], days=(-370, -5)),
    "not-yet-valid": certificate(SERVER, issuing, ["ftp.example.net"], days=(30, 395)),
    "other-name": certificate(name("www.example.net"), issuing, ["www.example.net", "example.net"]),
    "common-name-only": certificate(SERVER, issuing),
    "public": certificate(SERVER, issuing, ["ftp.example.net"], extensions=[TIMESTAMPS]),
    "renewed": certificate(SERVER, issuing, ["ftp.example.net"], days=(-2, 363)),
    "self-signed": certificate(SERVER, None, ["ftp.example.net"], days=(-200, 3450)),
    "client-expired": certificate(name("backup job"), issuing, days=(-370, -5)),
    "rsa": certificate(SERVER, issuing, ["ftp.example.net"], key=rsa.generate_private_key(65537, 2048)),
    "ed25519": certificate(SERVER, issuing, ["ftp.example.net"], key=ed25519.Ed25519PrivateKey.generate()),
    "odd-names": certificate(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, 'Müller, "Söhne" + Co'),
                                        x509.NameAttribute(NameOID.COMMON_NAME, " ftp\n")]), None, days=(-20000, 10000)),
}.items():
    write(file, pair)
