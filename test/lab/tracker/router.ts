import { run } from '../shell.js'
import { ADDRESSES } from './variants.js'

type Place = 'client' | 'router' | 'server'
const PLACES: readonly Place[] = ['client', 'router', 'server']

const GATEWAYS = {
  client: { 4: '192.168.77.1', 6: 'fd00:77::1' },
  server: { 4: '203.0.113.1', 6: '2001:db8:77::1' },
} as const

/** A client, a router that reads FTP with the kernel's helper, and a server, each in a namespace of its own. */
export class TrackingRouter {
  readonly #id = `ftt${process.pid}`

  enter(place: Place): readonly string[] {
    return ['ip', 'netns', 'exec', this.#namespace(place)]
  }

  async setUp(): Promise<void> {
    const ns = (place: Place) => this.#namespace(place)
    const links = [
      ...PLACES.map((place) => `netns add ${ns(place)}`),
      `link add eth0 netns ${ns('client')} type veth peer name eth0 netns ${ns('router')}`,
      `link add eth0 netns ${ns('server')} type veth peer name eth1 netns ${ns('router')}`,
    ]
    await run(['ip', '-batch', '-'], { input: links.join('\n') })
    await Promise.all(PLACES.map((place) => this.#configure(place)))
    await run([...this.enter('router'), 'nft', '-f', '-'], { input: RULES })
  }

  /** Never throws. */
  async tearDown(): Promise<void> {
    for (const place of PLACES) await run(['ip', 'netns', 'del', this.#namespace(place)], { mayFail: true })
  }

  #namespace(place: Place): string {
    return `${this.#id}-${place}`
  }

  async #configure(place: Place): Promise<void> {
    const settings = [
      'net.ipv6.conf.all.accept_dad=0',
      'net.ipv6.conf.default.accept_dad=0',
      'net.ipv6.conf.eth0.accept_dad=0',
      // Segments that are sent again must stay as they were.
      'net.ipv4.tcp_retrans_collapse=0',
      ...(place === 'router' ? ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'] : []),
    ]
    await run([...this.enter(place), 'sysctl', '-q', '-e', ...settings])
    await run(['ip', '-n', this.#namespace(place), '-batch', '-'], { input: addresses(place).join('\n') })
    const offloads = ['rx', 'tx', 'sg', 'tso', 'gso', 'gro'].flatMap((feature) => [feature, 'off'])
    await run([...this.enter(place), 'ethtool', '-K', 'eth0', ...offloads], { mayFail: true })
  }
}

function addresses(place: Place): string[] {
  if (place === 'router') {
    const { client, server } = GATEWAYS
    return [
      ...[`addr add ${client[4]}/24 dev eth0`, `addr add ${client[6]}/64 dev eth0 nodad`],
      ...[`addr add ${server[4]}/24 dev eth1`, `addr add ${server[6]}/64 dev eth1 nodad`],
      ...['link set lo up', 'link set eth0 up', 'link set eth1 up'],
    ]
  }
  const gateway = GATEWAYS[place]
  return [
    ...[`addr add ${ADDRESSES[4][place]}/24 dev eth0`, `addr add ${ADDRESSES[6][place]}/64 dev eth0 nodad`],
    ...['link set lo up', 'link set eth0 up'],
    ...[`route add default via ${gateway[4]}`, `route add default via ${gateway[6]}`],
  ]
}

/** The helper must be asked for by a rule; packets that it refuses are dropped by conntrack itself. */
const RULES = ['ip', 'ip6']
  .map(
    (family) => `table ${family} tracker {
  ct helper ftp {
    type "ftp" protocol tcp ;
  }
  chain prerouting {
    type filter hook prerouting priority 0 ;
    tcp dport 21 ct helper set "ftp"
  }
  chain forward {
    type filter hook forward priority 0 ;
    ct state established,related,new accept
  }
}
`,
  )
  .join('')
