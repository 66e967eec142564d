import { defineConfig } from 'vitest/config'

/** The page in a real browser: `npm run test:browser`. The page is built first, once for all files. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['./build.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One browser at a time is enough for a small machine.
    fileParallelism: false,
  },
})
