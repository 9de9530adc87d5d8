/**
 * The debugger: the Debug Adapter Protocol of front ends on one side, V8's inspector on the other.
 *
 * Lives in the I/O thread, because a main thread at a breakpoint answers nothing. A cell is known to front ends by a path made of a
 * hash of its text (as ipykernel and xeus have it) and to V8 by its name, `In [3]`; breakpoints are set in the moment before a cell
 * runs, when V8 stops for every new script. https://microsoft.github.io/debug-adapter-protocol/
 */
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { insideCall } from "../inside.js";
import { MainSession } from "./main-session.js";
import { murmur2 } from "./murmur2.js";
import { type CallFrame, LOCALS, type RemoteObject, Variables } from "./variables.js";

interface Request {
  readonly seq?: number;
  readonly command?: string;
  readonly arguments?: Record<string, unknown>;
}

interface Paused {
  readonly callFrames: readonly CallFrame[];
  readonly reason: string;
  readonly data?: { readonly url?: string; readonly description?: string };
  readonly hitBreakpoints?: readonly string[];
}

interface SourceBreakpoint {
  readonly line: number;
  readonly condition?: string;
}

/** A cell or a module that has run: where its JavaScript lines come from, both from 0; -1 for a generated line. */
interface CellScript {
  readonly path: string;
  readonly lines: readonly number[];
}

const HASH_SEED = 0xc70f6907;
const SUFFIX = ".ts";
/** There is one thread that runs cells. */
const THREAD = 1;
const CELL = /^In \[\d+\]/;

/** True for what V8 calls cells and modules beside the notebook. */
const isWritten = (url: string) => CELL.test(url) || (url.startsWith("file:") && !NOT_OURS.test(url));
/** Node's own code, packages and the kernel are not stepped through. */
const NOT_OURS = /^node:|\/dist\/kernel\/|\/node_modules\//;
const nameOf = (url: string) => (url.startsWith("file:") ? fileURLToPath(url) : url);

export class DebugAdapter {
  readonly #emit: (event: object) => void;
  readonly #folder = join(tmpdir(), `mulab_${process.pid}`) + sep;
  /** Debugs: open from `initialize` to `disconnect`. */
  #session = new MainSession(true);
  /** Looks at variables, debugging or not. */
  readonly #looker = new MainSession();
  #variables = new Variables((method, params) => this.#eyes.send(method, params));
  #isStarted = false;
  /** True from a request to pause until the main thread has. */
  #isPausing = false;
  #paused: Paused | undefined;
  #seq = 0;
  /** By path, as front ends set them. */
  readonly #breakpoints = new Map<string, readonly SourceBreakpoint[]>();
  /** By the name that V8 has for a cell or a module. */
  readonly #scripts = new Map<string, CellScript>();
  /** V8's ids of the breakpoints that are set in a script. */
  readonly #set = new Map<string, string[]>();
  /** V8's ids of scripts -> their names. */
  readonly #urls = new Map<string, string>();
  readonly #codes = new Map<string, string>();

