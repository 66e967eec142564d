import { Argument, Command, Option } from 'commander'
import { DIALECTS, FIREWALL_SIDES } from '../report/firewall/options.js'
import { ROW_KINDS } from '../report/format.js'
import { FORMAT_NAMES } from '../report/formats.js'
import { addressList, oneAddress } from './arguments/addresses.js'
import { SHELLS, type Shell } from './completion/words.js'
import { interfaceName } from './arguments/interface-name.js'
import { numberList, portRange, positiveNumber } from './arguments/number-arguments.js'
import type { AnalyzeCommandOptions, FirewallCommandOptions } from './options.js'

/** What the program does once its arguments are understood. */
export interface Commands {
  analyze(captures: string[], options: AnalyzeCommandOptions): Promise<void>
  firewall(captures: string[], options: FirewallCommandOptions): Promise<void>
  explain(finding: string | undefined): Promise<void>
  page(): Promise<void>
  completion(shell: Shell, program: Command): Promise<void>
}

export function createProgram(version: string, commands: Commands): Command {
  const program = new Command('ftpscope')
  program
    .description('Says what happened in every FTP session of a capture, whether it worked, and if not, why.')
    .usage('[analyze] [options] CAPTURE...')
    .argument('[CAPTURE...]', 'capture files, folders of them, or - for standard input')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addOption(new Option('--format <name>', 'how to report').choices(FORMAT_NAMES).default('text'))
    .option('-o, --output <file>', 'write the report to a file')
    .addOption(new Option('--rows <kind>', 'what a row of csv is (default: sessions)').choices(ROW_KINDS))
    .option('--all', 'all sessions, and all that are not ok in full, however many')
    .option('--session <n>', 'only these sessions, in full: 3 or 1,4,7-9; repeatable', numberList(1, 1e9))
    .option('--host <address>', 'only sessions of these addresses; repeatable', addressList)
    .option(
      '--port <n>',
      'control ports besides 21, 990, 2121 and those found by content; repeatable',
      numberList(1, 65535),
    )
    .option('--show-secrets', 'show passwords')
    .addOption(new Option('--fail-on <severity>', 'exit with 1 at a finding this severe').choices(['error', 'warning']))
    .option('-q, --quiet', 'no progress and no notes on standard error, only errors')
    .option('--no-color', 'no colors, as with NO_COLOR=1')
    .option('--max-connections <n>', 'TCP connections to follow at a time', positiveNumber)
    .option('--jobs <n>', 'threads for captures that overlap in time; 1 for none', positiveNumber)
    .option('--max-sessions <n>', 'FTP sessions to follow at a time', positiveNumber)
    .addHelpText('after', EXAMPLES)
    .action((captures: string[], options: AnalyzeCommandOptions) =>
      commands.analyze(captures[0] === 'analyze' ? captures.slice(1) : captures, options),
    )
  program
    .command('firewall')
    .description('print the firewall or NAT rules that the sessions of a capture need')
    .usage('CAPTURE... --for DIALECT [options]')
    .argument('[CAPTURE...]', 'capture files, folders of them, or - for standard input')
    .addOption(new Option('--for <dialect>', 'whose syntax').choices(DIALECTS).makeOptionMandatory())
    .addOption(new Option('--side <side>', 'whose firewall').choices(FIREWALL_SIDES).default('server'))
    .option('--no-helper', 'open fixed ports, without an FTP helper or proxy')
    .option('--passive-range <low-high>', 'the passive ports that the server is set to', portRange)
    .option('--only-seen', 'for the addresses seen only, instead of from or to anywhere')
    .option('--inside <address>', 'the server behind its NAT or balancer; repeatable', addressList)
    .option('--outside <address>', 'the address of the server that clients dial', oneAddress)
    .option('--interface <name>', 'the outside interface, for ipfilter and pf (em0)', interfaceName)
    .addHelpText('after', FIREWALL_HELP)
    // Options that both commands have are parsed by the program.
    .action((captures: string[], _: unknown, command: Command) =>
      commands.firewall(captures, command.optsWithGlobals<FirewallCommandOptions>()),
    )
  program
    .command('explain')
    .description('say what a finding means, how it looks and what to change; without a name, list all')
    .argument('[FINDING]', 'name of a finding, as in passive-private-address')
    .action((finding: string | undefined) => commands.explain(finding))
  program
    .command('page')
    .description('write the page that analyses captures in a browser, to the file of -o or to standard output')
    .addHelpText('after', PAGE_HELP)
    .action(() => commands.page())
  program
    .command('completion')
    .description('print a script that completes ftpscope in a shell')
    .addArgument(new Argument('<SHELL>', 'the shell').choices(SHELLS))
    .addHelpText('after', COMPLETION_HELP)
    .action((shell: Shell) => commands.completion(shell, program))
  return program
}

const EXAMPLES = `
Exit status: 0 analysed; 1 --fail-on met; 2 could not do the job.

Examples:
  ftpscope ticket-4711.pcapng                        what went wrong, and which packets prove it
  ftpscope --session 3 ticket-4711.pcapng            one session in full, with its dialogue
  tcpdump -i eth0 -U -w - tcp or icmp | ftpscope -   analyse live; Ctrl-C ends it and reports
  ftpscope --format json -o report.json captures/    all captures of a folder, for a program
  ftpscope --format markdown ticket-4711.pcapng      for a ticket
  ftpscope --format csv --rows transfers big.pcap    for a spreadsheet
  ftpscope --format html -o report.html night.pcap   a page to look at, print and pass on
  ftpscope --fail-on error nightly.pcap              for scripts
  ftpscope explain passive-private-address           what a finding means
  ftpscope page -o ftpscope.html                     the analyzer as a page for a browser
  ftpscope firewall nightly.pcap --for nftables      rules that let its sessions through`

const PAGE_HELP = `
Examples:
  ftpscope page -o ftpscope.html                     open it in a browser and drop captures on it

The page is one file and needs no network: captures are analysed in the browser and stay on the machine.`

const FIREWALL_HELP = `
Also: -o, --session, --host, --port, --quiet, --max-connections and --max-sessions, as for an analysis.

Examples:
  ftpscope firewall ticket.pcap --for nftables | nft -c -f -       what a firewall before the server needs, checked
  ftpscope firewall ticket.pcap --for iptables --side client       what one before the clients needs
  ftpscope firewall ticket.pcap --for pf --no-helper --passive-range 50000-50100
  ftpscope firewall ticket.pcap --for lvs --inside 10.0.0.21,10.0.0.22`

const COMPLETION_HELP = `
Examples:
  bash:  source <(ftpscope completion bash)          in ~/.bashrc
  zsh:   source <(ftpscope completion zsh)           in ~/.zshrc, after compinit
  fish:  ftpscope completion fish > ~/.config/fish/completions/ftpscope.fish`
