/** Mail readers know neither variables nor OKLCH: the tokens of `app/globals.css` as plain colours, light and dark. */
export type Colour = { light: string; dark: string }

export type MailBrand = { productName: string; accent?: Colour }

export const COLOURS = {
  page: { light: '#f0f5f5', dark: '#070c0d' },
  sheet: { light: '#ffffff', dark: '#111819' },
  line: { light: '#dbe1e2', dark: '#232b2c' },
  ink: { light: '#182021', dark: '#ebeff0' },
  soft: { light: '#464f50', dark: '#b4bcbd' },
  faint: { light: '#606a6b', dark: '#8c9697' },
  accent: { light: '#007090', dark: '#57c4e6' },
  onAccent: { light: '#f9fcfe', dark: '#03171d' },
  note: { light: '#fef2dd', dark: '#2f2512' },
  noteInk: { light: '#915b02', dark: '#f1bf4e' },
  clean: { light: '#007465', dark: '#5cceb7' },
  attack: { light: '#c7181d', dark: '#fe6863' },
  mitigated: { light: '#2a5dbf', dark: '#77abf7' },
  watching: { light: '#915b02', dark: '#f1bf4e' },
  surge: { light: '#763ebd', dark: '#bc97f3' },
} as const satisfies Record<string, Colour>
export type ColourName = keyof typeof COLOURS

export const FONT = 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif'

const coloursOf = (brand: MailBrand): Record<ColourName, Colour> => ({
  ...COLOURS,
  accent: brand.accent ?? COLOURS.accent,
})

type Worn = { text?: ColourName; ground?: ColourName; line?: ColourName }
export type Wear = (worn: Worn, style: React.CSSProperties) => { className: string; style: React.CSSProperties }

/** Props of an element: its colours inline for light readers, and as classes that dark ones follow. */
export function dress(brand: MailBrand): Wear {
  const colours = coloursOf(brand)
  return ({ text, ground, line }, style) => ({
    className: [text && `t-${text}`, ground && `g-${ground}`, line && `l-${line}`].filter(Boolean).join(' '),
    style: {
      ...style,
      ...(text && { color: colours[text].light }),
      ...(ground && { backgroundColor: colours[ground].light }),
      ...(line && { borderColor: colours[line].light }),
    },
  })
}

/** Dark colours by class: inline styles cannot ask for the scheme. */
export function darkSheet(brand: MailBrand): string {
  const rules = Object.entries(coloursOf(brand)).map(
    ([name, { dark }]) =>
      `.t-${name}{color:${dark} !important}.g-${name}{background-color:${dark} !important}.l-${name}{border-color:${dark} !important}`,
  )
  const { light } = COLOURS.page
  return `:root{color-scheme:light dark;supported-color-schemes:light dark}body{background-color:${light}}@media (prefers-color-scheme:dark){${rules.join('')}}`
}
