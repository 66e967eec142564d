import { defineConfig } from 'vitest/config'

/** What is read and judged has to be tested line by line and branch by branch: `npm run coverage` fails below. */
const STAGES = ['bytes', 'capture', 'wire', 'tcp', 'ftp', 'correlate', 'diagnose']

/** Percent of branches of stages in which some concern captures that no test makes yet; 95 elsewhere. */
const BRANCHES: Readonly<Record<string, number>> = { tcp: 94, correlate: 94 }

const SLOW = 'test/**/*.slow.test.ts'
/** Properties, in both projects: a few cases of each in the quick one, all in the slow one (`test/property/check.ts`). */
const PROPERTIES = 'test/**/*.property.test.ts'

/** Half an hour is a guard against tests that never end; how fast they are depends on the machine. */
const GUARD = 1_800_000

export default defineConfig({
  test: {
    testTimeout: GUARD,
    hookTimeout: GUARD,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: [SLOW, 'test/browser/**'],
          // Loading the sources anew for each of its many files would take more time than all of their tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'slow', include: [SLOW, PROPERTIES], env: { FTPSCOPE_CASES: 'all' } },
      },
    ],
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/cli/**'],
      reporter: ['text-summary', ['text', { skipFull: true }]],
      thresholds: Object.fromEntries(
        STAGES.map((stage) => [`src/${stage}/**`, { lines: 95, branches: BRANCHES[stage] ?? 95 }]),
      ),
    },
  },
})
