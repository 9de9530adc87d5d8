/**
 * The debugger: the Debug Adapter Protocol of front ends on one side, V8's inspector on the other.
 *
 * Lives in the I/O thread, because a main thread at a breakpoint answers nothing. Breakpoints are set in the moment before a cell
 * runs, when V8 stops for every new script (scripts.ts). https://microsoft.github.io/debug-adapter-protocol/
 */
import { readFileSync } from "node:fs";
import { insideCall } from "../inside.js";
import { MainSession } from "./main-session.js";
import { HASH_SEED, isCell, NOT_OURS, Scripts, type SourceBreakpoint, SUFFIX } from "./scripts.js";
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

/** There is one thread that runs cells. */
const THREAD = 1;

export class DebugAdapter {
  readonly #emit: (event: object) => void;
  /** Debugs: open from `initialize` to `disconnect`. */
  readonly #session = new MainSession(true);
  readonly #scripts = new Scripts(this.#session);
  /** Looks at variables, debugging or not. */
  readonly #looker = new MainSession();
  #variables = new Variables((method, params) => this.#eyes.send(method, params));
  #isStarted = false;
  /** True from a request to pause until the main thread has. */
  #isPausing = false;
  #paused: Paused | undefined;
  #seq = 0;

  readonly #commands: Readonly<Record<string, (args: Record<string, unknown>) => unknown>> = {
    initialize: () => this.initialize(),
    attach: () => this.attach(),
    launch: () => this.attach(),
    disconnect: () => this.disconnect(),
    terminate: () => this.disconnect(),
    debugInfo: () => this.debugInfo(),
    dumpCell: ({ code }) => ({ sourcePath: this.#scripts.pathOf(String(code)) }),
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
    await this.#scripts.learnAll();
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
    this.#scripts.forget();
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
      tmpFilePrefix: this.#scripts.folder,
      tmpFileSuffix: SUFFIX,
      breakpoints: this.#scripts.breakpoints(),
      stoppedThreads: this.#paused ? [THREAD] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: true,
    };
  }

  async setBreakpoints(args: Record<string, unknown>): Promise<object> {
    const { path = "" } = args.source as { path?: string };
    const breakpoints = (args.breakpoints ?? []) as SourceBreakpoint[];
    await this.#scripts.setBreakpoints(path, breakpoints, this.#isStarted);
    return {
      breakpoints: breakpoints.map(({ line }) => ({ verified: true, line, source: { path } })),
    };
  }

  async setExceptionBreakpoints(filters: readonly string[] = []): Promise<object> {
    const state = filters.includes("all") ? "all" : filters.includes("uncaught") ? "uncaught" : "none";
    await this.#session.send("Debugger.setPauseOnExceptions", { state });
    return {};
  }

  async #onPaused(paused: Paused): Promise<void> {
    try {
      if (paused.reason === "instrumentation") {
        await this.#scripts.learn(paused.data?.url ?? "");
        await this.#session.send("Debugger.resume");
        return;
      }
      this.#paused = paused;
      // A step out of a cell ends in the kernel's own code, which users should not see.
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

  stackTrace(): object {
    const stackFrames = this.#frames();
    return { stackFrames, totalFrames: stackFrames.length };
  }

  /** The frames of the user's own code; an id is the index among all frames. */
  #frames() {
    return (this.#paused?.callFrames ?? []).flatMap((frame, id) => {
      const { functionName, location } = frame;
      const url = this.#urlOf(frame);
      if (url === "" || url.startsWith("node:") || /\/dist\/(bundle\/)?kernel\//.test(url)) return [];
      const { path, line } = this.#scripts.placeOf(url, location.lineNumber);
      if (line < 0) return [];
      return [
        {
          id,
          name: functionName || (isCell(url) ? url : "(anonymous)"),
          source: { path, name: isCell(url) ? url : path },
          line: line + 1,
          column: (location.columnNumber ?? 0) + 1,
        },
      ];
    });
  }

  #urlOf({ location, url }: CallFrame): string {
    return this.#scripts.urlOf(location.scriptId) ?? url;
  }

  async scopes(frameId: number): Promise<object> {
    const frame = this.#paused?.callFrames[frameId];
    if (!frame) return { scopes: [] };
    const globals = await this.#global();
    const isWholeCell = frame.functionName === "" && isCell(this.#urlOf(frame));
    const scopes = this.#variables.scopes(frame);
    return {
      scopes: [
        // The locals of a cell itself are what every module of Node's has: require, __filename and so on.
        ...(isWholeCell ? scopes.filter(({ name }) => name !== LOCALS) : scopes),
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

  modules(): object {
    const modules = this.#scripts.modules();
    return { modules, totalModules: modules.length };
  }

  source(args: Record<string, unknown>): object {
    const { path = "" } = (args.source ?? {}) as { path?: string };
    const content = this.#scripts.codeOf(path) ?? readFileSync(path, "utf8");
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
