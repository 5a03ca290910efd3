/** The page's whole sheet: no file is fetched, so the page survives when everything else does not. */
export const STYLE = `
:root{color-scheme:light dark;
--surface:light-dark(oklch(.987 .003 205),oklch(.172 .01 205));--ink:light-dark(oklch(.235 .012 205),oklch(.95 .005 205));
--soft:light-dark(oklch(.42 .012 205),oklch(.79 .009 205));--faint:light-dark(oklch(.515 .012 205),oklch(.665 .011 205));
--line:light-dark(oklch(.905 .007 205),oklch(.282 .012 205));
--clean:light-dark(oklch(.5 .092 180),oklch(.78 .11 178));--attack:light-dark(oklch(.53 .205 27),oklch(.705 .185 25));
--mitigated:light-dark(oklch(.5 .165 262),oklch(.735 .125 258))}
*{box-sizing:border-box}
body{margin:0;background:var(--surface);color:var(--ink);font:15px/24px Inter,system-ui,-apple-system,"Segoe UI",sans-serif;
font-variant-numeric:tabular-nums}
main{max-width:680px;margin:0 auto;padding:24px 20px 64px}
h1{margin:0;font-size:15px;font-weight:600}
.answer{display:grid;grid-template-columns:auto 1fr;gap:4px 14px;align-items:start;margin:20px 0 0;padding:0 0 20px}
.answer svg{width:28px;height:28px}
.answer p{margin:0}
.headline{font-size:20px;line-height:28px;font-weight:600;text-wrap:balance}
.answer .detail{grid-column:2;color:var(--soft)}
h2{margin:28px 0 0;padding:16px 0 8px;font-size:15px;font-weight:600;border-top:1px solid var(--line)}
ul,ol{list-style:none;margin:0;padding:0}
li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:2px 16px;padding:11px 0;border-bottom:1px solid var(--line)}
li:last-child{border:0}
.mark{display:inline-flex;align-items:center;gap:8px;font-weight:500;white-space:nowrap}
.mark svg{width:13px;height:13px}
.soft{color:var(--soft)}
.faint,footer{color:var(--faint);font-size:13px;line-height:20px}
footer{margin-top:28px;padding-top:16px;border-top:1px solid var(--line)}
a{color:inherit;text-underline-offset:2px}
a:focus-visible{outline:2px solid currentColor;outline-offset:3px;border-radius:2px}
.clean{color:var(--clean)}.attack{color:var(--attack)}.mitigated{color:var(--mitigated)}
@media (min-width:720px){main{padding-top:40px}.headline{font-size:24px;line-height:32px}.answer svg{width:32px;height:32px}}
`.trim()
