import { type ChapterProps, List, Rows, Say } from './parts'

export function People(_: ChapterProps) {
  return (
    <>
      <Say>
        Seats cost nothing, so nobody needs to share an account. Give each the least role that does the job, in the
        group it is for, and for as long as it lasts. Taking a role away ends it on open pages within seconds.
      </Say>
      <Rows
        head={['Who', 'Role', 'Where and how long']}
        rows={[
          ['Tournament operations', 'operator', 'workspace'],
          ['Whoever adds servers', 'admin', 'workspace'],
          ['Streaming operations', 'operator', 'the pipeline’s groups'],
          ['League official', 'official', 'the event, until its rulings are done'],
          ['Team manager', 'team manager', 'the team’s matches, for the event'],
          ['Broadcast crew', 'broadcaster', 'the event, its days'],
          ['Finance', 'billing', 'workspace'],
        ]}
      />
      <Say>With an identity provider of your own (OpenID Connect), register an application there first. You need:</Say>
      <List
        items={[
          'its issuer address, which must serve a discovery document, its client id and its client secret;',
          'the redirect address, which the sign-in settings of the workspace show: copy it from there, it must be equal to the letter;',
          'the scopes openid, email and profile, and an e-mail address that the provider says is verified;',
          'at least one owner who can sign in without it. A provider that is down must not lock you out on the evening.',
        ]}
      />
      <Say>Whoever signs in with a password should have a second factor, owners and admins first.</Say>
    </>
  )
}
