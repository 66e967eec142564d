#!/usr/bin/env python3
"""Writes the transcripts of this folder: the bytes of TLS connections between real implementations, their key log and
what was sent. OpenSSL against itself through Python's ssl, in memory; `openssl s_client` and `gnutls-cli` through a
proxy where Python cannot ask for it (KeyUpdate, renegotiation, early data, GnuTLS's resumption).

    python3 test/tls/transcripts/make.py [NAME ...]

Needs Python 3.11, OpenSSL 3.0 and gnutls-bin. Each run gives other bytes."""
import base64, json, os, socket, ssl, subprocess, sys, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
NO_ETM = 1 << 19
NO_EMS = 1 << 0
EMPTY_FRAGMENTS = 1 << 11  # SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS
TALK = [(0, b"USER anonymous\r\n"), (1, b"331 Please specify the password.\r\n"), (0, b"PASS ftp@example.net\r\n"),
        (1, b"230 Login successful.\r\n"), (0, b"PASV\r\n"), (1, b"227 Entering Passive Mode (192,0,2,7,195,80).\r\n"),
        (1, bytes(range(256)) * 3), (0, b"QUIT\r\n"), (1, b"221 Goodbye.\r\n")]
# As clients split against BEAST: 1 byte, then n-1.
SPLIT_TALK = [(side, part) for side, text in TALK for part in (text[:1], text[1:])]
WORK = tempfile.mkdtemp()


def path(name):
    return os.path.join(WORK, name)


def certificates():
    for kind, args in {"ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["rsa:2048"]}.items():
        subprocess.run(["openssl", "req", "-x509", "-nodes", "-newkey", *args, "-keyout", path(kind + ".key"), "-out",
                        path(kind + ".crt"), "-subj", "/CN=ftp.example.net", "-days", "3650"], check=True, capture_output=True)


def settings(**lines):
    """A process with other defaults of OpenSSL than ours."""
    with open(path("openssl.cnf"), "w") as file:
        file.write("openssl_conf=a\n[a]\nssl_conf=b\n[b]\nsystem_default=c\n[c]\n")
        file.writelines(f"{key} = {value}\n" for key, value in lines.items())
    return {**os.environ, "OPENSSL_CONF": path("openssl.cnf")}


def context(side, version, cipher=None, cert="ec", log=None, **more):
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT if side == 0 else ssl.PROTOCOL_TLS_SERVER)
    ctx.set_ciphers((cipher or "ALL") + ":@SECLEVEL=0")
    ctx.minimum_version = ctx.maximum_version = version
    if side == 0:
        ctx.check_hostname = False
        ctx.verify_mode = ssl.CERT_NONE
        if more.get("alpn"):
            ctx.set_alpn_protocols(["ftp"])
        if log:
            ctx.keylog_filename = log
    else:
        ctx.load_cert_chain(path(cert + ".crt"), path(cert + ".key"))
        if more.get("alpn"):
            ctx.set_alpn_protocols(["ftp"])
    if more.get("no_etm"):
        ctx.options |= NO_ETM
    if more.get("no_ems"):
        ctx.options |= NO_EMS
    if more.get("no_ticket"):
        ctx.options |= ssl.OP_NO_TICKET
    if more.get("one_n"):
        ctx.options |= EMPTY_FRAGMENTS
    if side == 1 and more.get("curve"):
        ctx.set_ecdh_curve(more["curve"])
    return ctx


def connect(contexts, session=None, talk=TALK):
    steps, sent = [], [b"", b""]
    bios = [(ssl.MemoryBIO(), ssl.MemoryBIO()) for _ in range(2)]
    ends = [contexts[0].wrap_bio(*bios[0], server_hostname="ftp.example.net", session=session),
            contexts[1].wrap_bio(*bios[1], server_side=True)]

    def move(side):
        data = bios[side][1].read()
        if data:
            steps.append([side, data])
            bios[1 - side][0].write(data)

    done = [False, False]
    while not all(done):
        for side in (0, 1):
            if not done[side]:
                try:
                    ends[side].do_handshake()
                    done[side] = True
                except ssl.SSLWantReadError:
                    pass
            move(side)
    for side, text in talk:
        ends[side].write(text)
        sent[side] += text
        move(side)
        got = b""
        while len(got) < len(text):
            got += ends[1 - side].read(65536)
        assert got == text
    kept = ends[0].session
    for side in (0, 1):
        try:
            ends[side].unwrap()
        except ssl.SSLWantReadError:
            pass
        move(side)
    return {"steps": steps, "sent": sent}, kept


