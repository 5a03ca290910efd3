'use client'
import { useState } from 'react'
import { ROLE_WORDS } from '@/app/_lib/roles'
import { Button } from '@/app/_ui/button'
import { Section } from '@/app/_ui/section'
import { Time } from '@/app/_ui/time'
import type { SignInView } from '@/server/trpc/routers/sign-in'
import { IssuerForm } from './issuer-form'
import { RemoveIssuer } from './remove-issuer'

type Props = { workspace: string; signIn: SignInView; mayUpdate: boolean }

/** The workspace's own issuer of sign-ins, or the way to name one. */
export function Issuer({ workspace, signIn, mayUpdate }: Props) {
  const { connection } = signIn
  const [isEditing, setEditing] = useState(false)
  const [isRemoving, setRemoving] = useState(false)
  if (isEditing) {
    return (
      <Section title="Sign-in of your own">
        <IssuerForm workspace={workspace} signIn={signIn} onDone={() => setEditing(false)} />
      </Section>
    )
  }
  return (
    <Section title="Sign-in of your own">
      {connection ? (
        <Facts workspace={workspace} connection={connection} />
      ) : (
        <p className="max-w-2xl text-soft">
          Let your organisation’s own accounts sign people in, by OpenID Connect: Google Workspace, Okta, Keycloak,
          Authentik and most others speak it. Passwords and links by mail go on working beside it.
        </p>
      )}
      {mayUpdate ? (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setEditing(true)}>{connection ? 'Change it' : 'Connect your organisation'}</Button>
          {connection ? (
            <Button kind="quiet" onClick={() => setRemoving(true)}>
              Remove it
            </Button>
          ) : null}
        </div>
      ) : (
        <p className="text-soft">An owner changes this: who names the issuer could sign in as anybody here.</p>
      )}
      {isRemoving ? <RemoveIssuer workspace={workspace} onClose={() => setRemoving(false)} /> : null}
    </Section>
  )
}

type FactsProps = { workspace: string; connection: NonNullable<SignInView['connection']> }

function Facts({ workspace, connection }: FactsProps) {
  const { issuer, clientId, hasSecret, domains, newcomerRole, updatedMs, linked } = connection
  const facts: [string, React.ReactNode][] = [
    ['Issuer', issuer],
    ['Client', `${clientId}${hasSecret ? ', its secret kept sealed' : ', public, without a secret'}`],
    ['Takes addresses of', domains.join(', ')],
    [
      'Newcomers',
      newcomerRole ? `become ${ROLE_WORDS[newcomerRole].name.toLowerCase()}` : 'are not let in: members only',
    ],
    ['Recognised', linked === 1 ? 'one member so far' : `${linked} members so far`],
    [
      'People sign in at',
      <a
        key="at"
        href={`/sign-in?workspace=${workspace}`}
        className="text-accent underline underline-offset-2"
      >{`/sign-in?workspace=${workspace}`}</a>,
    ],
    ['Changed', <Time key="changed" atMs={updatedMs} form="auto" />],
  ]
  return (
    <dl className="grid max-w-2xl grid-cols-[auto_1fr] gap-x-6 gap-y-1.5">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-faint">{name}</dt>
          <dd className="wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
