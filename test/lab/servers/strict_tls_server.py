"""A small FTPS server that takes uploads, leaves TLS at CCC and insists on close_notify: usage strict_tls_server.py SETTINGS."""
import json
import os
import socket
import ssl
import sys
import threading

settings = json.load(open(sys.argv[1]))
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(settings['certificate'])
# Python tells OpenSSL 3 to take a FIN without close_notify for an orderly end unless this is cleared.
context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
REPLIES = {
    'USER': '331 Please specify the password.',
    'PASS': '230 Login successful.',
    'PBSZ': '200 PBSZ set to 0.',
    'PROT': '200 PROT now Private.',
    'TYPE': '200 Switching to Binary mode.',
    'QUIT': '221 Goodbye.',
}


def wrapped(plain):
    return context.wrap_socket(plain, server_side=True, suppress_ragged_eofs=False)


class Control:
    def __init__(self, connection):
        self.socket = connection
        self.listener = None

    def say(self, text):
        print('<', text, flush=True)
        self.socket.sendall((text + '\r\n').encode())

    def lines(self):
        pending = b''
        while chunk := self.socket.recv(4096):
            pending += chunk
            while b'\n' in pending:
                line, pending = pending.split(b'\n', 1)
                yield line.decode('latin1').rstrip('\r')

    def serve(self):
        self.say('220 Strict FTPS server ready.')
        for line in self.lines():
            print('>', line, flush=True)
            verb, _, argument = line.partition(' ')
            self.command(verb.upper(), argument)

    def command(self, verb, argument):
        if verb == 'AUTH':
            self.say('234 Proceed with negotiation.')
            self.socket = wrapped(self.socket)
        elif verb == 'CCC':
            self.say('200 The control connection goes on in the clear.')
            self.socket = self.socket.unwrap()
        elif verb == 'PASV':
            self.listener = socket.create_server((settings['address'], settings['passive'][0]))
            port = self.listener.getsockname()[1]
            self.say('227 Entering Passive Mode (%s,%d,%d).' % (settings['address'].replace('.', ','), port >> 8, port & 255))
        elif verb == 'STOR' and self.listener:
            self.store(os.path.join(settings['home'], os.path.basename(argument)))
        else:
            self.say(REPLIES.get(verb, '502 Command not implemented.'))

    def store(self, path):
        self.say('150 Ok to send data.')
        try:
            with wrapped(self.listener.accept()[0]) as data, open(path, 'wb') as out:
                while chunk := data.recv(4096):
                    out.write(chunk)
        except ssl.SSLError:
            self.say('426 Failure reading network stream.')
        else:
            self.say('226 Transfer complete.')
        finally:
            self.listener.close()
            self.listener = None


with socket.create_server((settings['address'], settings['port'])) as server:
    while True:
        threading.Thread(target=Control(server.accept()[0]).serve, daemon=True).start()
