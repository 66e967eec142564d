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
with the fault indicated by the name. \`expected.json\` states the expected verdict for each file; it is generated from the
scenarios. All addresses are private or from the documentation ranges; the account exists nowhere else. Each scenario is
captured at the client, on the Internet router in the middle, and at the server. A file \`.keys\` beside a capture is the key
log of its TLS connections, from both ends (\`--keylog\`).

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
    lan: 'in the same LAN as the server',
  }
  const helper = (has: boolean | undefined) => (has === true ? ' with FTP ALG' : '')
  const text = `client ${sides[client]}${helper(clientHelper)}, server ${sides[server]}${helper(serverHelper)}`
  return family === 6 ? `${text}, IPv6` : text
}
