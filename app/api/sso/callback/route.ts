export { takeBackSso as GET } from '@/server/auth/sso/routes'
