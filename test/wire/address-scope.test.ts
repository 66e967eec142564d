import { describe, expect, it } from 'vitest'
import { scope } from '../../src/wire/address-scope.js'

describe('The scope of an address', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['0.0.0.0', 'unspecified'],
    ['0.0.0.1', 'reserved'],
    ['9.255.255.255', 'public'],
    ['10.0.0.0', 'private'],
    ['10.255.255.255', 'private'],
    ['11.0.0.0', 'public'],
    ['100.63.255.255', 'public'],
    ['100.64.0.0', 'cgnat'],
    ['100.127.255.255', 'cgnat'],
    ['100.128.0.0', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['169.254.1.1', 'link-local'],
    ['169.253.1.1', 'public'],
    ['172.15.255.255', 'public'],
    ['172.16.0.0', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['192.0.0.1', 'reserved'],
    ['192.0.1.1', 'public'],
    ['192.0.2.1', 'documentation'],
    ['192.167.255.255', 'public'],
    ['192.168.0.0', 'private'],
    ['192.169.0.0', 'public'],
    ['198.17.255.255', 'public'],
    ['198.18.0.0', 'reserved'],
    ['198.19.255.255', 'reserved'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['223.255.255.255', 'public'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.254', 'reserved'],
    ['255.255.255.255', 'broadcast'],
  ])('%s is %s', (address, expected) => {
    expect(scope(address)).toBe(expected)
  })

  it.each([
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::2', 'reserved'],
    ['::ffff:10.1.2.3', 'private'],
    ['::ffff:8.8.8.8', 'public'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['64:ff9b:1::1', 'reserved'],
    ['100::1', 'reserved'],
    ['2001:470::1', 'public'],
    ['2001:2::1', 'reserved'],
    ['2001:db8::1', 'documentation'],
    ['2001:db9::1', 'public'],
    ['3fff:fff::1', 'documentation'],
    ['3fff:1000::1', 'public'],
    ['4000::1', 'reserved'],
    ['fbff::1', 'reserved'],
    ['fc00::1', 'unique-local'],
    ['fdff::1', 'unique-local'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['fec0::1', 'reserved'],
    ['ff02::1', 'multicast'],
  ])('%s is %s', (address, expected) => {
    expect(scope(address)).toBe(expected)
  })

  it('is reserved for text that is not an address', () => {
    expect(scope('ftp.example.net')).toBe('reserved')
  })
})
