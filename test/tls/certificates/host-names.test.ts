import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../src/tls/certificates/certificate.js'
import { isFor } from '../../../src/tls/certificates/host-names.js'
import { certificate } from '../../support/certificates.js'

const isOf = (name: string, host: string) => isFor(readCertificate(certificate(name))!, host)

describe('A certificate', () => {
  it.each([
    ['server', 'ftp.example.net'],
    ['server', 'FTP.Example.NET.'],
    ['server', 'a.files.example.net'],
    ['server', '203.0.113.20'],
    ['server', '2001:db8:2::20'],
    ['server', '[2001:db8:2:0::20]'],
    ['common-name-only', 'ftp.example.net'],
  ])('%s is for %s', (name, host) => {
    expect(isOf(name, host)).toBe(true)
  })

  it.each([
    ['server', 'example.net'],
    // A wildcard stands for one label, and not for none.
    ['server', 'a.b.files.example.net'],
    ['server', 'files.example.net'],
    ['server', '203.0.113.21'],
    ['server', '2001:db8:2::21'],
    ['server', ''],
    // Its common name does not count beside alternative names.
    ['other-name', 'ftp.example.net'],
    ['common-name-only', '203.0.113.20'],
  ])('%s is not for "%s"', (name, host) => {
    expect(isOf(name, host)).toBe(false)
  })
})
