import { Body } from '@react-email/body'
import { Container } from '@react-email/container'
import { Head } from '@react-email/head'
import { Html } from '@react-email/html'
import { Preview } from '@react-email/preview'
import { Section } from '@react-email/section'
import { Text } from '@react-email/text'
import { darkSheet, dress, FONT, type MailBrand } from './theme'

type Props = { brand: MailBrand; preview: string; footer: string; children: React.ReactNode }

/** One narrow column on a quiet ground: name above, why this came below. */
export function MailFrame({ brand, preview, footer, children }: Props) {
  const wear = dress(brand)
  return (
    <Html lang="en" dir="ltr">
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{darkSheet(brand)}</style>
      </Head>
      <Preview>{preview}</Preview>
      {/* react-email hands a body's style to a cell inside, which dark colours would not reach: the ground is ours. */}
      <Body className="g-page" style={{ margin: 0, padding: 0 }}>
        <Section {...wear({ ground: 'page' }, { padding: '24px 12px', fontFamily: FONT })}>
          <Container style={{ maxWidth: 560, margin: '0 auto' }}>
            <Text {...wear({ text: 'soft' }, { margin: '0 0 12px', ...type(13, 20), fontWeight: 600 })}>
              {brand.productName}
            </Text>
            <Section {...wear({ ground: 'sheet' }, { borderRadius: 8 })}>
              <div style={{ padding: 24 }}>{children}</div>
            </Section>
            <Text {...wear({ text: 'faint' }, { margin: '16px 0 0', ...type(12, 18) })}>{footer}</Text>
          </Container>
        </Section>
      </Body>
    </Html>
  )
}

/** Type size and line height, in px. */
export const type = (size: number, height: number) => ({ fontSize: `${size}px`, lineHeight: `${height}px` })
