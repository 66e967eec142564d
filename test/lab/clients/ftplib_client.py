"""Python's ftplib, driven by a JSON file: usage ftplib_client.py SETTINGS."""
import ftplib
import json
import ssl
import sys
import time


class Resuming(ftplib.FTP_TLS):
    """Resumes the session of the control connection on data connections, which ftplib does not."""

    def ntransfercmd(self, cmd, rest=None):
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            connection = self.context.wrap_socket(
                connection, server_hostname=self.host, session=self.sock.session)
        return connection, size


s = json.load(open(sys.argv[1]))
if s['tls'] == 'explicit':
    context = ssl.create_default_context(cafile=s['authority'])
    if not s['authority']:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if 'no-reuse' in s['options']:
        context.options |= ssl.OP_NO_TICKET
    if s['tlsVersion'] == '1.2':
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if s['keylog']:
        context.keylog_filename = s['keylog']
    ftp = (Resuming if 'resume' in s['options'] else ftplib.FTP_TLS)(context=context)
else:
    ftp = ftplib.FTP()
ftp.set_debuglevel(1)
ftp.connect(s['host'], s['port'], timeout=s['timeout'])
if s['tls'] == 'explicit' and 'no-auth' not in s['options']:
    ftp.auth()
ftp.set_pasv(s['mode'] in ('passive', 'extended-passive', None))
ftplib.FTP.login(ftp, s['user'], s['password'])
if s['tls'] == 'explicit' and 'clear-data' not in s['options']:
    ftp.prot_p()
if 'ccc' in s['options']:
    ftp.ccc()
if 'no-close-notify' in s['options']:
    # What ftplib looks at to decide whether to shut TLS down before it closes a data connection.
    ftplib._SSLSocket = None
for action in s['actions']:
    try:
        if 'list' in action:
            ftp.retrlines('LIST ' + action['list'] if action['list'] != '/' else 'LIST')
        elif 'get' in action:
            with open(action['get'].replace('/', '_'), 'wb') as out:
                if s['ascii']:
                    ftp.retrlines('RETR ' + action['get'], lambda line: out.write(line.encode('latin1') + b'\n'))
                else:
                    ftp.retrbinary('RETR ' + action['get'], out.write, rest=action.get('restart'))
        elif 'put' in action:
            with open('upload-' + action['put'], 'rb') as source:
                if s['ascii']:
                    ftp.storlines('STOR ' + action['put'], source)
                else:
                    ftp.storbinary('STOR ' + action['put'], source)
        elif 'sleep' in action:
            time.sleep(action['sleep'])
        elif action.get('raw') == 'PROT C' and 'ignore-prot' not in s['options']:
            ftp.prot_c()
        elif action.get('raw') == 'PROT P' and 'ignore-prot' not in s['options']:
            ftp.prot_p()
        elif 'raw' in action:
            ftp.sendcmd(action['raw'])
    except ftplib.all_errors as error:
        print(type(error).__name__, error, flush=True)
        if not isinstance(error, ftplib.Error):
            raise
ftp.quit()
