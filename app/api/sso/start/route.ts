export { startSso as GET } from '@/server/auth/sso/routes'
