import { defineConfig } from 'vitest/config'

/** What is read and judged has to be tested line by line and branch by branch: `npm run coverage` fails below. */
const STAGES = ['bytes', 'capture', 'wire', 'tcp', 'ftp', 'correlate', 'diagnose']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/live/**', 'test/browser/**'],
    testTimeout: 30_000,
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/cli/**'],
      reporter: ['text-summary', ['text', { skipFull: true }]],
      thresholds: Object.fromEntries(STAGES.map((stage) => [`src/${stage}/**`, { lines: 95, branches: 95 }])),
    },
  },
})
