/** Why an organisation's sign-in did not let somebody in, and what to do. Keys as `server/auth/sso/enter.ts` gives them. */
const WORDS: Record<string, string> = {
  no_connection: 'This workspace has no sign-in of its own. Use your password, or ask for a link by mail.',
  issuer_down: 'Your organisation’s sign-in does not answer right now. Try again in a moment, or use your password.',
  refused: 'Your organisation did not let you in. Ask whoever looks after its accounts.',
  stale: 'This try is over: it took longer than ten minutes, or was begun in another browser. Begin again.',
  unproved: 'What came back did not prove who you are. Begin again; if it stays, tell an owner of the workspace.',
  unverified:
    'Your organisation does not say that your mail address is verified, so it proves nothing. Ask whoever looks after its accounts.',
  foreign_domain:
    'Your mail address is of a domain that this workspace does not take. Ask an owner of the workspace to add it.',
  not_member:
    'You are no member of this workspace. Ask an owner or admin for an invitation, accept it, then come back.',
  other_person:
    'The member with your mail address is another person at your organisation. Ask an owner to remove that member and invite you.',
  changed: 'The sign-in of this workspace was changed just now. Begin again.',
  unavailable: 'Sign-in is not reachable right now. Your nodes protect themselves meanwhile. Try again in a moment.',
}

export const ssoWords = (fault: string): string => WORDS[fault] ?? (WORDS.unavailable as string)
