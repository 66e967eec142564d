import { Argument, Command, Option } from 'commander'
import { DIALECTS, FIREWALL_SIDES } from '../report/firewall/options.js'
import { ROW_KINDS } from '../report/format.js'
import { FORMAT_NAMES } from '../report/formats.js'
import { addressList, oneAddress } from './arguments/addresses.js'
import { SHELLS, type Shell } from './completion/words.js'
import { interfaceName } from './arguments/interface-name.js'
import { zone } from './arguments/zone.js'
import { failOnList, findingList, outcomeList, sortKey, wordList } from './arguments/word-lists.js'
import { pathList } from './arguments/paths.js'
import { byteSize, numberList, portRange, positiveNumber } from './arguments/number-arguments.js'
import type {
  AnalyzeCommandOptions,
  AnnotateCommandOptions,
  CompareCommandOptions,
  ExtractCommandOptions,
  FirewallCommandOptions,
  SanitizeCommandOptions,
  SliceCommandOptions,
} from './options.js'

/** What the program does once its arguments are parsed. */
export interface Commands {
  analyze(captures: string[], options: AnalyzeCommandOptions): Promise<void>
  firewall(captures: string[], options: FirewallCommandOptions): Promise<void>
  compare(captures: string[], options: CompareCommandOptions): Promise<void>
  diff(captures: string[], options: AnalyzeCommandOptions): Promise<void>
  top(captures: string[], options: AnalyzeCommandOptions): Promise<void>
  slice(captures: string[], options: SliceCommandOptions): Promise<void>
  annotate(captures: string[], options: AnnotateCommandOptions): Promise<void>
  extract(captures: string[], options: ExtractCommandOptions): Promise<void>
  sanitize(captures: string[], options: SanitizeCommandOptions): Promise<void>
  explain(finding: string | undefined): Promise<void>
  page(): Promise<void>
  completion(shell: Shell, program: Command): Promise<void>
}

