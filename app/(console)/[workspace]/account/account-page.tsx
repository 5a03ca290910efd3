'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '@/app/_lib/trpc'
import { deviceOf } from '@/app/_lib/user-agent'
import { Button } from '@/app/_ui/button'
import { PageHeader } from '@/app/_ui/page-header'
import { Section } from '@/app/_ui/section'
import { Cell, HeadCell, Row, Table } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import { useToast } from '@/app/_ui/toast'
import { SecondFactorSection, type SecondFactorView } from './second-factor/section'

type Session = {
  handle: string
  host: string
  userAgent: string | null
  isThis: boolean
  createdMs: number
  lastSeenMs: number
}

type Props = { account: string; sessions: Session[]; secondFactor: SecondFactorView }

/** What one signs in by, where one is signed in, and the way to end it. */
export function AccountPage({ account, sessions: loaded, secondFactor }: Props) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const toast = useToast()
  const options = trpc.sessions.list.queryOptions()
  const { data: sessions } = useQuery({ ...options, initialData: loaded })
  const end = useMutation(
    trpc.sessions.end.mutationOptions({
      onSuccess: async ({ ended }) => {
        await queries.invalidateQueries({ queryKey: options.queryKey })
        const count = ended === 1 ? 'One session' : `${ended} sessions`
        toast({ title: `${count} ended`, text: 'Open pages there lose their line within seconds.' })
      },
      onError: (error) => toast({ title: 'Nothing was ended', text: error.message }),
    }),
  )
  const hasOthers = sessions.some(({ isThis }) => !isThis)
  return (
    <div className="flex w-full flex-col gap-6 p-4 sm:p-6 lg:px-8">
      <PageHeader title="Your account" context="What belongs to you, in whichever workspace you are." />
      <SecondFactorSection account={account} secondFactor={secondFactor} />
      <Section
        title="Where you are signed in"
        aside={
          hasOthers ? (
            <Button onClick={() => end.mutate({ handle: null })} disabled={end.isPending}>
              End all others
            </Button>
          ) : undefined
        }
      >
        <Table label="Sessions">
          <thead>
            <tr>
              <HeadCell>Device</HeadCell>
              <HeadCell className="hidden md:table-cell">Signed in at</HeadCell>
              <HeadCell className="hidden w-44 sm:table-cell">Since</HeadCell>
              <HeadCell className="w-44">Last used</HeadCell>
              <HeadCell className="w-24">
                <span className="sr-only">End</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {sessions.map(({ handle, host, userAgent, isThis, createdMs, lastSeenMs }) => (
              <Row key={handle}>
                <Cell className="font-medium">
                  {deviceOf(userAgent)}
                  {isThis ? <span className="font-normal text-faint"> (this one)</span> : null}
                </Cell>
                <Cell className="hidden text-soft md:table-cell">{host}</Cell>
                <Cell className="hidden text-soft sm:table-cell">
                  <Time atMs={createdMs} form="auto" />
                </Cell>
                <Cell className="text-soft">
                  <Time atMs={lastSeenMs} form="auto" />
                </Cell>
                <Cell>
                  {isThis ? null : (
                    <div className="-my-1.5 flex justify-end">
                      <Button kind="quiet" onClick={() => end.mutate({ handle })}>
                        End<span className="sr-only"> the session of {deviceOf(userAgent)}</span>
                      </Button>
                    </div>
                  )}
                </Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      </Section>
    </div>
  )
}
