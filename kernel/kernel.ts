/**
 * The kernel: takes requests from the I/O thread, passes cells to their shell, and answers everything else.
 *
 * One method per message, named as the protocol names it.
 */
import { CommManager } from "./comm/comm.js";
import { installLayer } from "./comm/layer-host.js";
import { Widgets } from "./comm/widget.js";
import { Commands } from "./commands.js";
import { Compiler } from "./compiler/compiler.js";
import { currentScope, hideMarks, outputParent, resumeIn, scopeOfPromise, updateParent } from "./context.js";
import { denoFor } from "./deno.js";
import { Displays, textOf } from "./display.js";
import { afterEnd, endCode, uninterrupted } from "./end-code.js";
import { Executor, KeyboardInterrupt } from "./executor.js";
import { History, type HistoryRequest } from "./history.js";
import { kernelInfo } from "./info.js";
import { Inputs } from "./input.js";
import { offerInside } from "./inside.js";
import { Io, type Request } from "./io.js";
import type { Channel } from "./io-protocol.js";
import type { IoThread } from "./io-thread.js";
import type { ExecuteContent, Shared } from "./jobs.js";
import { registerMagics } from "./magics.js";
import { CellModules } from "./modules/modules.js";
import { StreamOutput } from "./output.js";
import { adoptChildren, endProcesses } from "./processes.js";
import { CodeQueries } from "./queries.js";
import { Session } from "./session.js";
import { Shells } from "./shells.js";
import { Stacks } from "./stacks.js";
import { toJson } from "./text.js";
import { Tracebacks } from "./traceback.js";
import { loadTslab } from "./tslab.js";
import type { Connection, Received } from "./wire.js";

export interface KernelOptions {
  readonly connection: Connection;
  readonly thread: IoThread;
  /** The session that headers of this kernel's messages name. */
  readonly session: string;
  readonly folder: string;
  /** Where compiled code is kept between starts; undefined to keep none. */
  readonly cacheFolder: string | undefined;
  /** Packages loaded when a magic is not known: they register theirs. */
  readonly providers: readonly string[];
}

/**
 * The compiler occupies a core for a second while it loads, so it starts after the first cell; at the latest after `busy`, and
 * after `idle` if no cell has arrived by then.
 */
const COMPILER_MS = { idle: 50, busy: 1_000 };

type Content = Record<string, unknown>;

export class Kernel {
  readonly #options: KernelOptions;
  readonly #io: Io;
  readonly #output: StreamOutput;
  readonly #displays = new Displays();
  readonly #comms: CommManager;
  readonly #stacks = new Stacks();
  readonly #tracebacks = new Tracebacks(this.#stacks);
  readonly #history = new History();
  readonly #inputs: Inputs;
  readonly #executor: Executor;
  readonly #shells: Shells;
  readonly #queries: CodeQueries;
  readonly #compiler: Compiler;
  #children: readonly number[] = [];
  /** The header of the comm message that is being handled right now. */
  #handling: string | undefined;