export function createProgram(version: string, commands: Commands): Command {
  const program = new Command('ftpscope')
  program
    .description('Reports what happened in every FTP session of a capture, whether it worked, and if not, why.')
    .usage('[analyze] [options] CAPTURE...')
    .argument('[CAPTURE...]', 'capture files, directories, or - for standard input')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addOption(new Option('--format <name>', 'output format').choices(FORMAT_NAMES).default('text'))
    .option('-o, --output <file>', 'write the report to a file')
    .addOption(new Option('--rows <kind>', 'what a row of csv describes (default: sessions)').choices(ROW_KINDS))
    .option('--tz <zone>', 'show times in this zone: +02:00, Europe/Berlin (default: UTC)', zone)
    .option('--all', 'list all sessions, and show all that are not ok in full')
    .option('--session <n>', 'only these sessions, in full: 3 or 1,4,7-9; repeatable', numberList(1, 1e9))
    .option('--host <address>', 'only sessions with these addresses; repeatable', addressList)
    .option('--user <name>', 'only sessions of these users; * and ? as in file names; repeatable', wordList)
    .option(
      '--client <address>',
      'only sessions of these clients: address, address:port, network; repeatable',
      wordList,
    )
    .option('--server <address>', 'only sessions with these servers, likewise; repeatable', wordList)
    .option('--file <glob>', 'only sessions with a transfer of such a file: *.csv, /pub/*; repeatable', wordList)
    .option('--command <verb>', 'only sessions in which one of these commands was sent; repeatable', wordList)
    .option(
      '--outcome <outcome>',
      'only sessions that are ok, degraded, failed or undetermined; repeatable',
      outcomeList,
    )
    .option('--finding <id>', 'only sessions with one of these findings: tls-*; repeatable', findingList(true))
    .option('--since <time>', 'only sessions that ended at or after a time: 2026-03-01, 2026-03-01T02:13')
    .option('--until <time>', 'only sessions that began at or before a time')
    .option('--min-bytes <size>', 'only sessions with at least that much data: 500, 20kB, 4GiB')
    .option(
      '--where <expression>',
      'only sessions of which this is true: "user = alice and rate < 1MB"; repeatable',
      pathList,
    )
    .option('--ignore <id>', 'leave out these findings, unless they explain an outcome; repeatable', findingList(false))
    .option('--sort <field>', 'sort sessions by a field of --where: -bytes for the largest first', sortKey)
    .option('--limit <n>', 'show at most so many sessions', positiveNumber)
    .option(
      '--port <n>',
      'control ports besides 21, 990, 2121 and those recognized by content; repeatable',
      numberList(1, 65535),
    )
    .option('--keylog <file>', 'decrypt TLS with a key log (SSLKEYLOGFILE); repeatable', pathList)
    .option('--private-key <file>', "decrypt TLS with a server's RSA private key (PEM); repeatable", pathList)
    .option('--show-secrets', 'show passwords')
    .option(
      '--fail-on <what>',
      'exit with 1 for sessions that failed, were degraded or undetermined (or worse), for a finding that is an ' +
        'error or a warning, or for none: no session; repeatable',
      failOnList,
    )
    .option(
      '--config <file>',
      'take options from this file (default: ftpscope.config.json, .yaml or .yml where it runs)',
    )
    .option('--no-config', 'take options only from the command line')
    .option('--keep-going', 'exit as if all input had been read, even if some could not')
    .option('-q, --quiet', 'no progress or notes on standard error, only errors')
    .option('--no-color', 'no colors, as with NO_COLOR=1')
    .option(
      '--max-connections <n>',
      'maximum of simultaneous TCP connections to follow (default: 1000000)',
      positiveNumber,
    )
    .option(
      '--jobs <n>',
      'threads for captures that overlap in time; 1 disables threads (default: one for each processor)',
      positiveNumber,
    )
    .option('--max-sessions <n>', 'maximum of simultaneous FTP sessions to follow (default: 10000)', positiveNumber)
    .addHelpText('after', EXAMPLES)
    .action((captures: string[], options: AnalyzeCommandOptions) =>
      commands.analyze(captures[0] === 'analyze' ? captures.slice(1) : captures, options),
    )
  program
    .command('firewall')
    .description('print the firewall or NAT rules that the sessions of a capture need')
    .usage('CAPTURE... --for DIALECT [options]')
    .argument('[CAPTURE...]', 'capture files, directories, or - for standard input')
    .addOption(new Option('--for <dialect>', 'syntax of the rules').choices(DIALECTS).makeOptionMandatory())
    .addOption(new Option('--side <side>', 'side that the firewall is on').choices(FIREWALL_SIDES).default('server'))
    .option('--no-helper', 'open fixed ports instead of using an FTP helper or proxy')
    .option('--passive-range <low-high>', 'passive ports configured on the server', portRange)
    .option('--only-seen', 'only for the addresses seen, instead of any address')
    .option('--inside <address>', 'server address behind the NAT or load balancer; repeatable', addressList)
    .option('--outside <address>', 'server address that clients connect to', oneAddress)
    .option('--interface <name>', 'external interface, for ipfilter and pf (em0)', interfaceName)
    .addHelpText('after', FIREWALL_HELP)
    // Options that both commands have are parsed by the program.
    .action((captures: string[], _: unknown, command: Command) =>
      commands.firewall(captures, command.optsWithGlobals<FirewallCommandOptions>()),
    )
  program
    .command('compare')
    .description('compare captures of the same connections from several places: which packets were lost or changed')
    .usage('A B [C...] [options]')
    .argument('[CAPTURE...]', 'one capture file for each place, or a directory with those that follow each other')
    .option('--all-connections', 'all TCP connections, not only those of FTP sessions')
    .addHelpText('after', COMPARE_HELP)
    .action((captures: string[], _: unknown, command: Command) =>
      commands.compare(captures, command.optsWithGlobals<CompareCommandOptions>()),
    )
  program
    .command('diff')
    .description('compare two runs of the same job, before and after a change: what got better, what got worse')
    .usage('BEFORE AFTER [options]')
    .argument('[RUN...]', 'a capture file, a directory, or what --format json wrote of an earlier analysis')
    .addHelpText('after', DIFF_HELP)
    .action((runs: string[], _: unknown, command: Command) =>
      commands.diff(runs, command.optsWithGlobals<AnalyzeCommandOptions>()),
    )
  program
    .command('top')
    .description('totals per server, client, user and day: sessions, outcomes, bytes, times; causes ranked')
    .usage('CAPTURE... [options]')
    .argument('[CAPTURE...]', 'capture files, directories, or - for standard input')
    .addHelpText('after', TOP_HELP)
    .action((captures: string[], _: unknown, command: Command) =>
      commands.top(captures, command.optsWithGlobals<AnalyzeCommandOptions>()),
    )
  program
    .command('slice')
    .description('cut sessions out of captures: their packets, names and secrets, as pcapng')
    .usage('CAPTURE... --session N -o FILE [options]')
    .argument('[CAPTURE...]', 'capture files or directories')
    .option('--headers-only', 'leave out what data connections carry: files and listings')
    .addHelpText('after', SLICE_HELP)
    .action((captures: string[], _: unknown, command: Command) =>
      commands.slice(captures, command.optsWithGlobals<SliceCommandOptions>()),
    )
  program
    .command('annotate')
    .description('copy captures to pcapng with verdicts and findings as comments on their packets')
    .usage('CAPTURE... -o FILE [options]')
    .argument('[CAPTURE...]', 'capture files or directories')
    .option('--lua <file>', 'write the same as a post-dissector for Wireshark, too')
    .option('--filters <file>', 'write display filters of the sessions and findings, too')
    .addHelpText('after', ANNOTATE_HELP)
    .action((captures: string[], _: unknown, command: Command) =>
      commands.annotate(captures, command.optsWithGlobals<AnnotateCommandOptions>()),
    )
  program
    .command('extract')
    .description('write the files and listings that were transferred, with their digests and a manifest')
    .usage('CAPTURE... -o DIRECTORY [options]')
    .argument('[CAPTURE...]', 'capture files, directories, or - for standard input')
    .option('--hash-only', 'write no files, only print their digests')
    .addOption(
      new Option('--ascii-to <form>', 'line ends of files sent as TYPE A: as on the wire (CR LF), or LF')
        .choices(['local', 'as-sent'])
        .default('as-sent'),
    )
    .option('--max-bytes <size>', 'of each file at most so much: 500, 20kB, 4GiB', byteSize)
    .option('--max-total <size>', 'of all files together at most so much', byteSize)
    .addHelpText('after', EXTRACT_HELP)
    .action((captures: string[], _: unknown, command: Command) =>
      commands.extract(captures, command.optsWithGlobals<ExtractCommandOptions>()),
    )
  program
    .command('sanitize')
    .description(
      'copy captures to pcapng without addresses, names, passwords, paths and contents, for the same verdict',
    )
    .usage('CAPTURE... -o FILE [options]')
    .argument('[CAPTURE...]', 'capture files or directories')
    .option('--key <file>', 'a secret of 16 bytes or more: the same one maps alike in every copy (default: random)')
    .option('--key-env <name>', 'the same from a variable of the environment')
    .option('--keep-certificates', 'leave the certificates of TLS as they are')
    .option('--ftp-only', 'leave out what belongs to no FTP session')
    .addHelpText('after', SANITIZE_HELP)
    .action((captures: string[], _: unknown, command: Command) =>
      commands.sanitize(captures, command.optsWithGlobals<SanitizeCommandOptions>()),
    )
  program
    .command('explain')
    .description('explain a finding, its symptoms and what to change; without a name, list all')
    .argument('[FINDING]', 'name of a finding, such as passive-private-address')
    .action((finding: string | undefined) => commands.explain(finding))
  program
    .command('page')
    .description('write the page that analyzes captures in a browser to the -o file or standard output')
    .addHelpText('after', PAGE_HELP)
    .action(() => commands.page())
  program
    .command('completion')
    .description('print a shell completion script')
    .addArgument(new Argument('<SHELL>', 'the shell').choices(SHELLS))
    .addHelpText('after', COMPLETION_HELP)
    .action((shell: Shell) => commands.completion(shell, program))
  return program
}

