/** Name and version that reports carry; a test compares the version with package.json's. */
export const TOOL = { name: 'ftpscope', version: '0.1.0' } as const
