"""pyftpdlib with its settings from a JSON file: usage pyftpdlib_server.py SETTINGS."""
import json
import logging
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler, ThrottledDTPHandler
from pyftpdlib.servers import FTPServer


class ImplicitTLS(TLS_FTPHandler):
    """TLS from the first byte on; pyftpdlib itself starts it at AUTH only."""

    def handle(self):
        self.secure_connection(self.ssl_context)

    def handle_ssl_established(self):
        TLS_FTPHandler.handle(self)


settings = json.load(open(sys.argv[1]))
logging.basicConfig(level=logging.DEBUG)
authorizer = DummyAuthorizer()
authorizer.add_user(settings['user'], settings['password'], settings['home'], perm='elradfmwMT')
if settings.get('anonymous'):
    authorizer.add_anonymous(settings['home'])
handler = {'none': FTPHandler, 'explicit': TLS_FTPHandler, 'implicit': ImplicitTLS}[settings['tls']]
handler.authorizer = authorizer
handler.passive_ports = range(settings['passive'][0], settings['passive'][1] + 1)
if settings['announce']:
    handler.masquerade_address = settings['announce']
if settings['tls'] != 'none':
    handler.certfile = settings['certificate']
    handler.tls_control_required = handler.tls_data_required = settings['tlsRequired']
handler.dtp_handler.timeout = int(settings['settings'].pop('dtp_timeout', 300))
handler.passive_dtp.timeout = int(settings['settings'].pop('passive_timeout', 30))
handler.active_dtp.timeout = int(settings['settings'].pop('active_timeout', 30))
rate = int(settings['settings'].pop('write_limit', 0))
if rate:
    class Throttled(ThrottledDTPHandler):
        write_limit = rate
    handler.dtp_handler = Throttled
server = FTPServer((settings['address'], settings['port']), handler)
for name, value in settings['settings'].items():
    target = server if name in ('max_cons', 'max_cons_per_ip') else handler
    setattr(target, name, json.loads(value))
server.serve_forever()
