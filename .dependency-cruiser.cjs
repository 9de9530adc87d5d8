// The architecture as rules: who may import whom. docs/paper-map.md and the folder listing say the same in words.
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: from },
  to: { path: "^(src|kernel|widgets)/", pathNot: to },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    only("core-is-alone", "^src/core/", "^src/core/", "Pure data and rules import nothing outside core."),
    only("disk-knows-core", "^src/disk/", "^src/(disk|core)/"),
    only("graph-knows-core", "^src/graph/", "^src/(graph|core)/"),
    only("data-knows-core", "^src/data/", "^src/(data|disk|core)/"),
    only("store-knows-core", "^src/store/", "^src/(store|disk|core)/"),
    only(
      "engine-knows-graph",
      "^src/engine/",
      "^src/(engine|graph|disk|core)/|^src/data/preprocess",
      "The batch worker runs data/preprocess; that one file is all an engine knows of data.",
    ),
    only(
      "checkpoints-know-core",
      "^src/checkpoints/",
      "^src/(checkpoints|disk|core)/|^src/data/formats/",
      "Reading weights needs the formats that data are published in, and nothing else of data.",
    ),
    only("analysis-knows-core", "^src/analysis/", "^src/(analysis|core|format|wire)/"),
    only("wire-knows-core", "^src/wire/", "^src/(wire|analysis|format|core)/"),
    only("figures-draw-what-analysis-counts", "^src/figures/", "^src/(figures|analysis|format|wire|core)/"),
    only(
      "format-is-text",
      "^src/format/",
      "^src/(format|core|analysis)/|^src/figures/(table|drawing|scenes/svg)",
    ),
    only(
      "experiments-are-data",
      "^src/experiments/(?!roots\\.ts|prepare\\.ts)",
      "^src/(experiments|core|data)/",
    ),
    only(
      "experiments-find-roots",
      "^src/experiments/(roots|prepare)\\.ts$",
      "^src/(experiments|core|data|checkpoints|pretrain)/",
    ),
    only(
      "the-run-loop-draws-nothing",
      "^src/run/",
      "^src/(run|evolve\\.ts|store|engine|checkpoints|data|graph|disk|core)",
    ),
    only("evolve-knows-core", "^src/evolve\\.ts$", "^src/core/"),
    only(
      "kernel-knows-jupyter",
      "^kernel/",
      "^kernel/",
      "kernel/ and src/ meet at run time through Symbol.for('mulab.comms') only.",
    ),
    {
      name: "one-command-names-the-kernel",
      comment: "`mulab kernel` and `mulab lab` install and start it; nothing else of src/ knows kernel/.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/commands/kernel\\.ts$" },
      to: { path: "^kernel/" },
    },
    only("widgets-know-the-wire", "^widgets/", "^(widgets|src/(wire|figures/scenes|analysis|format))/"),
    {
      name: "verify-is-independent",
      comment:
        "A fault of the evolver can't hide from code that shares nothing with it; draws.ts replays it on purpose (docs/decisions/0007).",
      severity: "error",
      from: { path: "^src/run/verify/", pathNot: "^src/run/verify/draws\\.ts$" },
      to: { path: "^src/(evolve|core/(state|sample|mutate|score))" },
    },
    {
      name: "tensor-libraries-in-engines-only",
      severity: "error",
      from: { path: "^(src|kernel|widgets)/", pathNot: "^src/engine/(onnx|tfjs)" },
      to: { path: "onnxruntime|@tensorflow" },
    },
    {
      name: "pure-parts-touch-no-machine",
      severity: "error",
      from: { path: "^src/(core|graph|wire|analysis|format)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "base-is-injected",
      severity: "error",
      from: { path: "^widgets/", pathNot: "^widgets/(plugin|amd|page)" },
      to: { path: "@jupyter-widgets/base", dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
