import { Heading } from '@react-email/heading'
import { Link } from '@react-email/link'
import { Section } from '@react-email/section'
import { Text } from '@react-email/text'
import type { AccountStory } from './account-story'
import { MailFrame, type } from './mail-frame'
import { dress, type MailBrand } from './theme'

/** One thing to do, and the address of it in full for who would rather read it. */
export function AccountMail({ brand, story }: { brand: MailBrand; story: AccountStory }) {
  const wear = dress(brand)
  const shape = { display: 'inline-block', padding: '9px 16px', borderRadius: 6, textDecoration: 'none' }
  return (
    <MailFrame brand={brand} preview={story.sentences.join(' ')} footer={story.footer}>
      <Heading as="h1" {...wear({ text: 'ink' }, { margin: 0, ...type(22, 30), fontWeight: 600 })}>
        {story.title}
      </Heading>
      <Text {...wear({ text: 'soft' }, { margin: '6px 0 0', ...type(15, 24) })}>{story.sentences.join(' ')}</Text>
      {story.facts?.map(([name, text]) => (
        <Text
          key={name}
          {...wear(
            { text: 'ink' },
            { margin: '12px 0 0', ...type(14, 22), whiteSpace: 'pre-wrap', wordBreak: 'break-word' },
          )}
        >
          <span {...wear({ text: 'faint' }, {})}>{name}: </span>
          {text}
        </Text>
      ))}
      <Section style={{ marginTop: 20 }}>
        <Link
          href={story.action.href}
          {...wear({ text: 'onAccent', ground: 'accent' }, { ...shape, ...type(14, 20), fontWeight: 600 })}
        >
          {story.action.label}
        </Link>
      </Section>
      <Text {...wear({ text: 'faint' }, { margin: '20px 0 0', ...type(12, 18), wordBreak: 'break-all' })}>
        {story.action.href}
      </Text>
    </MailFrame>
  )
}
