import { addressesOf } from './addresses.js'
import { versionOf } from './install.js'
import type { Scenario } from './scenario.js'

/** What is known of a run because the lab itself set it up. */
export async function truthOf(scenario: Scenario, clientExits: readonly number[], captures: readonly string[]) {
  const { name, title, topology, server, client, fault, expect } = scenario
  return {
    ...{ name, title, topology, addresses: addressesOf(topology) },
    server: { ...server, version: await versionOf(server.software) },
    client: { ...client, version: await versionOf(client.software), exits: clientExits },
    fault: fault ?? null,
    captures: captures.map((vantage) => `${vantage}.pcap`),
    expect,
  }
}
