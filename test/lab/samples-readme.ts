import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario, Topology } from './scenario.js'

interface Truth {
  readonly server: { readonly version: string }
  readonly client: { readonly version: string }
}

/** Where each sample comes from, as a Markdown page. */
export function samplesReadme(scenarios: readonly Scenario[], output: string): string {
  const rows = scenarios.filter(({ sample = [] }) => sample.length > 0).map((scenario) => row(scenario, output))
  return `# Captures from the lab

Made by \`npm run lab\` and \`npm run lab -- --export-samples\` (test/lab): real servers and clients in network namespaces,
with the fault that the name says. \`expected.json\` states for each file what it must be judged as; it is generated
from the scenarios. All addresses are private or from the documentation ranges, the account exists nowhere else.
Each scenario is captured beside the client, on the internet router in the middle, and beside the server.

| scenario | what happens | server | client | network | captures |
|---|---|---|---|---|---|
${rows.join('\n')}
`
}

function row({ name, title, server, client, topology, sample = [] }: Scenario, output: string): string {
  const file = join(output, name, 'truth.json')
  const truth = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Truth) : undefined
  const software = (kind: string, version: string | undefined) => `${kind} ${version ?? ''}`.trim()
  const cells = [
    name,
    title,
    software(server.software, truth?.server.version),
    software(client.software, truth?.client.version),
    networkText(topology),
    sample.join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

function networkText({ client, server, family, clientHelper, serverHelper }: Topology): string {
  const sides = {
    nat: 'behind NAT',
    public: 'public',
    private: 'private, routed',
    lan: 'beside the server',
  }
  const helper = (has: boolean | undefined) => (has === true ? ' with FTP helper' : '')
  const text = `client ${sides[client]}${helper(clientHelper)}, server ${sides[server]}${helper(serverHelper)}`
  return family === 6 ? `${text}, IPv6` : text
}
