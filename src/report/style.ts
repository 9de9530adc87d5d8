// The report's style sheet: light or dark like the reader's system, and always light in print.

import { paintCss, paletteCss } from "../figures/scenes/palette.js";

/** The whole style sheet for a run with `tasks` tasks. */
export const styleSheet = (tasks: number): string => `
:root{color-scheme:light dark;${paletteCss("light", tasks)}}
@media screen and (prefers-color-scheme:dark){:root{${paletteCss("dark", tasks)}}.only-light{display:none}}
@media not screen{.only-dark{display:none}}
@media screen and (prefers-color-scheme:light){.only-dark{display:none}}
${paintCss(tasks)}
${BASE}`;

const BASE = `
*{box-sizing:border-box}
html{background:var(--mulab-surface);color:var(--mulab-ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1080px;padding:48px 32px 80px}
h1{font-size:1.7rem;line-height:1.3;font-weight:650;letter-spacing:-.012em;margin:.35em 0 .5em;max-width:34em}
h2{font-size:1.22rem;font-weight:650;margin:0 0 .3em;letter-spacing:-.005em}
h3{font-size:1.05rem;margin:0 0 .5em}h4{font-size:.86rem;margin:0 0 .5em;color:var(--mulab-muted);font-weight:600}
p{margin:0 0 1em;max-width:46em}
a{color:var(--mulab-accent)}
section{margin-top:56px}
.kicker{color:var(--mulab-muted);font-size:.92rem;margin:0}
.lead{color:var(--mulab-muted)}
.mark{flex:none;width:.72em;height:.72em;margin-right:.55em}
.facts{display:flex;flex-wrap:wrap;gap:12px 40px;margin:28px 0 0;padding:20px 0 0;border-top:1px solid var(--mulab-faint)}
.facts div{min-width:6.5em}.facts dt{color:var(--mulab-muted);font-size:.84rem}.facts dd{margin:0;font-size:1.2rem;font-weight:600;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.94rem}
th,td{text-align:left;padding:.5em 1.3em .5em 0;border-bottom:1px solid var(--mulab-faint);vertical-align:baseline}
thead th{color:var(--mulab-muted);font-weight:500;font-size:.84rem;vertical-align:bottom}
tbody th{font-weight:600;min-width:11em;max-width:22em;overflow-wrap:anywhere}.task{display:flex;align-items:baseline;white-space:normal}.task .lock{margin-left:.45em;flex:none}.nowrap{white-space:nowrap}td.n,th.n{text-align:right}
td.big{font-weight:650}
tr:last-child>*{border-bottom:0}
.wide{overflow-x:auto;margin:0 -8px;padding:0 8px}
.wide svg{display:block}
.wide th[scope=row],.wide thead th:first-child{position:sticky;left:0;z-index:1;background:var(--mulab-surface);box-shadow:-8px 0 0 var(--mulab-surface)}
ol.kicker{padding-left:1.6em}
.wide+.kicker{margin-top:1em;max-width:52em}
figure{margin:1.2em 0 0}
figcaption{color:var(--mulab-muted);font-size:.88rem;margin-top:.8em;max-width:52em}
.chart svg{max-width:100%;height:auto;display:block}
.share{display:inline-flex;height:.78em;width:9em;border-radius:3px;overflow:hidden;vertical-align:baseline;background:var(--mulab-panel)}
details{margin-top:1em}summary{cursor:pointer;color:var(--mulab-muted);font-size:.9rem}
details[open]>summary{margin-bottom:.6em}
.lock{color:var(--mulab-muted)}
#model{display:grid;grid-template-columns:minmax(16em,1fr) minmax(26em,1.7fr);gap:20px 44px;background:var(--mulab-panel);border-radius:10px;padding:20px 24px;margin-top:16px;font-size:.9rem;min-height:4em}
#model>p{grid-column:1/-1;margin:0;color:var(--mulab-muted)}p,li,h3,h4,figcaption{overflow-wrap:anywhere}
#model dl{display:grid;grid-template-columns:auto 1fr;gap:.25em 1em;margin:0 0 .8em}#model dt{color:var(--mulab-muted)}#model dd{margin:0;overflow-wrap:anywhere}
#model table{font-size:.84rem;width:100%}#model th,#model td{padding:.3em 1.2em .3em 0;white-space:nowrap}#model td:last-child{white-space:normal;overflow-wrap:anywhere;width:99%}#model details table{width:auto}
#model h4{margin-top:1em}#model>div:last-child>h4:first-child{margin-top:.2em}#model ul.mutations{margin:0 0 1em;padding-left:1.1em}
#model .changed td{font-weight:650;color:var(--mulab-accent)}
#model button{font:inherit;color:var(--mulab-accent);background:none;border:1px solid var(--mulab-faint);border-radius:6px;padding:.25em .7em;cursor:pointer}
dl.run{display:grid;grid-template-columns:max-content 1fr;gap:.35em 1.6em;margin:0;font-size:.94rem}dl.run dt{color:var(--mulab-muted)}dl.run dd{margin:0;overflow-wrap:anywhere}
code{font-family:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",monospace;font-size:.88em}
.again{margin:.6em 0 0;font-size:.84rem;color:var(--mulab-muted)}.again input{font-family:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",monospace;font-size:.95em;color:inherit;background:var(--mulab-panel);border:0;border-radius:4px;padding:.25em .5em;max-width:100%}.again button{font:inherit;color:var(--mulab-accent);background:none;border:1px solid var(--mulab-faint);border-radius:6px;padding:.15em .6em;cursor:pointer}
footer{margin-top:64px;padding-top:16px;border-top:1px solid var(--mulab-faint);color:var(--mulab-muted);font-size:.86rem}
:focus-visible{outline:2px solid var(--mulab-accent);outline-offset:2px;border-radius:3px}
.mulab-scene .node{cursor:pointer;outline:none}
.mulab-scene .node:focus-visible .hit{opacity:1;stroke:var(--mulab-accent);stroke-width:2}
.mulab-scene .chosen .hit{opacity:1;stroke:var(--mulab-chosen);stroke-width:2}
.mulab-scene .edge,.mulab-scene .node{transition:opacity .12s}
.mulab-scene.lighting .edge:not(.lit){opacity:.07}
.mulab-scene.lighting .node:not(.lit){opacity:.3}
.mulab-scene.lighting .edge.lit{opacity:1;stroke-width:2.6}
.mulab-scene .station,.mulab-scene .line{transition:opacity .12s}
@media (max-width:820px){body{padding:28px 18px 60px}h1{font-size:1.5rem;overflow-wrap:anywhere}#model{grid-template-columns:minmax(0,1fr)}#model>div{overflow-x:auto}dl.run{grid-template-columns:minmax(0,1fr)}dl.run dd{margin-bottom:.6em}}
@media screen and (max-width:820px){.chart{overflow-x:auto}.chart svg{max-width:none}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media print{body{max-width:none;padding:0}section{break-inside:avoid;margin-top:32px}.wide{overflow:visible}.wide svg{max-width:100%;height:auto}#model,.hint{display:none}details>*{display:block}}
`;
