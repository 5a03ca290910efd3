import type { AccountMailContent } from '../server/services/accounts/mail'

export type AccountStory = {
  subject: string
  title: string
  sentences: string[]
  /** What somebody filled in, a line each: its name and what it says. */
  facts?: [name: string, text: string][]
  action: { label: string; href: string }
  footer: string
}

const IGNORE = 'If this was not you, do nothing: without the link nothing happens.'

const SECOND_FACTOR: Record<'on' | 'off' | 'codes', Pick<AccountStory, 'subject' | 'title' | 'sentences'>> = {
  on: {
    subject: 'A second factor protects your account now',
    title: 'A second factor was set up',
    sentences: ['From now on signing in asks for a code of your authenticator, or for one of your recovery codes.'],
  },
  off: {
    subject: 'The second factor of your account was switched off',
    title: 'Your second factor was switched off',
    sentences: ['From now on your password, or a link by mail, is all that signing in takes.'],
  },
  codes: {
    subject: 'Your recovery codes were replaced',
    title: 'Your recovery codes were replaced',
    sentences: ['Ten new ones were made. Those from before are good no more.'],
  },
}

/** What a mail about an account says. Pure. */
export function accountStory(content: AccountMailContent, productName: string): AccountStory {
  switch (content.kind) {
    case 'confirm_sign_up':
      return {
        subject: `Confirm your address for ${content.workspaceName}`,
        title: `${content.name}, one step and ${content.workspaceName} is yours`,
        sentences: ['The link proves that this address is yours and opens the workspace. It is good for a day, once.'],
        action: { label: 'Confirm and open', href: content.link },
        footer: `Somebody signed up to ${productName} with this address. ${IGNORE}`,
      }
    case 'has_account':
      return {
        subject: `You have an account with ${productName} already`,
        title: 'You have an account already',
        sentences: [
          'Somebody, probably you, wanted to sign up with this address. Sign in instead; new workspaces are made there.',
        ],
        action: { label: 'Sign in', href: content.link },
        footer: `This address belongs to an account of ${productName}. If this was not you, do nothing.`,
      }
    case 'sign_in':
      return {
        subject: `Your link to sign in to ${productName}`,
        title: 'Sign in',
        sentences: ['The link signs you in once, within ten minutes of this mail.'],
        action: { label: 'Sign in', href: content.link },
        footer: `Somebody asked for this link on the sign-in page. ${IGNORE}`,
      }
    case 'second_factor':
      return {
        ...SECOND_FACTOR[content.what],
        action: { label: 'Sign in and look', href: content.link },
        footer: `Sent because your account of ${productName} changed. If this was not you, change your password, end the other sessions, and set the second factor up again.`,
      }
    case 'guide':
      return {
        subject: `Your link to the ${productName} implementation guide`,
        title: 'The implementation guide',
        sentences: [
          'One press on the page behind the link opens it. The link is good for a day, and then for 90 days more.',
        ],
        action: { label: 'Open the guide', href: content.link },
        footer: `Somebody asked for the guide with this address. This is the only mail: there is nothing to unsubscribe from. ${IGNORE}`,
      }
    case 'booking_received':
      return {
        subject: `${productName} has your booking request`,
        title: 'Your request is here',
        sentences: [
          'Somebody reads it and answers to this address with a time. Until then, the guide says what to prepare.',
        ],
        action: { label: 'See the implementation guide', href: content.link },
        footer: `Somebody asked to be shown ${productName} with this address. If this was not you, do nothing.`,
      }
    case 'booking_asked':
      return {
        subject: `Booking request from ${content.organisation}`,
        title: `${content.organisation} asks to be shown around`,
        sentences: ['The address is not proved: whoever filled in the form typed it.'],
        facts: [
          ['Name', content.name],
          ['Address', content.email],
          ['Runs', content.runs],
          ['Servers', content.servers],
          ['When', content.preferredTime || 'not said'],
          ['Message', content.message || 'none'],
        ],
        action: { label: `Answer ${content.email}`, href: content.link },
        footer: `You get this because this platform's OWNER_EMAIL is your address.`,
      }
    case 'invite': {
      const where = content.groupName === null ? '' : ` for ${content.groupName}`
      return {
        subject: `${content.by} invites you to ${content.workspaceName}`,
        title: `${content.by} invites you to ${content.workspaceName}`,
        sentences: [`As ${content.role.replace('_', ' ')}${where}. The link is good for a week, once.`],
        action: { label: 'See the invitation', href: content.link },
        footer: `An owner or admin of ${content.workspaceName} entered this address. ${IGNORE}`,
      }
    }
  }
}
