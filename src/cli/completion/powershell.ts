import type { CompletionWords } from './words.js'

export function powershellCompletion({ commands, options, arguments: following }: CompletionWords): string {
  const valued = options.filter(({ values }) => values?.length)
  // A key that occurs twice in a hash table is an error.
  const cases = new Map<string, readonly string[]>([
    ...valued.flatMap(({ flags, values }) => flags.map((flag) => [flag, values!] as const)),
    ...Object.entries(following),
  ])
  return `# PowerShell completion of ftpscope: ftpscope completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ftpscope -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
  # The word before the one to complete, which is itself the last one unless it is empty.
  $previous = if ($wordToComplete -eq '') { $words[-1] } else { $words[-2] }
  $following = @{
${[...cases].map(([word, values]) => `    ${quoted(word)} = ${list(values)}`).join('\n')}
  }
  $candidates =
    if ($following.ContainsKey($previous)) { $following[$previous] }
    elseif ($wordToComplete -like '-*') { ${list(options.flatMap(({ flags }) => flags))} }
    elseif ($previous -eq 'ftpscope') { ${list(commands.map(({ name }) => name))} }
    else { @() }
  # If nothing matches, PowerShell completes files.
  $candidates | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`
}

function list(words: readonly string[]): string {
  return `@(${words.map(quoted).join(', ')})`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
