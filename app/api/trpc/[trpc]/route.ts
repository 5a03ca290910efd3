import { handleTRPC } from '@/server/trpc/handler'

export { handleTRPC as GET, handleTRPC as POST }
