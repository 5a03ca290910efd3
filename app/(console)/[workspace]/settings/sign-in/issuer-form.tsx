'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ROLE_WORDS } from '@/app/_lib/roles'
import { useTRPC } from '@/app/_lib/trpc'
import { useRefresh } from '@/app/_lib/use-settle'
import { Button } from '@/app/_ui/button'
import { Field, INPUT } from '@/app/_ui/field'
import { useToast } from '@/app/_ui/toast'
import type { SignInView } from '@/server/trpc/routers/sign-in'
import { IssuerTest } from './issuer-test'

type NewcomerRole = NonNullable<NonNullable<SignInView['connection']>['newcomerRole']>
const NEWCOMER_ROLES: readonly NewcomerRole[] = ['operator', 'analyst', 'official', 'team_manager', 'broadcaster']

type Draft = {
  issuer: string
  clientId: string
  clientSecret: string
  domains: string
  newcomerRole: NewcomerRole | ''
}

const draftOf = (connection: SignInView['connection']): Draft => ({
  issuer: connection?.issuer ?? '',
  clientId: connection?.clientId ?? '',
  clientSecret: '',
  domains: connection?.domains.join(', ') ?? '',
  newcomerRole: connection?.newcomerRole ?? '',
})

type Props = { workspace: string; signIn: SignInView; onDone: () => void }

/** What the issuer is called, who we are there, and whom it may vouch for. */
export function IssuerForm({ workspace, signIn: { connection, callbackUrl }, onDone }: Props) {
  const trpc = useTRPC()
  const refresh = useRefresh([trpc.signIn.get.queryKey({ workspace })])
  const toast = useToast()
  const [draft, setDraft] = useState(() => draftOf(connection))
  const save = useMutation(
    trpc.signIn.saveIssuer.mutationOptions({
      onSuccess: async () => {
        await refresh()
        onDone()
        toast({
          title: 'Your organisation can sign people in',
          text: 'Try it in another browser before you tell them.',
        })
      },
    }),
  )
  const isOther = connection?.issuer !== draft.issuer || connection?.clientId !== draft.clientId
  const keepsSecret = connection?.hasSecret === true && !isOther
  const bind = (name: keyof Draft) => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [name]: event.target.value }),
    className: INPUT,
  })
  const submit = () =>
    save.mutate({
      workspace,
      issuer: draft.issuer.trim(),
      clientId: draft.clientId,
      clientSecret: draft.clientSecret === '' && keepsSecret ? null : draft.clientSecret,
      domains: draft.domains.split(/[\s,;]+/).filter((domain) => domain !== ''),
      newcomerRole: draft.newcomerRole || null,
    })
  return (
    <form
      className="flex max-w-xl flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <p className="text-soft">
        Register a web application at your issuer and give it this address to send people back to:{' '}
        <code className="font-mono text-ink wrap-anywhere">{callbackUrl}</code>
      </p>
      <Field label="Issuer" hint="Exactly as it names itself, e.g. https://login.league.example">
        <input type="url" required {...bind('issuer')} />
      </Field>
      <IssuerTest workspace={workspace} issuer={draft.issuer.trim()} />
      <Field label="Client ID">
        <input required autoComplete="off" {...bind('clientId')} />
      </Field>
      <Field
        label="Client secret"
        hint={
          keepsSecret
            ? 'Leave it empty to keep the one we have.'
            : 'Leave it empty for a public client, which has none.'
        }
      >
        <input type="password" autoComplete="off" {...bind('clientSecret')} />
      </Field>
      <Field
        label="Mail domains"
        hint="Whose addresses the issuer may vouch for, with commas between. Subdomains are others."
      >
        <input required placeholder="league.example, broadcast.league.example" {...bind('domains')} />
      </Field>
      <Field label="Newcomers" hint="Somebody of these domains whom nobody invited and who has no account yet.">
        <select {...bind('newcomerRole')}>
          <option value="">Are not let in: members only</option>
          {NEWCOMER_ROLES.map((role) => (
            <option key={role} value={role}>
              Become {ROLE_WORDS[role].name.toLowerCase()}: {ROLE_WORDS[role].may}
            </option>
          ))}
        </select>
      </Field>
      <p role="alert" className="min-h-5 text-attack">
        {save.error?.message}
      </p>
      <div className="flex gap-2">
        <Button kind="primary" type="submit" disabled={save.isPending}>
          Save
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
