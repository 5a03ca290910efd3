import { Heading } from '@react-email/heading'
import { Link } from '@react-email/link'
import { Section } from '@react-email/section'
import { Text } from '@react-email/text'
import { MailFrame, type } from './mail-frame'
import type { Story } from './story'
import { dress, type MailBrand, type Wear } from './theme'
import { FOOTER, REPEAT } from './words'

type Props = { brand: MailBrand; story: Story; mayBeRepeat: boolean }

/** State, what and where, what was done, then the figures: the first two lines are enough on a phone. */
export function IncidentMail({ brand, story, mayBeRepeat }: Props) {
  const wear = dress(brand)
  return (
    <MailFrame brand={brand} preview={story.preview} footer={FOOTER}>
      {mayBeRepeat && <RepeatNote wear={wear} />}
      <Text {...wear({ text: story.mark.colour }, { margin: 0, ...type(13, 20), fontWeight: 600 })}>
        {`${story.mark.shape}\u2002${story.mark.word}`}
      </Text>
      <Heading as="h1" {...wear({ text: 'ink' }, { margin: '4px 0 0', ...type(22, 30), fontWeight: 600 })}>
        {story.title}
      </Heading>
      {story.sentences.length > 0 && (
        <Text {...wear({ text: 'soft' }, { margin: '6px 0 0', ...type(15, 24) })}>{story.sentences.join(' ')}</Text>
      )}
      <Facts wear={wear} facts={story.facts} />
      {story.link && <Open wear={wear} href={story.link} />}
    </MailFrame>
  )
}

function RepeatNote({ wear }: { wear: Wear }) {
  return (
    <Section {...wear({ ground: 'note' }, { marginBottom: 20, borderRadius: 6 })}>
      <Text {...wear({ text: 'noteInk' }, { margin: 0, padding: '10px 12px', ...type(13, 20) })}>{REPEAT}</Text>
    </Section>
  )
}

const CELL = { padding: '7px 0', borderTopWidth: 1, borderTopStyle: 'solid', verticalAlign: 'top' } as const

function Facts({ wear, facts }: { wear: Wear; facts: Story['facts'] }) {
  const cell = { ...CELL, ...type(13, 20) }
  return (
    <table width="100%" cellPadding={0} cellSpacing={0} style={{ marginTop: 20, borderCollapse: 'collapse' }}>
      <tbody>
        {facts.map(({ name, value }) => (
          <tr key={name}>
            <th
              scope="row"
              {...wear({ text: 'faint', line: 'line' }, { ...cell, width: 112, textAlign: 'left', fontWeight: 400 })}
            >
              {name}
            </th>
            <td {...wear({ text: 'ink', line: 'line' }, { ...cell, fontVariantNumeric: 'tabular-nums' })}>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Open({ wear, href }: { wear: Wear; href: string }) {
  const shape = { display: 'inline-block', padding: '9px 16px', borderRadius: 6, textDecoration: 'none' }
  return (
    <Section style={{ marginTop: 20 }}>
      <Link
        href={href}
        {...wear({ text: 'onAccent', ground: 'accent' }, { ...shape, ...type(14, 20), fontWeight: 600 })}
      >
        Open incident
      </Link>
    </Section>
  )
}
