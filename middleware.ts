import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { readEnv } from './server/env'

/** Routes only: /gateway goes to the gateway, pages get a fresh nonce. Nothing here decides who may see what. */
export function middleware(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  if (pathname.startsWith('/gateway/')) return NextResponse.rewrite(new URL(pathname + search, gatewayUrl()))

  const policy = contentSecurityPolicy(randomBytes(16).toString('base64'))
  const headers = new Headers(request.headers)
  headers.set('Content-Security-Policy', policy)
  headers.set('X-Path', pathname)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  return response
}

let target: string | undefined
/** Read when the first request comes: a build must not bake it in. */
function gatewayUrl(): string {
  target ??= readEnv().GATEWAY_URL
  return target
}

// React's development build evaluates strings; production never does.
const evaluate = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evaluate}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self' ws: wss:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export const config = {
  runtime: 'nodejs',
  matcher: ['/gateway/:path*', '/((?!gateway/|_next/|api/|s/|icon.svg|favicon.ico).*)'],
}