const EXAMPLES = `
Exit status: 0 analyzed; 1 analyzed, and --fail-on met; 2 error, or analyzed without an input that could not be read.

Examples:
  ftpscope ticket-4711.pcapng                        what went wrong, and which packets prove it
  ftpscope --session 3 ticket-4711.pcapng            one session in full, with its dialogue
  tcpdump -i eth0 -U -w - tcp or icmp | ftpscope -   live; Ctrl-C stops and prints the report
  ftpscope --keylog keys.log ftps.pcapng             commands and replies under TLS
  ftpscope --format json -o report.json captures/    all captures in a directory, for a program
  ftpscope --format markdown ticket-4711.pcapng      for a ticket
  ftpscope --format csv --rows transfers big.pcap    for a spreadsheet
  ftpscope --format html -o report.html night.pcap   a page to read, print and share
  ftpscope night.pcap --user alice --file '*.csv'    only sessions of a user with such files
  ftpscope night.pcap --where "bytes > 10MB and rate < 1MB" --sort rate
  ftpscope --fail-on error nightly.pcap              for a script: exit status 1
  ftpscope explain passive-private-address           what a finding means
  ftpscope page -o ftpscope.html                     the analyzer as a page for a browser
  ftpscope firewall nightly.pcap --for nftables      rules that let its sessions through
  ftpscope client.pcap server.pcap                   one session from both ends: one verdict
  ftpscope compare client.pcap server.pcap           what was lost or changed between two places of capture
  ftpscope diff monday.pcap tuesday.pcap             what a change made better or worse
  ftpscope slice night.pcap --session 3 -o part.pcapng
                                                     one session cut out, to pass on
  ftpscope annotate ticket.pcap -o a.pcapng          findings as comments on packets, for Wireshark
  ftpscope extract night.pcap -o files/              the files that were transferred, with their digests
  ftpscope sanitize ticket.pcap -o share.pcapng      no addresses, names, passwords: for others to look at`

const PAGE_HELP = `
Examples:
  ftpscope page -o ftpscope.html                     open it in a browser and drop captures on it

The page is one file and needs no network: captures are analyzed in the browser and stay on the machine.`

