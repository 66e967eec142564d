/** A bare walk by the pcap-parser package, which tells packets and does nothing else. */
import { createRequire } from 'node:module'

interface Parser {
  on(event: 'packet' | 'end', listener: () => void): void
}

const library = createRequire(import.meta.url)('pcap-parser') as { parse: (path: string) => Parser }
const parser = library.parse(process.argv[2]!)
let packets = 0
parser.on('packet', () => packets++)
parser.on('end', () => {
  console.log(packets)
})
