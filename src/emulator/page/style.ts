import { createHash } from 'node:crypto';

/** The style sheet of the page. Colours of states come with a shape and a word, never alone. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --line: #dfe3e8; --text: #1b2430; --soft: #5a6675; --accent: #0b5cad;
  --good: #17693a; --good-ground: #e3f4e9; --bad: #a81e1e; --bad-ground: #fdeaea;
  --info: #25528f; --info-ground: #e6effb; --warn: #7a4b00; --warn-ground: #fdf1d8; --off: #4a5462; --off-ground: #e9ecf0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11161d; --card: #1a212b; --line: #2d3743; --text: #e7ecf2; --soft: #a0acba; --accent: #7cb8f5;
    --good: #7ddba1; --good-ground: #12331f; --bad: #ff9d96; --bad-ground: #431a1a;
    --info: #9cc4f8; --info-ground: #182c47; --warn: #f2c66d; --warn-ground: #3a2b0b; --off: #b4bfcc; --off-ground: #2a333e;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .25rem .75rem; }
header, main, footer { max-width: 80rem; margin: 0 auto; padding: 0 1.5rem; }
header { padding-top: 1.75rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .15rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
p { margin: 0; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.soft { color: var(--soft); }
.head { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; justify-content: space-between; align-items: end; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .6rem; width: 14rem; max-width: 60vw; }
button { font: inherit; color: var(--card); background: var(--accent); border: 0; border-radius: 6px; padding: .35rem .9rem; cursor: pointer; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
.tiles a { display: block; height: 100%; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .7rem 1rem; color: inherit; text-decoration: none; }
.tiles a:hover { border-color: var(--accent); }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
section { margin-top: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: .85rem 1rem .6rem; font-weight: 600; font-size: 1.05rem; }
caption .soft { font-weight: 400; font-size: .9rem; margin-left: .5rem; }
th, td { text-align: left; padding: .5rem 1rem; border-top: 1px solid var(--line); vertical-align: top; }
thead th { font-size: .8rem; font-weight: 600; color: var(--soft); padding-block: .35rem; white-space: nowrap; }
tbody th { font-weight: 600; overflow-wrap: anywhere; min-width: 11rem; }
tr.below th { font-weight: 400; padding-left: 2.25rem; }
tr.below th, tr.below td { border-top-style: dashed; }
code, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .88em; overflow-wrap: anywhere; }
td.mono { white-space: nowrap; }
td.path { white-space: normal; min-width: 20rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.note { display: block; font-size: .82rem; color: var(--soft); min-width: 11rem; max-width: 26rem; font-weight: 400; }
.empty { padding: .25rem 1rem 1rem; color: var(--soft); }
.pill { display: inline-flex; gap: .4em; align-items: baseline; border-radius: 99px; padding: .05rem .65rem; font-size: .86rem; font-weight: 600; white-space: nowrap; color: var(--off); background: var(--off-ground); }
.pill.good { color: var(--good); background: var(--good-ground); }
.pill.bad { color: var(--bad); background: var(--bad-ground); }
.pill.info { color: var(--info); background: var(--info-ground); }
.pill.warn { color: var(--warn); background: var(--warn-ground); }
footer { padding-block: 1.5rem 2.5rem; font-size: .88rem; }
`;

/** For the Content-Security-Policy: this style sheet and no other. */
export const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
