'use client'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/app/_lib/trpc'
import type { SignInView } from '@/server/trpc/routers/sign-in'
import { Issuer } from './issuer'
import { SecondFactorRule } from './second-factor-rule'

type Props = { workspace: string; signIn: SignInView; mayUpdate: boolean }

/** What the workspace asks of everyone, and the issuer of its own. */
export function SignInPage({ workspace, signIn: loaded, mayUpdate }: Props) {
  const trpc = useTRPC()
  const { data: signIn } = useQuery({ ...trpc.signIn.get.queryOptions({ workspace }), initialData: loaded })
  return (
    <>
      <SecondFactorRule workspace={workspace} isRequired={signIn.secondFactorRequired} without={signIn.without} />
      <Issuer workspace={workspace} signIn={signIn} mayUpdate={mayUpdate} />
    </>
  )
}