def python(version, cipher=None, resume=False, **more):
    """One connection, or with `resume` a second one that resumes the first."""
    log = path("keys.log")
    if os.path.exists(log):
        os.remove(log)
    contexts = [context(side, version, cipher, log=log, **more) for side in (0, 1)]
    first, session = connect(contexts, talk=SPLIT_TALK if more.get("one_n") else TALK)
    connections = [first]
    if resume:
        connections.append(connect(contexts, session)[0])
    return connections, open(log).read()


class Proxy:
    """Records what passes between a client and a server."""

    def __init__(self, port):
        self.steps = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.target = port
        self.connections = []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.target))
            steps = []
            self.connections.append(steps)
            for side, source, target in ((0, client, server), (1, server, client)):
                threading.Thread(target=self.pump, args=(side, source, target, steps), daemon=True).start()

    @staticmethod
    def pump(side, source, target, steps):
        try:
            while data := source.recv(65536):
                steps.append([side, data])
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def tools(server, clients, client_says, expected=None, wait=1.0):
    """A server command, and client commands one after the other, each with what is typed into it."""
    log = path("keys.log")
    if os.path.exists(log):
        os.remove(log)
    port = free_port()
    serving = subprocess.Popen([*server(port, log)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.7)
    proxy = Proxy(port)
    for client, says in zip(clients, client_says):
        env = {**os.environ, "SSLKEYLOGFILE": log}
        running = subprocess.Popen(client(proxy.port, log), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=env)
        time.sleep(wait)
        for text in says:
            if text.startswith(b"<"):
                serving.stdin.write(text[1:])
                serving.stdin.flush()
            else:
                running.stdin.write(text)
                running.stdin.flush()
            time.sleep(0.4)
        running.stdin.close()
        time.sleep(0.5)
        running.terminate()
        running.wait()
    serving.kill()
    time.sleep(0.3)
    return [{"steps": steps, "sent": sent} for steps, sent in zip(proxy.connections, expected)], open(log).read()


def s_server(*args, cert="ec"):
    return lambda port, log: ["openssl", "s_server", "-accept", str(port), "-cert", path(cert + ".crt"), "-key",
                              path(cert + ".key"), "-cipher", "ALL:@SECLEVEL=0", *args]


def s_client(*args):
    return lambda port, log: ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-keylogfile", log, *args]


V10, V11, V12, V13 = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
SCENARIOS = {
    "tls13-aes128-gcm": lambda: python(V13, alpn=True),
    "tls13-aes256-gcm": lambda: python(V13),
    "tls13-chacha20": lambda: python(V13),
    "tls13-ccm": lambda: python(V13),
    "tls13-ccm8": lambda: python(V13),
    "tls13-retry-psk": lambda: python(V13, curve="secp384r1", resume=True),
    "tls12-gcm": lambda: python(V12, "ECDHE-ECDSA-AES128-GCM-SHA256", alpn=True),
    "tls12-gcm256-no-ems": lambda: python(V12, "ECDHE-ECDSA-AES256-GCM-SHA384", no_ems=True),
    "tls12-chacha20": lambda: python(V12, "ECDHE-ECDSA-CHACHA20-POLY1305"),
    "tls12-ccm": lambda: python(V12, "ECDHE-ECDSA-AES128-CCM"),
    "tls12-ccm8": lambda: python(V12, "ECDHE-ECDSA-AES256-CCM8"),
    "tls12-cbc-etm": lambda: python(V12, "ECDHE-ECDSA-AES128-SHA256"),
    "tls12-cbc384": lambda: python(V12, "ECDHE-ECDSA-AES256-SHA384", no_etm=True),
    "tls12-cbc-sha1": lambda: python(V12, "ECDHE-ECDSA-AES128-SHA", no_etm=True),
    "tls12-rsa": lambda: python(V12, "AES128-GCM-SHA256", cert="rsa"),
    "tls12-rsa-no-ems": lambda: python(V12, "AES256-SHA", cert="rsa", no_ems=True),
    "tls12-ticket": lambda: python(V12, "ECDHE-ECDSA-AES128-GCM-SHA256", resume=True),
    "tls12-session-id": lambda: python(V12, "ECDHE-ECDSA-AES128-GCM-SHA256", resume=True, no_ticket=True),
    "tls12-camellia": lambda: python(V12, "ECDHE-ECDSA-CAMELLIA128-SHA256"),
    "tls11-cbc": lambda: python(V11, "ECDHE-ECDSA-AES256-SHA", no_etm=True),
    "tls11-cbc-etm": lambda: python(V11, "ECDHE-ECDSA-AES128-SHA"),
    "tls10-cbc": lambda: python(V10, "ECDHE-ECDSA-AES128-SHA", no_etm=True),
    "tls10-cbc-etm": lambda: python(V10, "ECDHE-ECDSA-AES256-SHA"),
    "tls10-cbc-split": lambda: python(V10, "ECDHE-ECDSA-AES128-SHA", no_etm=True, one_n=True),
    "tls10-rsa": lambda: python(V10, "AES128-SHA", cert="rsa", no_etm=True),
    "tls13-key-update": lambda: tools(s_server("-tls1_3"), [s_client()],
        [[b"USER a\n", b"K\n", b"PASS b\n", b"<k\n", b"<230 in\n", b"K\n", b"SYST\n", b"<K\n", b"<215 x\n"]],
        [[b"USER a\nPASS b\nSYST\n", b"230 in\n215 x\n"]]),
    "tls12-renegotiation": lambda: tools(s_server("-tls1_2", "-client_renegotiation"),
        [s_client("-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")],
        [[b"USER a\n", b"<331 b\n", b"R\n", b"PASS b\n", b"<230 in\n"]],
        [[b"USER a\nPASS b\n", b"331 b\n230 in\n"]]),
    "tls13-early-data": lambda: early_data(),
    "gnutls-ticket": lambda: gnutls("NORMAL:-VERS-ALL:+VERS-TLS1.2", []),
    "gnutls-session-id": lambda: gnutls("NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_TICKETS", ["--noticket"]),
    "gnutls-tls10": lambda: gnutls("NORMAL:-VERS-ALL:+VERS-TLS1.0:+AES-128-CBC:+SHA1:%NO_ETM", ["--noticket"]),
    "gnutls-tls13": lambda: gnutls("NORMAL:-VERS-ALL:+VERS-TLS1.3:+AES-128-CCM-8", []),
}


def early_data():
    with open(path("early"), "wb") as file:
        file.write(b"EARLY\n")
    return tools(s_server("-tls1_3", "-early_data"),
        [s_client("-sess_out", path("session")),
         lambda port, log: s_client("-sess_in", path("session"), "-early_data", path("early"))(port, log)],
        [[b"USER a\n"], [b"USER b\n", b"<331 c\n"]], [[b"USER a\n", b""], [b"USER b\n", b"331 c\n"]])


def gnutls(priority, server_args):
    """An echo server, whose client resumes the session of its first connection."""
    def server(port, log):
        return ["gnutls-serv", "--echo", "-p", str(port), "--priority", priority, "--x509certfile", path("ec.crt"),
                "--x509keyfile", path("ec.key"), *server_args]

    def client(port, log):
        return ["gnutls-cli", "--insecure", "--resume", "--priority", priority, "-p", str(port), "127.0.0.1"]

    log = path("keys.log")
    if os.path.exists(log):
        os.remove(log)
    both = b"USER a\nPASS b\n"
    connections, keys = tools(server, [client], [[b"USER a\n", b"PASS b\n"]], [[b"", b""], [both, both]], 2.0)
    return connections, keys


def write(name, connections, keys):
    text = lambda data: base64.b64encode(data).decode()
    result = {"keyLog": [line for line in keys.splitlines() if not line.startswith("#")],
              "connections": [{"steps": [[side, text(data)] for side, data in each["steps"]],
                               "sent": [text(data) for data in each["sent"]]} for each in connections]}
    if "rsa" in name:
        result["privateKey"] = open(path("rsa.key")).read()
    with open(os.path.join(HERE, name + ".json"), "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


if os.environ.get("TRANSCRIPT"):
    # A child under other settings of OpenSSL.
    WORK = os.environ["TRANSCRIPT_WORK"]
    write(sys.argv[1], *SCENARIOS[sys.argv[1]]())
else:
    certificates()
    for name in sys.argv[1:] or SCENARIOS:
        suites = {"tls13-aes256-gcm": "TLS_AES_256_GCM_SHA384", "tls13-chacha20": "TLS_CHACHA20_POLY1305_SHA256",
                  "tls13-ccm": "TLS_AES_128_CCM_SHA256", "tls13-ccm8": "TLS_AES_128_CCM_8_SHA256"}
        env = settings(Ciphersuites=suites.get(name, "TLS_AES_128_GCM_SHA256"), CipherString="ALL:@SECLEVEL=0",
                       Options="UnsafeLegacyRenegotiation")
        subprocess.run([sys.executable, __file__, name], check=True,
                       env={**env, "TRANSCRIPT": "1", "TRANSCRIPT_WORK": WORK})
        print(name)
