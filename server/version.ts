import { version } from '../package.json' with { type: 'json' }

export const serverVersion: string = version
