import type { Story } from './story'
import type { MailBrand } from './theme'

export const REPEAT = 'This may be a repeat: we cannot tell whether an earlier copy reached you.'
export const FOOTER =
  'You receive this because your address is a destination for alerts. An owner or admin of the workspace can change that.'

const WIDTH = 72

/** The text part: the same story for readers without HTML. */
export function textOf(brand: MailBrand, story: Story, mayBeRepeat: boolean): string {
  const nameWidth = Math.max(...story.facts.map(({ name }) => name.length)) + 2
  const parts = [
    ...(mayBeRepeat ? [fold(REPEAT)] : []),
    fold(`${story.mark.shape} ${story.mark.word}: ${story.title}`),
    ...(story.sentences.length > 0 ? [fold(story.sentences.join(' '))] : []),
    story.facts.map(({ name, value }) => name.padEnd(nameWidth) + value).join('\n'),
    ...(story.link ? [`Open incident: ${story.link}`] : []),
    // The mark that readers take for the beginning of a signature.
    `-- \n${brand.productName}\n${fold(FOOTER)}`,
  ]
  return `${parts.join('\n\n')}\n`
}

/** Lines no wider than readers of plain text like them. */
export function fold(text: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) as string
    if (last !== '' && last.length + word.length >= WIDTH) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.join('\n')
}
