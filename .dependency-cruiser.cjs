// The architecture as rules: who may import whom. README, "How it is built", has the same picture, and a test holds both to
// the listing (test/unit/architecture).

/** Each room of src/ with the rooms that it may import, from the ground up; a room imports only what is above it in this list. */
const ROOMS = {
  core: [],
  format: ["core"],
  disk: ["core"],
  graph: ["core"],
  "evolve.ts": ["core"],
  store: ["disk", "core"],
  data: ["disk", "core"],
  analysis: ["format", "core"],
  engine: ["graph", "disk", "core"],
  checkpoints: ["disk", "core"],
  wire: ["analysis", "format", "core"],
  figures: ["wire", "analysis", "format", "core"],
  run: ["evolve.ts", "store", "engine", "checkpoints", "data", "graph", "disk", "core"],
  export: ["run", "figures", "store", "engine", "data", "graph", "disk", "format", "core"],
  pretrain: ["run", "store", "engine", "checkpoints", "data", "disk", "core"],
  experiments: ["pretrain", "checkpoints", "data", "format", "core"],
  sweep: ["experiments", "run", "store", "engine", "analysis", "data", "disk", "format", "core"],
  programme: ["sweep", "experiments", "run", "store", "engine", "analysis", "data", "disk", "core"],
  cause: ["run", "analysis", "disk", "core"],
  certificate: ["run", "disk", "core"],
  report: ["figures", "run", "experiments", "analysis", "format", "core"],
  terminal: ["sweep", "analysis", "format", "core"],
  commands: [
    ...[
      "terminal",
      "report",
      "programme",
      "cause",
      "sweep",
      "experiments",
      "pretrain",
      "export",
      "certificate",
      "run",
    ],
    "figures",
    "engine",
    ...["analysis", "data", "disk", "format", "core"],
  ],
  notebook: [
    ...["commands", "terminal", "programme", "cause", "sweep", "experiments", "export", "run", "figures"],
    ...["wire", "engine"],
    ...["analysis", "data", "format", "core"],
  ],
};

/** Files of a room that another one may know beside what ROOMS says. */
const ALSO = {
  // The batch worker runs data/preprocess; that one file is all that an engine knows of data (docs/decisions/0003).
  engine: "data/preprocess\\.ts$",
  // Reading weights needs the formats that data are published in, and nothing else of data.
  checkpoints: "data/formats/",
};

const place = (room) => (room.endsWith(".ts") ? `${room.replace(".", "\\.")}$` : `${room}/`);

const only = (name, from, to) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: "^(src|kernel|widgets)/", pathNot: to },
});

const room = ([name, known]) =>
  only(
    `${name.replace(".ts", "")}-knows-only-what-is-below`,
    `^src/${place(name)}`,
    `^src/(${[name, ...known]
      .map(place)
      .concat(ALSO[name] ?? [])
      .join("|")})`,
  );

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(ROOMS)
      .filter(([name]) => name !== "commands")
      .map(room),
    // Two commands install and start the kernel; nothing else of src/ knows kernel/.
    only(
      "commands-know-the-rooms-and-the-kernel",
      "^src/commands/",
      `^src/(${["commands", ...ROOMS.commands].map(place).join("|")})|^kernel/`,
    ),
    only(
      "experiments-are-data",
      "^src/experiments/(?!roots|prepare)",
      "^src/(experiments|core|data|format)/",
    ),
    {
      // `mulab --help` must not wait for tensors: a command and what it needs are loaded when it is called.
      name: "commands-load-when-called",
      severity: "error",
      from: { path: "^src/(cli\\.ts$|commands/program/)" },
      to: {
        path: "^src/(commands/(?!program)|data|run/(?!versions)|export|sweep|report|figures|store)/",
        dependencyTypesNot: ["dynamic-import"],
      },
    },
    {
      name: "one-command-names-the-kernel",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/commands/(kernel|html)\\.ts$" },
      to: { path: "^kernel/" },
    },
    // kernel/ and src/ meet at run time through Symbol.for("mulab.comms") only.
    only("kernel-knows-jupyter", "^kernel/", "^kernel/"),
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

// For the test that holds README to it; not enumerable, because dependency-cruiser refuses keys that it does not know.
Object.defineProperty(module.exports, "rooms", { value: ROOMS });
