"""A real SMTP server for tests and measurements: Debian's aiosmtpd, with TLS and sign-in.

    smtp_server.py MAILBOX --tls starttls|implicit|none [--certificate F --key F] [--user U --password P]

It prints its port, then writes a line for each message it takes into MAILBOX: Message-ID, a tab, the recipient. Recipients
are taken or not by what their address begins with: `never` is refused for good, `later` is refused once, all others are taken.
"""

import argparse
import asyncio
import logging
import re
import ssl
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

# Of the library itself, once a connection.
warnings.simplefilter("ignore")
logging.getLogger("mail.log").setLevel(logging.ERROR)

MESSAGE_ID = re.compile(rb"^message-id:\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


class Mailbox:
    def __init__(self, file):
        self.file = open(file, "ab", buffering=0)
        self.refused_once = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("never"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later") and address not in self.refused_once:
            self.refused_once.add(address)
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        found = MESSAGE_ID.search(envelope.content)
        for recipient in envelope.rcpt_tos:
            self.file.write((found.group(1) if found else b"none") + b"\t" + recipient.encode() + b"\n")
        return "250 OK"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mailbox")
    parser.add_argument("--tls", choices=["starttls", "implicit", "none"], required=True)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user")
    parser.add_argument("--password")
    given = parser.parse_args()

    context = None
    if given.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(given.certificate, given.key)

    def authenticate(server, session, envelope, mechanism, data):
        right = (
            getattr(data, "login", None) == given.user.encode() and getattr(data, "password", None) == given.password.encode()
        )
        # With handled=True a wrong password would drop the connection instead of answering 535.
        return AuthResult(success=right, handled=False)

    mailbox = Mailbox(given.mailbox)

    def connection():
        return SMTP(
            mailbox,
            hostname="localhost",
            enable_SMTPUTF8=True,
            tls_context=context if given.tls == "starttls" else None,
            require_starttls=given.tls == "starttls",
            authenticator=authenticate if given.user else None,
            auth_required=bool(given.user),
            auth_require_tls=given.tls == "starttls",
        )

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            connection, "127.0.0.1", 0, ssl=context if given.tls == "implicit" else None, backlog=100
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(serve())


main()
