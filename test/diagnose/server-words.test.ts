import { describe, expect, it } from 'vitest'
import { saysHandshakeFailed, saysOops, serverFault } from '../../src/diagnose/facts/server-words.js'
import type { Reply } from '../../src/ftp/model.js'

const oops = (text: string): Reply => ({
  frame: 1,
  time: 0,
  code: 500,
  text: `OOPS: ${text}`,
  preliminary: false,
  lineEnd: 'crlf',
  unfinished: false,
  clipped: false,
})

describe("vsftpd's 500 OOPS", () => {
  it('is no fault of the server where a handshake failed on what the client sent, or did not send', () => {
    for (const text of [
      'error:0A0000C1:SSL routines::no shared cipher',
      'error:0A000126:SSL routines::unexpected eof while reading',
      'error:1408F10B:SSL routines:ssl3_get_record:wrong version number',
      'error:14094416:SSL routines:ssl3_read_bytes:sslv3 alert certificate unknown',
    ]) {
      expect(saysHandshakeFailed(oops(text)), text).toBe(true)
      expect(saysOops(oops(text)), text).toBe(false)
      expect(serverFault(oops(text)), text).toBeNull()
    }
  })

  it('is one of its TLS set-up where no handshake can succeed', () => {
    for (const text of [
      'error:141FC0B5:SSL routines:tls_setup_handshake:no ciphers available',
      'SSL: cannot load RSA private key',
    ]) {
      expect(saysHandshakeFailed(oops(text)), text).toBe(false)
      expect(serverFault(oops(text)), text).toBe('tls-setup')
    }
  })
})
