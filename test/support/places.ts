import { ftpSession, type FtpSession, type SessionOptions } from './ftp-scene.js'
import type { Host, HostOptions } from './host.js'
import { Scene } from './scene.js'

/**
 * A client and a server, seen from where the capture was taken. Addresses are from the documentation ranges (RFC 5737,
 * RFC 3849).
 */
export interface Place {
  scene: Scene
  client: Host
  server: Host
}

export interface PlaceOptions {
  client?: string
  server?: string
  /** Replace the place's properties of the hosts. */
  clientLook?: HostOptions
  serverLook?: HostOptions
}

/** On the client's machine, which sits behind a NAT; the server is seven routers away. */
export function atClient(description: string, options: PlaceOptions = {}): Place {
  return place(
    description,
    options,
    ['192.168.1.10', { hopLimit: 64, distance: 0.02 }],
    ['203.0.113.20', { hopLimit: 57 }],
  )
}

/** On the server's machine; the client is fourteen routers away. */
export function atServer(description: string, options: PlaceOptions = {}): Place {
  return place(
    description,
    options,
    ['198.51.100.7', { hopLimit: 50, distance: 14 }],
    ['203.0.113.20', { hopLimit: 64, distance: 0.02 }],
  )
}

/** On a router or mirror port on the path. */
export function between(description: string, options: PlaceOptions = {}): Place {
  return place(
    description,
    options,
    ['198.51.100.7', { hopLimit: 61, distance: 4 }],
    ['203.0.113.20', { hopLimit: 58, distance: 9 }],
  )
}

/** On the client's machine, in one network with the server. */
export function inLan(description: string, options: PlaceOptions = {}): Place {
  return place(
    description,
    options,
    ['10.1.0.2', { hopLimit: 64, distance: 0.01 }],
    ['10.1.0.20', { hopLimit: 64, distance: 0.2 }],
  )
}

/** On the client's machine, over IPv6. */
export function atClientOverIpv6(description: string, options: PlaceOptions = {}): Place {
  return place(
    description,
    options,
    ['2001:db8:1::10', { hopLimit: 64, distance: 0.02 }],
    ['2001:db8:2::20', { hopLimit: 55, distance: 12 }],
  )
}

/** The properties of a Windows host's packets: initial TTL 128, no timestamps, another window scale. */
export const windows: HostOptions = { hopLimit: 128, distance: 0.02, timestamps: false, windowScale: 8, window: 64_240 }

/** A control connection between the two, without greeting. */
export function openControl(at: Place, options: SessionOptions = {}): FtpSession {
  return ftpSession(at.scene, at.client, at.server, options)
}

type Default = readonly [address: string, look: HostOptions]

function place(description: string, options: PlaceOptions, client: Default, server: Default): Place {
  const scene = new Scene({ description })
  return {
    scene,
    client: scene.host(options.client ?? client[0], { ...client[1], ...options.clientLook }),
    server: scene.host(options.server ?? server[0], { ...server[1], ...options.serverLook }),
  }
}
