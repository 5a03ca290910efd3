'use client'
import { leave } from '@/app/_lib/leave'
import { DataProvider } from '@/app/_lib/trpc'
import { BrandMark } from '@/app/_ui/brand-mark'
import { Button } from '@/app/_ui/button'
import { SetUp } from './set-up'

type Props = { workspaceName: string; account: string; hasPassword: boolean }

/** Stands in place of a workspace that asks everyone for a second factor, until there is one. */
export function SecondFactorGate({ workspaceName, account, hasPassword }: Props) {
  return (
    <main className="mx-auto flex max-w-xl flex-col gap-6 p-6 pt-[10vh]">
      <BrandMark size={24} />
      <div className="flex flex-col gap-1">
        <h1 className="text-xl font-semibold wrap-anywhere">{workspaceName} asks for a second factor</h1>
        <p className="text-md text-soft">
          Everyone in it signs in with a code beside the first step. You, {account}, have none yet; set one up and the
          workspace opens.
        </p>
      </div>
      <DataProvider>
        <SetUp account={account} hasPassword={hasPassword} onDone={() => window.location.reload()} />
      </DataProvider>
      <div className="border-t border-line pt-4">
        <Button kind="quiet" onClick={() => void leave()}>
          Sign out
        </Button>
      </div>
    </main>
  )
}
