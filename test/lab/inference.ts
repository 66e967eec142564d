/** What is inferred without keys, held against the keys of lab runs: usage inference.ts OUTPUT/SCENARIO… */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { VANTAGES } from './scenario.js'
import { type Comparison, compareInference, tally } from './score/inference.js'

const LEVELS = [0.8, 0.9, 0.95, 0.98, 0.99, 0.999]

function keysIn(folder: string): Uint8Array {
  const logs = readdirSync(folder).filter((name) => name.endsWith('keys.log'))
  return Buffer.concat(logs.map((name) => readFileSync(join(folder, name))))
}

function compareFolder(folder: string): Comparison[] {
  const keys = keysIn(folder)
  if (keys.length === 0) return []
  const files = VANTAGES.map((vantage) => join(folder, `${vantage}.pcap`)).filter((file) => existsSync(file))
  return files.flatMap((file) => compareInference(readFileSync(file), keys))
}

const all: Comparison[] = []
for (const folder of process.argv.slice(2)) {
  const comparisons = compareFolder(folder)
  all.push(...comparisons)
  for (const { claims } of comparisons)
    for (const { frame, meaning, probability, truth } of claims)
      if (meaning !== truth?.meaning)
        console.log(`${folder} #${frame}: ${meaning} (${probability.toFixed(3)}), but it is ${truth?.text.trimEnd()}`)
}
for (const least of LEVELS) {
  const { records, claims, right } = tally(all, least)
  const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`
  console.log(
    `from ${least}: ${claims} of ${records} records (${percent(claims, records)}), right ${percent(right, claims)}`,
  )
}
