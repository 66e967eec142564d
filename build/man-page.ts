/** Writes the manual page, dist/ftpscope.1, from the options and examples that the program itself prints. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { type Commands, createProgram } from '../src/cli/program.js'

const ROOT = dirname(import.meta.dirname)

export async function buildManPage(target = join(ROOT, 'dist/ftpscope.1')): Promise<void> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, manPage(version))
}

/** The manual page in the macros of man(7). */
export function manPage(version: string): string {
  // The program is only described here: none of its commands is run.
  const program = createProgram(version, {} as Commands)
  const lines = [
    `.TH FTPSCOPE 1 "" "ftpscope ${version}" "User Commands"`,
    '.SH NAME',
    'ftpscope \\- report what happened in every FTP session of a capture, and why it failed',
    '.SH SYNOPSIS',
    ...[program, ...program.commands].flatMap((command) => ['.br', synopsis(command, program)]),
    '.SH DESCRIPTION',
    text(program.description()),
    ...captured,
    '.SH OPTIONS',
    ...optionsOf(program),
    '.SH COMMANDS',
    ...program.commands.flatMap((command) => [
      '.SS ' + bold(command.name()),
      text(sentence(command.description())),
      ...optionsOf(command),
      ...afterText(command).flatMap((paragraph) => section(paragraph, '.PP')),
    ]),
    ...afterText(program).flatMap((paragraph) => section(paragraph, '.SH')),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, meaning]) => ['.TP', bold(name), text(meaning)]),
    '.SH SEE ALSO',
    '.BR tshark (1),',
    '.BR tcpdump (8),',
    '.BR editcap (1)',
  ]
  return lines.join('\n') + '\n'
}

const captured = [
  '.PP',
  text(
    'Captures are read from files (pcap, pcapng, also compressed), from all files of a directory, or from standard ' +
      'input. Captures of one session at several places are recognized as such, and give one verdict.',
  ),
]

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['NO_COLOR', 'Without colors, whatever the terminal can do.'],
  ['FORCE_COLOR', 'With colors, even into a file or a pipe.'],
  ['XDG_CACHE_HOME', 'Folder below which the compiled program is kept for the next start (default: ~/.cache).'],
]

function synopsis(command: Command, program: Command): string {
  const name = command === program ? 'ftpscope' : `ftpscope ${command.name()}`
  return `${bold(name)} ${text(command.usage())}`
}

function optionsOf(command: Command): string[] {
  const help = command.createHelp()
  return help
    .visibleOptions(command)
    .filter(({ long }) => command.parent === null || long !== '--help')
    .flatMap((option) => ['.TP', bold(option.flags), text(sentence(help.optionDescription(option)))])
}

/** The paragraphs that the program prints after the options. */
function afterText(command: Command): string[] {
  let printed = ''
  command.configureOutput({ writeOut: (part) => (printed += part) })
  command.outputHelp()
  const before = command.helpInformation()
  return printed
    .slice(before.length)
    .trim()
    .split(/\n\n+/)
    .filter((part) => part !== '')
}

/**
 * A paragraph that begins with a heading, `Examples:`, and has lines to be kept as they are, or of running text. The
 * program's own are sections of the page, those of a command are paragraphs.
 */
function section(paragraph: string, level: '.SH' | '.PP'): string[] {
  const [first = '', ...lines] = paragraph.split('\n')
  const heading = (words: string): string[] =>
    level === '.SH' ? [`.SH ${text(words.toUpperCase())}`] : ['.PP', `${text(words)}:`]
  if (first.endsWith(':')) return [...heading(first.slice(0, -1)), '.nf', ...lines.map(text), '.fi']
  const [, name, rest] = /^(Exit status): (.*)$/s.exec(paragraph) ?? []
  if (name !== undefined) return [...heading(name), text(rest!.replaceAll('\n', ' '))]
  return ['.PP', text(paragraph.replaceAll('\n', ' '))]
}

function sentence(words: string): string {
  const capital = words.charAt(0).toUpperCase() + words.slice(1)
  return /[.!?]$/.test(capital) ? capital : `${capital}.`
}

function bold(words: string): string {
  return `\\fB${text(words)}\\fR`
}

/** Text in which nothing is a request or an escape of roff. */
function text(words: string): string {
  const escaped = words.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll("'", '\\(aq').replaceAll('"', '\\(dq')
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped
}
