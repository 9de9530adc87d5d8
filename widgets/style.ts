// The style sheet of all panels. Lengths in pixels of JupyterLab's 13 px text; colours are variables (widgets/theme).

export const STYLE = `
.mulab { container-type: inline-size; box-sizing: border-box; color: var(--mulab-ink); background: var(--mulab-surface); font: 13px/1.45 var(--jp-ui-font-family, system-ui, sans-serif); border: 1px solid var(--mulab-faint); border-radius: 8px; padding: 14px 16px; max-width: 100%; min-width: 0; overflow: hidden; text-align: left; }
.mulab *, .mulab *::before { box-sizing: border-box; }
.mulab [hidden] { display: none !important; }
.mulab h3, .mulab h4, .mulab h5, .mulab p, .mulab dl, .mulab dd, .mulab ul { margin: 0; padding: 0; color: inherit; font-family: inherit; letter-spacing: normal; }
.mulab ul { list-style: none; }
.mulab strong { font-weight: 600; }
.mulab-muted { color: var(--mulab-muted); }
.mulab-spring { flex: 1; }
.mulab-sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: pre-line; }

.mulab-head { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; }
.mulab-names { display: flex; flex-direction: column; min-width: 0; flex: 1 1 260px; }
.mulab .mulab-title { font-size: 16px; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
.mulab-names span { overflow-wrap: anywhere; font-size: 12px; }
.mulab-pill { display: inline-flex; align-items: center; gap: 6px; padding: 2px 10px 2px 8px; border-radius: 99px; font-weight: 600; font-size: 12px; color: var(--mulab-ink); background: var(--mulab-panel); border: 1px solid var(--mulab-faint); white-space: nowrap; }
.mulab-pill::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--mulab-muted); }
.mulab-pill[data-status=running]::before { background: var(--mulab-accent); animation: mulab-pulse 1.6s ease-in-out infinite; }
.mulab-pill[data-status=paused]::before { border-radius: 0; width: 8px; background: linear-gradient(90deg, var(--mulab-ink) 0 35%, transparent 35% 65%, var(--mulab-ink) 65%); }
.mulab-pill[data-status=stopped]::before { border-radius: 1px; background: var(--mulab-ink); }
.mulab-pill[data-status=ended]::before { content: "✓"; background: none; width: auto; height: auto; line-height: 1; color: var(--mulab-accent); }
.mulab-pill[data-status=failed], .mulab-pill[data-status=gone] { border-color: var(--mulab-alert); color: var(--mulab-alert); }
.mulab-pill[data-status=failed]::before, .mulab-pill[data-status=gone]::before { content: "!"; background: none; width: auto; height: auto; line-height: 1; font-weight: 800; }
@keyframes mulab-pulse { 50% { opacity: .3; } }
@media (prefers-reduced-motion: reduce) { .mulab-pill::before { animation: none !important; } }

.mulab-buttons, .mulab-exports { display: inline-flex; gap: 6px; }
.mulab-button { font: inherit; font-size: 12px; color: var(--mulab-ink); background: var(--mulab-panel); border: 1px solid var(--mulab-faint); border-radius: 5px; padding: 3px 11px; min-height: 26px; cursor: pointer; }
.mulab-button:hover:not(:disabled) { border-color: var(--mulab-muted); }
.mulab-button:disabled { opacity: .45; cursor: default; }
.mulab-square { padding: 3px 0; width: 27px; flex: none; text-align: center; }
.mulab-quiet { background: none; padding: 2px 8px; color: var(--mulab-muted); font-size: 11px; min-height: 22px; }
.mulab :focus-visible { outline: 2px solid var(--mulab-accent); outline-offset: 1px; }
.mulab-input { font: inherit; font-size: 12px; color: var(--mulab-ink); background: var(--mulab-surface); border: 1px solid var(--mulab-faint); border-radius: 5px; padding: 3px 8px; min-height: 26px; min-width: 0; }
.mulab-input::placeholder { color: var(--mulab-muted); opacity: 1; }
.mulab-link { font: inherit; color: var(--mulab-accent); background: none; border: 0; padding: 0; cursor: pointer; text-align: left; overflow-wrap: anywhere; }
.mulab-link:hover { text-decoration: underline; }
.mulab .mulab-trainers { margin-top: 5px; }
.mulab-links { display: flex; flex-wrap: wrap; gap: 2px 12px; }

.mulab-bar { height: 6px; border-radius: 3px; background: var(--mulab-faint); margin: 12px 0 10px; overflow: hidden; }
.mulab-bar-fill { height: 100%; border-radius: 3px; background: var(--mulab-accent); transition: width .2s; }
.mulab-bar-fill[data-status=failed], .mulab-bar-fill[data-status=gone] { background: var(--mulab-alert); }
.mulab-bar-fill[data-status=paused], .mulab-bar-fill[data-status=stopped] { background: var(--mulab-muted); }
.mulab-note { color: var(--mulab-muted); padding-bottom: 8px !important; overflow-wrap: anywhere; }
.mulab p.mulab-note, .mulab p.mulab-muted { color: var(--mulab-muted); }
.mulab p.mulab-note[data-status=failed], .mulab p.mulab-note[data-status=gone] { color: var(--mulab-alert); }
.mulab dl.mulab-facts { display: flex; flex-flow: row wrap; gap: 6px 26px; }
.mulab dl.mulab-facts > div { display: block; min-width: 0; width: auto; }
.mulab .mulab-facts dt { font-size: 11px; font-weight: 400; color: var(--mulab-muted); line-height: 1.3; }
.mulab .mulab-facts dd { font-variant-numeric: tabular-nums; white-space: nowrap; max-width: 220px; overflow: hidden; text-overflow: ellipsis; }
.mulab-swatch { display: inline-block; width: 9px; height: 9px; border-radius: 50%; background: var(--swatch); margin-right: 6px; flex: none; }
.mulab-best { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 12px !important; }
.mulab-best li { display: flex; align-items: center; gap: 7px; background: var(--mulab-panel); border-radius: 6px; padding: 4px 11px; font-variant-numeric: tabular-nums; max-width: 100%; }
.mulab-best .mulab-swatch { margin: 0; }
.mulab-task { min-width: 0; max-width: 220px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mulab-cut { display: inline-flex; vertical-align: bottom; }
.mulab-cut > :first-child { overflow: hidden; text-overflow: ellipsis; white-space: pre; min-width: 0; }
.mulab-cut > :last-child { flex: none; white-space: pre; }
.mulab-best li > .mulab-muted { white-space: nowrap; }
.mulab-private { font-size: 10px; border: 1px dashed var(--mulab-muted); border-radius: 4px; padding: 0 4px; color: var(--mulab-muted); }

.mulab-tabrow { display: flex; align-items: center; flex-wrap: wrap-reverse; gap: 8px; border-bottom: 1px solid var(--mulab-faint); margin: 14px 0 12px; }
.mulab-tabs { display: flex; gap: 2px; flex-wrap: wrap; }
.mulab-tabrow > .mulab-exports { margin-left: auto; }
.mulab-tab { font: inherit; color: var(--mulab-muted); background: none; border: 0; border-bottom: 2px solid transparent; padding: 6px 11px; margin-bottom: -1px; cursor: pointer; }
.mulab-tab:hover { color: var(--mulab-ink); }
.mulab-tab[aria-selected=true] { color: var(--mulab-ink); border-bottom-color: var(--mulab-accent); font-weight: 600; }
.mulab-frame-head { display: flex; align-items: center; gap: 8px; min-height: 24px; margin-bottom: 8px; }
.mulab-frame-title { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 12px; }
.mulab-beside { display: flex; gap: 16px; align-items: flex-start; flex-wrap: wrap; }
.mulab-beside > :first-child { flex: 999 1 460px; min-width: 0; }

.mulab-tools { display: flex; align-items: center; gap: 6px; flex-wrap: wrap; margin-bottom: 8px; }
.mulab-tools input[type=search] { flex: 1 1 170px; max-width: 250px; }
.mulab-tools .mulab-spring { flex: 1 1 0; }
.mulab-count { font-size: 12px; min-width: 70px; }
.mulab-stage { position: relative; overflow: hidden; border-radius: 6px; }
.mulab-stage canvas { position: absolute; left: 0; top: 0; touch-action: none; }
.mulab-marks { cursor: grab; }
.mulab-stage[data-searching=true] canvas:first-child { opacity: .3; }
.mulab-tip { position: absolute; pointer-events: none; background: var(--mulab-ink); color: var(--mulab-surface); border-radius: 5px; padding: 6px 9px; font-size: 12px; line-height: 1.4; max-width: 320px; white-space: pre-line; overflow-wrap: anywhere; z-index: 2; }

.mulab-details { flex: 1 1 316px; min-width: 260px; background: var(--mulab-panel); border-radius: 8px; padding: 12px 14px; max-height: 560px; overflow: auto; font-size: 12px; }
@container (max-width: 791px) { .mulab-details[data-empty=true] { display: none; } }
.mulab .mulab-details[data-empty=true] { background: none; border: 1px dashed var(--mulab-faint); }
.mulab-details header { display: flex; justify-content: space-between; align-items: flex-start; gap: 8px; }
.mulab .mulab-details h4 { font-size: 14px; font-weight: 600; overflow-wrap: anywhere; }
.mulab .mulab-details h5 { font-size: 11px; font-weight: 600; text-transform: none; color: var(--mulab-muted); margin: 14px 0 4px; }
.mulab .mulab-details dl.mulab-facts { gap: 6px 18px; margin-top: 8px; }
.mulab .mulab-why { margin-top: 8px; padding-left: 9px; border-left: 3px solid var(--mulab-alert); overflow-wrap: anywhere; }
.mulab-list li { padding: 1px 0 1px 12px; position: relative; overflow-wrap: anywhere; }
.mulab-list li::before { content: "·"; position: absolute; left: 2px; }
.mulab-up { color: var(--mulab-ink); font-weight: 600; white-space: nowrap; }
.mulab-down { color: var(--mulab-muted); white-space: nowrap; }
.mulab .mulab-table { border-collapse: collapse; width: 100%; font-size: 12px; margin: 0; border: 0; table-layout: auto; color: inherit; }
.mulab .mulab-table tr, .mulab .mulab-table tbody tr:nth-child(odd), .mulab .mulab-table tbody tr:hover { background: none; }
.mulab .mulab-table th, .mulab .mulab-table td { padding: 2px 6px 2px 0; text-align: left; font-weight: 400; vertical-align: middle; white-space: nowrap; border: 0; max-width: none; color: inherit; }
.mulab .mulab-table thead th { color: var(--mulab-muted); font-size: 11px; }
.mulab .mulab-table .mulab-number { text-align: right; font-variant-numeric: tabular-nums; }
.mulab .mulab-table td.mulab-muted { color: var(--mulab-muted); }
.mulab .mulab-table tr.mulab-changed > * { font-weight: 600; color: var(--mulab-ink); }
.mulab .mulab-details .mulab-table tr:not(.mulab-changed) .mulab-number { color: var(--mulab-muted); }
.mulab-share { display: inline-flex; width: 64px; height: 9px; border-radius: 3px; overflow: hidden; vertical-align: middle; gap: 1px; }

.mulab-scene { display: block; max-width: 100%; height: auto; font-family: inherit; }
.mulab-scene text { user-select: none; }
.mulab-scroll { overflow-x: auto; max-width: 100%; background: linear-gradient(90deg, var(--mulab-surface) 30%, transparent) left / 28px 100% no-repeat local, linear-gradient(270deg, var(--mulab-surface) 30%, transparent) right / 28px 100% no-repeat local, linear-gradient(90deg, var(--mulab-faint), transparent) left / 9px 100% no-repeat scroll, linear-gradient(270deg, var(--mulab-faint), transparent) right / 9px 100% no-repeat scroll; }
.mulab-scroll .mulab-scene { max-width: none; }
.mulab [data-model], .mulab .station, .mulab .line, .mulab .end { cursor: pointer; outline: none; }
.mulab-scene [role=button]:focus-visible { outline: 2px solid var(--mulab-accent); outline-offset: 2px; border-radius: 6px; }
.mulab-scene .node:hover .dot { stroke: var(--mulab-ink); stroke-width: 2; opacity: 1; }
.mulab-scene .node.chosen .dot { stroke: var(--mulab-chosen); stroke-width: 3; opacity: 1; }
.mulab-scene .station:hover rect { stroke: var(--mulab-ink); stroke-width: 1.5; }
.mulab-scene.mulab-lit .station:not(.lit), .mulab-scene.mulab-lit .line:not(.lit) { opacity: .3; }
.mulab-scene.mulab-lit .station.lit rect:first-of-type { stroke: var(--mulab-chosen); stroke-width: 2.5; }
.mulab-scene.mulab-lit .line.lit { stroke-width: 5; }
.mulab-grid { display: flex; flex-wrap: wrap; gap: 8px 20px; }
.mulab-pair { display: flex; flex-wrap: wrap; gap: 8px 16px; }
.mulab .mulab-grid details { min-width: 0; }
.mulab .mulab-grid summary { font-size: 12px; font-weight: 600; margin: 12px 0 2px; overflow-wrap: anywhere; cursor: pointer; }
.mulab .mulab-form { border: 1px solid var(--mulab-faint); border-radius: 8px; padding: 8px 14px 12px; margin: 12px 0; min-width: 0; }
.mulab-form legend { font-size: 12px; color: var(--mulab-muted); padding: 0 6px; width: auto; margin: 0; border: 0; }
.mulab-checks { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(270px, 100%), 1fr)); gap: 4px 18px; margin-bottom: 8px; }
.mulab-check { display: flex; align-items: center; gap: 7px; min-width: 0; cursor: pointer; }
.mulab-check input { accent-color: var(--mulab-accent); margin: 0; flex: none; }
.mulab-check input:disabled + span { color: var(--mulab-muted); cursor: default; }
.mulab-tuned summary { cursor: pointer; font-size: 12px; color: var(--mulab-muted); margin-bottom: 6px; }
.mulab-strong { background: var(--mulab-accent); border-color: var(--mulab-accent); color: var(--mulab-surface); font-weight: 600; }
.mulab .mulab-ablation-said, .mulab-tools .mulab-note { padding: 0 !important; flex: 1 1 220px; min-width: 0; }
.mulab .mulab-variants { margin: 8px 0 12px; display: flex; flex-direction: column; gap: 4px; }
.mulab-variants li { display: flex; align-items: center; gap: 8px; flex-wrap: wrap; background: var(--mulab-panel); border-radius: 6px; padding: 4px 10px; }
.mulab-variants .mulab-task { max-width: min(420px, 100%); font-weight: 600; }
.mulab-table caption { caption-side: top; text-align: left; font-size: 12px; color: var(--mulab-muted); padding: 12px 0 6px; }
.mulab .mulab-wide tr.mulab-mean > * { font-weight: 600; border-bottom: 0; }
.mulab-slide { gap: 10px; }
.mulab-slider { flex: 1 1 160px; max-width: 420px; accent-color: var(--mulab-accent); }
.mulab-scale { font-weight: 600; min-width: 44px; font-variant-numeric: tabular-nums; }
.mulab .mulab-wide { width: auto; min-width: 60%; }
.mulab .mulab-wide th, .mulab .mulab-wide td { padding: 5px 16px 5px 0; border-bottom: 1px solid var(--mulab-faint); }
.mulab .mulab-wide tr.mulab-chosen > * { background: var(--mulab-panel); }
.mulab .mulab-wide tr.mulab-chosen > :first-child { box-shadow: inset 3px 0 var(--mulab-chosen); }
.mulab .mulab-wide tr > :first-child { padding-left: 10px; }
.mulab-sort { font: inherit; font-size: 11px; color: var(--mulab-muted); background: none; border: 0; padding: 0; cursor: pointer; }
.mulab-sort:hover, th[aria-sort=ascending] .mulab-sort, th[aria-sort=descending] .mulab-sort { color: var(--mulab-ink); font-weight: 600; }
.mulab-taskcell { display: inline-flex; align-items: center; gap: 6px; white-space: nowrap; }
.mulab .mulab-wide td.mulab-words { white-space: normal; min-width: 130px; }
.mulab-taskcell > button, .mulab-taskcell > .mulab-task { max-width: 180px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mulab-scene .label { paint-order: stroke; stroke: var(--mulab-surface); stroke-width: 3px; stroke-linejoin: round; }
.mulab-taskcell .mulab-swatch { margin: 0; }
.mulab-taskcell > button > .mulab-task { max-width: 100%; vertical-align: bottom; }
.mulab-plain { color: var(--mulab-ink); }
.mulab-changednote { color: var(--mulab-accent); font-weight: 600; }
.mulab-tabpanel > * + * { margin-top: 14px; }
.mulab dl dt, .mulab dl dd { float: none; width: auto; }
.mulab-still-note { padding: 2px 12px 6px; color: var(--jp-ui-font-color2, #5b6472); font: 12px/1.4 var(--jp-ui-font-family, system-ui, sans-serif); }
.mulab-still-note button { font: inherit; color: var(--jp-content-link-color, #1f5fd0); background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline; }
.mulab-pick { display: inline-flex; align-items: center; gap: 6px; flex-wrap: wrap; margin-right: 14px; min-width: 0; }
.mulab-pick select { max-width: min(320px, 100%); }
.mulab .mulab-table tr.mulab-equal > * { color: var(--mulab-muted); }
.mulab .mulab-hash { font-size: 11px; color: inherit; background: none; padding: 0 8px 0 0; }
.mulab-compare > .mulab-tools { margin-top: 14px; }
.mulab-compared { display: flex; flex-wrap: wrap; gap: 0 36px; align-items: flex-start; }
.mulab-listing > .mulab-head { margin-bottom: 10px; }
.mulab-listing input[type=checkbox] { accent-color: var(--mulab-accent); margin: 0; vertical-align: middle; }
.mulab-opened > * { margin-top: 14px; }
.mulab-opened > .mulab-compare { border-top: 1px solid var(--mulab-faint); padding-top: 6px; }
.mulab-listing td:first-child, .mulab-listing th:first-child { width: 26px; }
.mulab-pareto .mulab-lasso { fill: var(--mulab-chosen); fill-opacity: .1; stroke: var(--mulab-chosen); stroke-width: 1.5; stroke-dasharray: 4 3; pointer-events: none; }
.mulab-scene .mulab-dim { opacity: .16; }
.mulab-pareto .mulab-pair .mulab-scroll:first-child svg { cursor: crosshair; touch-action: pan-x pan-y; }
.mulab-again { display: flex; flex-wrap: wrap; gap: 4px 18px; align-items: center; border-top: 1px solid var(--mulab-faint); margin-top: 12px; padding-top: 8px; font-size: 11px; }
.mulab-copyable { display: inline-flex; flex-wrap: wrap; gap: 4px 6px; align-items: center; min-width: 0; }
.mulab .mulab-command { font-family: var(--jp-code-font-family, ui-monospace, monospace); font-size: 11px; color: var(--mulab-ink); background: var(--mulab-panel); border: 0; border-radius: 4px; padding: 2px 6px; overflow-wrap: anywhere; white-space: pre-wrap; }
.mulab-scrubber { gap: 10px; }
.mulab-scrubber .mulab-slider { max-width: 360px; }
.mulab-play { min-width: 82px; }
.mulab-moment { color: var(--mulab-muted); font-size: 12px; font-variant-numeric: tabular-nums; flex: 1 1 260px; min-width: 0; overflow-wrap: anywhere; }
.mulab-bound { width: 74px; }
.mulab .mulab-front h5 { font-size: 13px; font-weight: 600; }
.mulab-front, .mulab-brush { margin-bottom: 10px; }
.mulab-legendrow { display: flex; align-items: center; gap: 10px; }
.mulab .mulab-about { font-size: 11px; padding-top: 6px; }
.mulab-help { padding: 0; width: 20px; min-height: 20px; border-radius: 50%; text-align: center; flex: none; }
.mulab .mulab-story { margin-top: 2px; line-height: 1.5; overflow-wrap: anywhere; }
.mulab ul.mulab-legend { display: flex; flex-wrap: wrap; gap: 2px 16px; padding: 6px 4px 0; color: var(--mulab-muted); font-size: 11px; }
.mulab ul.mulab-legend li { display: flex; align-items: center; gap: 5px; }
.mulab ul.mulab-legend svg { flex: none; }
`;
