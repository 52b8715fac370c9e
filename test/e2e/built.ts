// Where the builds of `server/setup.mjs` lie. The tests' global set-up (provision.mjs) keeps them fresh.
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const serverBundle = `${root}.output/server/main.mjs`
export const extensionFolder = (browser: 'chrome' | 'firefox') => `${root}.output/${browser}-mv3`