  readonly #commands: Readonly<Record<string, (args: Record<string, unknown>) => unknown>> = {
    initialize: () => this.initialize(),
    attach: () => this.attach(),
    launch: () => this.attach(),
    disconnect: () => this.disconnect(),
    terminate: () => this.disconnect(),
    debugInfo: () => this.debugInfo(),
    dumpCell: ({ code }) => this.dumpCell(String(code)),
    setBreakpoints: (args) => this.setBreakpoints(args),
    setExceptionBreakpoints: ({ filters }) => this.setExceptionBreakpoints(filters as string[] | undefined),
    configurationDone: () => ({}),
    threads: () => ({ threads: [{ id: THREAD, name: "Cells" }] }),
    stackTrace: () => this.stackTrace(),
    scopes: ({ frameId }) => this.scopes(Number(frameId)),
    variables: ({ variablesReference }) => this.#variables.list(Number(variablesReference)),
    inspectVariables: () => this.inspectVariables(),
    richInspectVariables: (args) => this.richInspectVariables(args),
    evaluate: (args) => this.evaluate(args),
    copyToGlobals: (args) => this.copyToGlobals(args),
    source: (args) => this.source(args),
    modules: () => this.modules(),
    continue: () => this.#go("Debugger.resume", { allThreadsContinued: true }),
    next: () => this.#go("Debugger.stepOver"),
    stepIn: () => this.#go("Debugger.stepInto"),
    stepOut: () => this.#go("Debugger.stepOut"),
    pause: () => this.pause(),
  };

  /** `emit` publishes a debug_event. */
  constructor(emit: (event: object) => void) {
    this.#emit = emit;
    this.#session.on<Paused>("Debugger.paused", (paused) => void this.#onPaused(paused));
    this.#session.on<{ scriptId: string; url: string }>("Debugger.scriptParsed", ({ scriptId, url }) => {
      this.#urls.set(scriptId, url);
    });
    this.#session.on("Debugger.resumed", () => {
      this.#paused = undefined;
      this.#variables.forget();
    });
  }

  /** The response to a request. Never rejects: what goes wrong is a response with `success: false`. */
  async handle({ seq = 0, command = "", arguments: args = {} }: Request): Promise<object> {
    const base = { type: "response", seq: this.#seq++, request_seq: seq, command };
    const handler = Object.hasOwn(this.#commands, command) ? this.#commands[command] : undefined;
    if (!handler) return { ...base, success: false, message: `The debugger does not know "${command}".` };
    try {
      const body = await handler(args);
      if (command === "initialize") this.#send("initialized", {});
      return { ...base, success: true, body };
    } catch (error) {
      return { ...base, success: false, message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** The session that looks at variables: V8 knows an object by its id in the session that has asked for it only. */
  get #eyes(): MainSession {
    return this.#isStarted ? this.#session : this.#looker;
  }

  #send(event: string, body: object): void {
    this.#emit({ type: "event", seq: this.#seq++, event, body });
  }

  async initialize(): Promise<object> {
    await this.#session.send("Debugger.enable");
    // Cells that ran before: their functions can be stepped into, and have breakpoints.
    for (const url of new Set(this.#urls.values())) if (isWritten(url)) await this.#learn(url);
    const instrumentation = "beforeScriptExecution";
    await this.#session.send("Debugger.setInstrumentationBreakpoint", { instrumentation });
    const patterns = [NOT_OURS.source];
    await this.#session.send("Debugger.setBlackboxPatterns", { patterns });
    this.#isStarted = true;
    this.#variables.forget();
    return {
      supportsConfigurationDoneRequest: true,
      supportsConditionalBreakpoints: true,
      supportsEvaluateForHovers: true,
      supportsSetVariable: false,
      exceptionBreakpointFilters: [
        { filter: "all", label: "All exceptions", default: false },
        { filter: "uncaught", label: "Uncaught exceptions", default: false },
      ],
    };
  }

  attach(): object {
    this.#send("process", { name: "mulab", systemProcessId: process.pid, startMethod: "attach" });
    this.#send("thread", { reason: "started", threadId: THREAD });
    return {};
  }

  disconnect(): object {
    this.#isStarted = false;
    this.#variables.forget();
    this.#breakpoints.clear();
    this.#set.clear();
    this.#urls.clear();
    this.close();
    return {};
  }

  /** Lets the main thread run on, without the debugger. */
  close(): void {
    this.#paused = undefined;
    this.#session.close();
    this.#looker.close();
  }

  /** Lets a main thread at a breakpoint run on, so that it can be interrupted. */
  release(): void {
    if (!this.#paused) return;
    this.#session.send("Debugger.resume").catch(() => {});
    this.#send("continued", { threadId: THREAD, allThreadsContinued: true });
    this.#paused = undefined;
  }

  /** With true, nothing stops the main thread: for what is evaluated on top of code that is to end, and that code's last steps. */
  skipPauses(skip: boolean): void {
    if (this.#isStarted) this.#session.send("Debugger.setSkipAllPauses", { skip }).catch(() => {});
  }

  debugInfo(): object {
    return {
      isStarted: this.#isStarted,
      hashMethod: "Murmur2",
      hashSeed: HASH_SEED,
      tmpFilePrefix: this.#folder,
      tmpFileSuffix: SUFFIX,
      breakpoints: [...this.#breakpoints].map(([source, breakpoints]) => ({ source, breakpoints })),
      stoppedThreads: this.#paused ? [THREAD] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: true,
    };
  }

  #pathOf(code: string): string {
    const path = `${this.#folder}${murmur2(code, HASH_SEED)}${SUFFIX}`;
    this.#codes.set(path, code);
    return path;
  }

  dumpCell(code: string): object {
    return { sourcePath: this.#pathOf(code) };
  }

  async setBreakpoints(args: Record<string, unknown>): Promise<object> {
    const { path = "" } = args.source as { path?: string };
    const breakpoints = (args.breakpoints ?? []) as SourceBreakpoint[];
    if (breakpoints.length === 0) this.#breakpoints.delete(path);
    else this.#breakpoints.set(path, breakpoints);
    if (this.#isStarted) {
      for (const [name, script] of this.#scripts) if (script.path === path) await this.#setIn(name, script);
    }
    return {
      breakpoints: breakpoints.map(({ line }) => ({ verified: true, line, source: { path } })),
    };
  }

  async setExceptionBreakpoints(filters: readonly string[] = []): Promise<object> {
    const state = filters.includes("all") ? "all" : filters.includes("uncaught") ? "uncaught" : "none";
    await this.#session.send("Debugger.setPauseOnExceptions", { state });
    return {};
  }

  /** Sets the breakpoints of a cell in one of its runs. */
  async #setIn(name: string, { path, lines }: CellScript): Promise<void> {
    for (const breakpointId of this.#set.get(name) ?? []) {
      await this.#session.send("Debugger.removeBreakpoint", { breakpointId }).catch(() => {});
    }
    const ids: string[] = [];
    for (const { line, condition = "" } of this.#breakpoints.get(path) ?? []) {
      // The first line of JavaScript from there on: a breakpoint on an empty line is meant for the next one.
      const lineNumber = lines.findIndex((written) => written >= line - 1);
      if (lineNumber < 0) continue;
      const params = { url: name, lineNumber, columnNumber: 0, condition };
      const made = await this.#session.send<{ breakpointId: string }>("Debugger.setBreakpointByUrl", params);
      ids.push(made.breakpointId);
    }
    this.#set.set(name, ids);
  }

  async #onPaused(paused: Paused): Promise<void> {
    try {
      if (paused.reason === "instrumentation") {
        const url = paused.data?.url ?? "";
        if (isWritten(url)) await this.#learn(url);
        await this.#session.send("Debugger.resume");
        return;
      }
      this.#paused = paused;
      // A step out of a cell ends in the code that had called it, which is nobody's to see.
      if (this.#frames().length === 0) {
        this.#paused = undefined;
        await this.#session.send("Debugger.resume");
        return;
      }
      const isException = paused.reason === "exception" || paused.reason === "promiseRejection";
      const isBreakpoint = (paused.hitBreakpoints ?? []).length > 0;
      this.#send("stopped", {
        reason: isException ? "exception" : isBreakpoint ? "breakpoint" : this.#isPausing ? "pause" : "step",
        threadId: THREAD,
        allThreadsStopped: true,
        ...(paused.data?.description === undefined ? {} : { text: paused.data.description }),
      });
      this.#isPausing = false;
    } catch {
      // The session was closed meanwhile; with it, V8 lets the main thread go.
    }
  }

  /** Takes up a cell or a module beside the notebook, and sets its breakpoints. */
  async #learn(url: string): Promise<void> {
    const name = nameOf(url);
    const call = insideCall("source", JSON.stringify(name));
    const { value } = await this.#evaluate<string | undefined>(call);
    if (value === undefined) return;
    const { code, lines } = JSON.parse(value) as { code?: string; lines: number[] };
    const script = { path: code === undefined ? name : this.#pathOf(code), lines };
    this.#scripts.set(url, script);
    await this.#setIn(url, script);
  }

  async #evaluate<T>(expression: string): Promise<{ value: T }> {
    const params = { expression, returnByValue: true, silent: true };
    const { result } = await this.#session.send<{ result: { value: T } }>("Runtime.evaluate", params);
    return result;
  }

  stackTrace(): object {
    const stackFrames = this.#frames();
    return { stackFrames, totalFrames: stackFrames.length };
  }

  /** The frames of what somebody has written; an id is the place among all frames. */
  #frames() {
    return (this.#paused?.callFrames ?? []).flatMap((frame, id) => {
      const { functionName, location } = frame;
      const url = this.#urlOf(frame);
      if (url === "" || url.startsWith("node:") || url.includes("/dist/kernel/")) return [];
      const script = this.#scripts.get(url);
      const line = script ? script.lines[location.lineNumber]! : location.lineNumber;
      if (line < 0) return [];
      const path = script?.path ?? nameOf(url);
      return [
        {
          id,
          name: functionName || (CELL.test(url) ? url : "(anonymous)"),
          source: { path, name: CELL.test(url) ? url : path },
          line: line + 1,
          column: (location.columnNumber ?? 0) + 1,
        },
      ];
    });
  }

  #urlOf({ location, url }: CallFrame): string {
    return this.#urls.get(location.scriptId) ?? url;
  }

  async scopes(frameId: number): Promise<object> {
    const frame = this.#paused?.callFrames[frameId];
    if (!frame) return { scopes: [] };
    const globals = await this.#global();
    const isCell = frame.functionName === "" && CELL.test(this.#urlOf(frame));
    const scopes = this.#variables.scopes(frame);
    return {
      scopes: [
        // The locals of a cell itself are what every module of Node's has: require, __filename and so on.
        ...(isCell ? scopes.filter(({ name }) => name !== LOCALS) : scopes),
        { name: "Cells", variablesReference: globals, expensive: false },
      ],
    };
  }

  async #global(): Promise<number> {
    const params = { expression: insideCall("variables"), silent: true };
    const { result } = await this.#eyes.send<{ result: RemoteObject }>("Runtime.evaluate", params);
    return this.#variables.refer(result);
  }

  async inspectVariables(): Promise<object> {
    return this.#variables.list(await this.#global());
  }

  async richInspectVariables({ variableName, frameId }: Record<string, unknown>): Promise<object> {
    const name = String(variableName);
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return { data: {}, metadata: {} };
    const frame = frameId === undefined ? undefined : this.#paused?.callFrames[Number(frameId)];
    const value = frame ? name : `${insideCall("variables")}[${JSON.stringify(name)}]`;
    const params = { expression: insideCall("bundle", value), returnByValue: true, silent: true };
    const { result } = await (frame
      ? this.#session.send<{ result: { value?: string } }>("Debugger.evaluateOnCallFrame", {
          ...params,
          callFrameId: frame.callFrameId,
        })
      : this.#eyes.send<{ result: { value?: string } }>("Runtime.evaluate", params));
    return result.value === undefined ? { data: {}, metadata: {} } : (JSON.parse(result.value) as object);
  }

  async evaluate({ expression, frameId }: Record<string, unknown>): Promise<object> {
    const frame = frameId === undefined ? undefined : this.#paused?.callFrames[Number(frameId)];
    const params = { expression: String(expression), silent: true, generatePreview: true };
    const { result } = await (frame
      ? this.#session.send<{ result: RemoteObject }>("Debugger.evaluateOnCallFrame", {
          ...params,
          callFrameId: frame.callFrameId,
        })
      : this.#eyes.send<{ result: RemoteObject }>("Runtime.evaluate", params));
    return this.#variables.evaluated(result);
  }

  /** Copies a variable of a frame to one of the cells. */
  async copyToGlobals({
    srcVariableName,
    dstVariableName,
    srcFrameId,
  }: Record<string, unknown>): Promise<object> {
    const frame = this.#paused?.callFrames[Number(srcFrameId)];
    if (!frame) throw new Error("There is no such frame: the cell is not stopped.");
    const expression = insideCall(
      "define",
      `${JSON.stringify(String(dstVariableName))}, ${String(srcVariableName)}`,
    );
    await this.#session.send("Debugger.evaluateOnCallFrame", { callFrameId: frame.callFrameId, expression });
    return {};
  }

  /** The files beside the notebook that are loaded, for a front end to open. */
  modules(): object {
    const paths = [...this.#scripts.values()]
      .map(({ path }) => path)
      .filter((path) => !this.#codes.has(path));
    const modules = [...new Set(paths)].map((path, id) => ({ id, name: basename(path), path }));
    return { modules, totalModules: modules.length };
  }

  source(args: Record<string, unknown>): object {
    const { path = "" } = (args.source ?? {}) as { path?: string };
    const content = this.#codes.get(path) ?? readFileSync(path, "utf8");
    return { content, mimeType: "text/typescript" };
  }

  async pause(): Promise<object> {
    this.#isPausing = true;
    await this.#session.send("Debugger.pause");
    return {};
  }

  async #go(method: string, body: object = {}): Promise<object> {
    if (!this.#paused) throw new Error("The cell is not stopped.");
    this.#paused = undefined;
    this.#send("continued", { threadId: THREAD, allThreadsContinued: true });
    await this.#session.send(method);
    return body;
  }
}
