import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getSession } from '@/server/auth/session'
import { defaultBrand } from '@/server/tenancy/brand'
import { BrandMark } from '../../_ui/brand-mark'
import { SignInForm } from './sign-in-form'

export const metadata: Metadata = { title: 'Sign in' }

type Props = { searchParams: Promise<{ to?: string }> }

export default async function SignInPage({ searchParams }: Props) {
  if (await getSession()) redirect('/')
  const { productName, signIn } = defaultBrand()
  const { to } = await searchParams
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="flex w-full max-w-[340px] flex-col gap-7 pb-[12vh]">
        <div className="flex items-center gap-2.5 text-md font-semibold">
          <BrandMark size={24} /> {productName}
        </div>
        <div className="flex flex-col gap-1">
          <h1 className="text-xl font-semibold">{signIn.heading}</h1>
          <p className="text-md text-soft">{signIn.text}</p>
        </div>
        <SignInForm to={pathOnly(to)} />
      </div>
    </main>
  )
}

/** Only a path of this site is followed after signing in. */
const pathOnly = (to: string | undefined): string => (to && /^\/(?![/\\])/.test(to) ? to : '/')