const FIREWALL_HELP = `
Also: -o, --session, --host, --port, --keylog, --private-key, --quiet, --max-connections and --max-sessions, as for an
analysis.

Examples:
  ftpscope firewall ticket.pcap --for nftables | nft -c -f -       check the rules for a firewall in front of the server
  ftpscope firewall ticket.pcap --for iptables --side client       rules for a firewall in front of the clients
  ftpscope firewall ticket.pcap --for pf --no-helper --passive-range 50000-50100
  ftpscope firewall ticket.pcap --for lvs --inside 10.0.0.21,10.0.0.22`

const COMPARE_HELP = `
Also: --format text or json, -o, --all, --port, --keylog, --private-key, --show-secrets and --quiet, as for an analysis.

Examples:
  ftpscope compare client.pcap server.pcap           what was lost, changed or injected between the two
  ftpscope compare client.pcap firewall-inside.pcap firewall-outside.pcap server.pcap
  ftpscope compare a.pcap b.pcap --all-connections   any TCP connection that both captures have
  ftpscope compare a.pcap b.pcap --format json       for a program

The captures may be given in any order, and their clocks may differ.`

const DIFF_HELP = `
Also: --format text, markdown or json, -o, --all, --host, --port, --keylog, --private-key, --fail-on and --quiet, as for
an analysis.

Exit status: 0 nothing got worse; 1 a session got worse or has no counterpart in AFTER, or a failed one came, or, with
--fail-on, a finding at least that severe came; 2 error.

Examples:
  ftpscope diff before.pcap after.pcap               outcomes, findings, transfers and times, side by side
  ftpscope diff monday/ tuesday/ --format markdown   for the ticket of the change
  ftpscope diff good.json nightly.pcap --quiet       for a script: exit status 1 if the job got worse`

const TOP_HELP = `
Also: --format text, csv or json, -o, --all, --tz and the options that choose sessions, as for an analysis.

Examples:
  ftpscope top captures/                             all captures in a directory
  ftpscope top night.pcap --server 203.0.113.20 --tz Europe/Berlin
  ftpscope top night.pcap --where "outcome != ok" --format csv`

const SLICE_HELP = `
Also: -o, --session, --host, --port, --keylog, --private-key, --quiet, --max-connections and --max-sessions, as for an
analysis.

Examples:
  ftpscope slice night.pcapng --session 3 -o part.pcapng           control, data and ICMP of one session
  ftpscope slice night.pcapng --session 3 --headers-only -o part.pcapng
  ftpscope slice ftps.pcap --keylog keys.log --session 1 -o part.pcapng
                                                     with those secrets that decrypt it

The slice is analyzed, too: where it alone gives another verdict, that is said.`

const ANNOTATE_HELP = `
Also: -o, --session, --host, --port, --keylog, --private-key, --quiet, --max-connections and --max-sessions, as for an
analysis.

Examples:
  ftpscope annotate ticket.pcap -o annotated.pcapng  in Wireshark: Analyze, Expert Information, or frame.comment
  ftpscope annotate ticket.pcap -o annotated.pcapng --filters findings.txt
  wireshark -X lua_script:findings.lua ticket.pcap   after: ftpscope annotate ticket.pcap -o a.pcapng --lua findings.lua`

const EXTRACT_HELP = `
Also: --format text or json, --keylog, --private-key, --quiet and the options that choose sessions, as for an analysis;
--file chooses files, too.

Examples:
  ftpscope extract night.pcap -o files/              all files and listings, and files/manifest.json
  ftpscope extract ftps.pcapng --keylog keys.log --session 3 -o files/
  ftpscope extract night.pcap --file '*.csv' --ascii-to local -o files/
  ftpscope extract night.pcap --hash-only --format json            only digests, to compare with those of the server`

const SANITIZE_HELP = `
Also: -o, --port, --keylog, --private-key, --quiet, --max-connections and --max-sessions, as for an analysis.

Examples:
  ftpscope sanitize ticket.pcap -o share.pcapng      with a random key, which is not kept
  ftpscope sanitize client.pcap --key secret.key -o client-share.pcapng
  ftpscope sanitize server.pcap --key secret.key -o server-share.pcapng
                                                     the same hosts have the same addresses in both
  ftpscope sanitize big.pcap --ftp-only -o share.pcapng

Times, lengths and ports stay. The copy is analyzed, too: where it gives another verdict, that is said.`

const COMPLETION_HELP = `
Examples:
  bash:  source <(ftpscope completion bash)          in ~/.bashrc
  zsh:   source <(ftpscope completion zsh)           in ~/.zshrc, after compinit
  fish:  ftpscope completion fish > ~/.config/fish/completions/ftpscope.fish
  PowerShell:  ftpscope completion powershell | Out-String | Invoke-Expression, in $PROFILE`
