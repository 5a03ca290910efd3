import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))

const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
]

/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` type-checks the whole repository; a build answers for itself only.
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  allowedDevOrigins: ['127.0.0.1', 'localhost', '*.localhost'],
  // next-auth: take the host of each request, which Next and the edge vouch for; one deployment serves many hosts.
  env: { AUTH_TRUST_HOST: '1' },
  serverExternalPackages: ['pino', 'pg', 'pdfkit', 'undici'],
  // Reports embed them; they are read from disk, which tracing does not see.
  outputFileTracingIncludes: {
    '/**': [
      './node_modules/@fontsource/inter/files/inter-*-{400,600}-normal.woff',
      './node_modules/@fontsource/jetbrains-mono/files/jetbrains-mono-*-400-normal.woff',
    ],
  },
  // What is one's own but not granted answers 403, with a page that says so.
  experimental: { authInterrupts: true },
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
}
