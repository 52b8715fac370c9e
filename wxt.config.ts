import { defineConfig, type UserManifest } from 'wxt'

/**
 * The extension: one side panel and the fewest permissions that work. Access to a server's host is asked for when
 * the user connects to it; plain HTTP only to this machine.
 */
export default defineConfig({
  srcDir: 'extension',
  publicDir: 'extension/public',
  outDir: '.output',
  imports: false,
  manifestVersion: 3,
  vite: () => ({ oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } } }),
  manifest: ({ browser }) => ({
    name: '__MSG_appName__',
    description: '__MSG_appDescription__',
    default_locale: 'en',
    icons: icons([16, 32, 48, 96, 128]),
    action: { default_title: '__MSG_openPanel__', default_icon: icons([16, 32]) },
    permissions: browser === 'firefox' ? ['storage'] : ['storage', 'sidePanel'],
    optional_host_permissions: ['https://*/*', 'http://127.0.0.1/*', 'http://localhost/*'],
    commands: { _execute_action: { suggested_key: { default: 'Alt+Shift+L' } } },
    content_security_policy: { extension_pages: policy },
    ...(browser === 'firefox' ? firefoxOnly : chromeOnly),
  }),
})

/** No remote code, no inline script, no frames, no form posts; connections only to servers the user has chosen. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  'connect-src https: http://127.0.0.1:* http://localhost:*',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The schema of what administrators may pin; Firefox has its policies without one. */
const chromeOnly = {
  minimum_chrome_version: '137',
  storage: { managed_schema: 'managed-schema.json' },
} satisfies Partial<UserManifest>

const firefoxOnly = {
  browser_specific_settings: {
    gecko: {
      id: 'trailside@trailside.example',
      strict_min_version: '142.0',
      data_collection_permissions: { required: ['none'] },
    },
  },
} satisfies Partial<UserManifest>

function icons(sizes: number[]): Record<string, string> {
  return Object.fromEntries(sizes.map(size => [size, `icon/${size}.png`]))
}
