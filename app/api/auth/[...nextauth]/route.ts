import NextAuth from 'next-auth'
import { web } from '@/server/auth/instances'
import { authOptions } from '@/server/auth/options'

type Context = { params: Promise<{ nextauth: string[] }> }

const handle = (request: Request, context: Context): Promise<Response> =>
  NextAuth(request as never, context as never, authOptions(request.headers, web()))

export { handle as GET, handle as POST }