  /** What answers each request with its reply's content, at once or later. Cells, comms and input have no such reply. */
  readonly #answers: Readonly<Record<string, (content: Content) => object | Promise<object>>> = {
    kernel_info_request: () => kernelInfo(),
    connect_request: () => this.connectRequest(),
    complete_request: (content) => this.completeRequest(content),
    inspect_request: (content) => this.inspectRequest(content),
    is_complete_request: (content) => this.#queries.isComplete(String(content.code)),
    history_request: (content) => ({ history: this.#history.find(content as unknown as HistoryRequest) }),
    comm_info_request: (content) => ({ comms: this.#comms.info(content.target_name as string | undefined) }),
    shutdown_request: (content) => ({ restart: content.restart === true }),
  };

  constructor(options: KernelOptions) {
    this.#options = options;
    const { thread, session, folder, cacheFolder } = options;
    this.#io = new Io(thread, session, {
      message: (channel, message) => this.#receive(channel, message),
      interrupt: () => this.#interrupt(),
      subshellDeleted: (id) => this.#shells.delete(id),
    });
    this.#compiler = new Compiler({ folder, ...(cacheFolder === undefined ? {} : { cacheFolder }) });
    this.#output = new StreamOutput((name, parent, text) => this.#io.publishText(name, parent, text));
    this.#inputs = new Inputs(this.#io);
    this.#comms = new CommManager({
      publish: (type, content, sendOptions) => {
        this.#io.publish(type, this.#handling ?? updateParent(this.#shells.running), content, sendOptions);
      },
      bind: this.#bind.bind(this),
      report: (error) => this.#reportBackground(error, outputParent()),
    });
    const commands = new Commands();
    const publish = (type: string, parent: string, content: object) =>
      this.#io.publish(type, parent, content);
    const layer = installLayer({
      publish,
      running: () => this.#shells.running,
      hold: (work) => this.#shells.hold(work),
      displays: this.#displays,
      comms: this.#comms,
      widgets: new Widgets(this.#comms),
      commands,
      inputs: this.#inputs,
    });
    const lower = (code: string, isJsx: boolean) => this.#compiler.lower(code, isJsx);
    const modules = new CellModules(folder, this.#stacks, () => loadTslab(layer), lower);
    const executor = new Executor(new Session(), this.#compiler, modules, this.#tracebacks, this.#stacks);
    this.#executor = executor;
    this.#queries = new CodeQueries(this.#compiler, commands);
    registerMagics(commands, { variables: () => this.#variables() });
    const shared: Shared = {
      executor,
      commands,
      displays: this.#displays,
      tracebacks: this.#tracebacks,
      history: this.#history,
      prepare: denoFor({
        layer,
        publish: (type, content, sendOptions) => this.#io.publish(type, outputParent(), content, sendOptions),
        define: (name, value, type) => executor.define(name, value, type),
      }),
      count: 0,
    };
    this.#shells = new Shells(this.#io, shared, () => this.#compiler.start());
    commands.loadProviders = once(async () => {
      for (const id of options.providers) {
        await modules
          .import(id)
          .catch((error: unknown) => this.#output.log(`${id} did not load: ${String(error)}`));
      }
    });
  }

  async start(): Promise<void> {
    await this.#options.thread.ready;
    this.#output.install();
    this.#inputs.install();
    this.#stacks.install();
    adoptChildren((pids) => {
      this.#children = pids;
      this.#io.setChildren(pids);
    });
    hideMarks();
    this.#io.publish("status", "{}", { execution_state: "starting" });
    setTimeout(() => {
      if (!this.#shells.isBusy) this.#compiler.start();
    }, COMPILER_MS.idle);
    setTimeout(() => this.#compiler.start(), COMPILER_MS.busy);
    process.on("uncaughtException", (error) => this.#reportBackground(error, outputParent()));
    process.on("unhandledRejection", (reason, promise) => {
      this.#reportBackground(reason, scopeOfPromise(promise)?.cell.header ?? "{}");
    });
    // A cell may end the process: what it had printed still leaves.
    process.on("exit", () => {
      endProcesses(this.#children);
      this.#io.closeAtExit();
    });
    offerInside({
      endUnlessTaken: (id, isAny) => {
        if (this.#io.interruptTaken < id) endCode(isAny);
      },
      takeAllUrgent: () => this.#io.takeAllUrgent(),
      variables: () => this.#variables(),
      source: (file) => this.#stacks.sourceOf(file),
      bundle: (value) => toJson(this.#bundle(value)),
      define: (name, value) => this.#executor.define(name, value, "any"),
    });
    this.#io.receive();
  }

  #receive(channel: Channel, message: Received): void {
    let content: Content;
    try {
      content = JSON.parse(message.content) as Content;
    } catch (error) {
      this.#output.log(
        `A ${message.type} was dropped: its content is not JSON (${(error as Error).message}).`,
      );
      return;
    }
    const { type, identities, header } = message;
    const request: Request = { channel, identities, header };
    switch (type) {
      case "input_reply":
        this.#inputs.answer(String(content.value ?? ""));
        break;
      case "execute_request":
        this.executeRequest(request, content, message.subshell);
        break;
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        this.#shells.status("busy", request);
        this.commMessage(content, message);
        this.#shells.idle(request);
        break;
      default:
        this.#answer(request, type, content);
    }
  }

  executeRequest(request: Request, content: Content, subshell: string | undefined): void {
    const cell = { ...content, code: String(content.code ?? "") } as ExecuteContent;
    this.#shells.add(request, cell, subshell);
  }

  commMessage(content: Content, message: Received): void {
    this.#handling = message.header;
    try {
      const metadata = JSON.parse(message.metadata) as Content;
      this.#comms.handle(message.type, content as never, metadata, message.buffers);
    } catch (error) {
      this.#reportBackground(error, message.header);
    } finally {
      this.#handling = undefined;
    }
  }

  connectRequest(): object {
    const { ports } = this.#options.connection;
    return Object.fromEntries(Object.entries(ports).map(([name, port]) => [`${name}_port`, port]));
  }

  completeRequest(content: Content): Promise<object> {
    return this.#queries.complete(String(content.code), Number(content.cursor_pos));
  }

  inspectRequest(content: Content): Promise<object> {
    return this.#queries.inspect(String(content.code), Number(content.cursor_pos));
  }

  /** Replies to a request, synchronously where possible: the main thread may be in a cell that never yields. */
  #answer(request: Request, type: string, content: Content): void {
    const answer = Object.hasOwn(this.#answers, type) ? this.#answers[type] : undefined;
    this.#shells.status("busy", request);
    const replyType = type.replace(/_request$/, "_reply");
    const finish = (reply: object) => {
      this.#io.reply(request, replyType, reply);
      this.#shells.idle(request);
      if (type === "shutdown_request") {
        this.#shutdown().catch((error: unknown) => this.#output.log(String(error)));
      }
    };
    const succeed = (reply: object) => finish({ status: "ok", ...reply });
    const fail = (error: unknown) => finish({ status: "error", ...this.#tracebacks.ofThrown(error) });
    if (!answer) {
      this.#output.log(`A request of the unknown type ${type} was left unanswered.`);
      this.#shells.idle(request);
      return;
    }
    uninterrupted(() => {
      try {
        const reply = answer(content);
        if (reply instanceof Promise) reply.then(succeed, fail);
        else succeed(reply);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Keeps the present cell for a handler that is called later; what the handler sends answers the message of that moment. */
  #bind<A extends unknown[]>(handler: (...args: A) => void): (...args: A) => void {
    const scope = currentScope();
    return (...args) => {
      const handling = this.#handling;
      resumeIn(scope && (handling === undefined ? scope : { ...scope, request: handling }), () =>
        handler(...args),
      );
    };
  }

  /** Ends the running cells, and cancels open questions and requests to the compiler. */
  #interrupt(): void {
    afterEnd();
    // A comm handler may have been what was ended, before it could say that it was done.
    this.#handling = undefined;
    this.#inputs.cancel();
    this.#compiler.interrupt();
    this.#shells.interrupt();
  }

  /** An error that no cell waits for is shown under the cell that started the work. */
  #reportBackground(error: unknown, parent: string): void {
    if (error instanceof KeyboardInterrupt) return;
    const content = this.#tracebacks.ofThrown(error);
    if (parent === "{}") this.#output.log(`${content.ename}: ${content.evalue}`);
    else this.#io.publish("error", parent, content);
  }

  /** The cells' variables that have a value. */
  #variables(): Record<string, unknown> {
    return Object.fromEntries([...this.#executor.session.variables()].map(({ name, $ }) => [name, $]));
  }

  /** A value's display, or its text where the display takes time. */
  #bundle(value: unknown): object {
    const display = this.#displays.of(value);
    return display instanceof Promise ? { data: { "text/plain": textOf(value) }, metadata: {} } : display;
  }

  async #shutdown(): Promise<void> {
    endProcesses(this.#children, "SIGTERM");
    this.#compiler.close();
    await this.#io.close();
    process.exit(0);
  }
}

/** Calls `body` the first time only. */
function once(body: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= body();
    return done;
  };
}
