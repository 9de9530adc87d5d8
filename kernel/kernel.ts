/**
 * The kernel: takes requests from the I/O thread, runs cells one at a time, and answers.
 *
 * Written with callbacks where an interrupt can strike: V8 ends a stuck cell by dropping the stack and all queued promise jobs, so
 * nothing that must happen after an interrupt may hang on a promise that was there before it.
 */
import { randomUUID } from "node:crypto";
import { CommManager } from "./comm/comm.js";
import { installLayer } from "./comm/layer-host.js";
import { Widgets } from "./comm/widget.js";
import { Commands } from "./commands.js";
import { Compiler } from "./compiler/compiler.js";
import { currentScope, hideMarks, outputParent, resumeIn, scopeOfPromise, updateParent } from "./context.js";
import { Displays } from "./display.js";
import { Executor, KeyboardInterrupt } from "./executor.js";
import { History, type HistoryRequest } from "./history.js";
import { kernelInfo } from "./info.js";
import { Inputs } from "./input.js";
import { Io, type Request } from "./io.js";
import type { Channel } from "./io-protocol.js";
import { type ExecuteContent, type Job, Jobs, type Outcome } from "./jobs.js";
import { CellModules } from "./modules.js";
import { StreamOutput } from "./output.js";
import { CodeQueries } from "./queries.js";
import { prepareForEnd } from "./recovery.js";
import { Session } from "./session.js";
import { listenForSigint } from "./signals.js";
import { Stacks } from "./stacks.js";
import { Tracebacks } from "./traceback.js";
import { loadTslab } from "./tslab.js";
import type { Connection, Header, RawMessage } from "./wire.js";

export interface KernelOptions {
  readonly connection: Connection;
  readonly folder: string;
  readonly parentPid: number;
  /** Where compiled code is kept between starts; undefined to keep none. */
  readonly cacheFolder: string | undefined;
  /** Packages loaded when a cell command is not known: they register theirs. */
  readonly providers: readonly string[];
}

/** A cell that failed waits this long for the cells sent after it, so that "run all" stops at it. */
const ABORT_GRACE_MS = 20;

type Content = Record<string, unknown>;

export class Kernel {
  private readonly io: Io;
  private readonly output: StreamOutput;
  private readonly displays = new Displays();
  private readonly comms: CommManager;
  private readonly commands = new Commands();
  private readonly stacks = new Stacks();
  private readonly tracebacks = new Tracebacks(this.stacks);
  private readonly history = new History();
  private readonly inputs: Inputs;
  private readonly jobs: Jobs;
  private readonly queries: CodeQueries;
  private readonly compiler: Compiler;
  /** The header of the comm message that is being handled right now. */
  private handling: string | undefined;

  constructor(private readonly options: KernelOptions) {
    const { connection, folder, parentPid, cacheFolder } = options;
    this.io = new Io(connection, randomUUID(), parentPid, {
      message: (channel, message) => this.receive(channel, message),
      interrupt: () => this.interrupt(),
    });
    this.compiler = new Compiler({ folder, ...(cacheFolder === undefined ? {} : { cacheFolder }) });
    this.output = new StreamOutput((name, parent, text) => this.io.publishText(name, parent, text));
    this.inputs = new Inputs((request, content) => this.io.ask(request, content));
    const bind = this.bind.bind(this);
    this.comms = new CommManager({
      publish: (type, content, sendOptions) => {
        this.io.publish(type, this.handling ?? updateParent(this.jobs.running), content, sendOptions);
      },
      bind,
      report: (error) => this.reportBackground(error, outputParent()),
    });
    const widgets = new Widgets(this.comms, bind);
    const publish = (type: string, parent: string, content: object) => this.io.publish(type, parent, content);
    const { displays, comms, commands, inputs } = this;
    const running = () => this.jobs.running;
    const hold = (work: Promise<unknown>) => this.jobs.hold(work);
    const layer = installLayer({ publish, running, hold, displays, comms, widgets, commands, inputs });
    const { compiler, tracebacks, stacks } = this;
    const lower = (code: string, isJsx: boolean) => compiler.lower(code, isJsx);
    const modules = new CellModules(folder, stacks, () => loadTslab(layer), lower);
    const executor = new Executor(new Session(), compiler, modules, tracebacks, stacks);
    this.queries = new CodeQueries(this.compiler, this.commands);
    this.jobs = new Jobs(executor, this.commands, this.displays, this.tracebacks, this.history, {
      publish,
      finished: (job, outcome) => this.finish(job, outcome),
    });
    this.commands.loadProviders = once(async () => {
      for (const id of options.providers) {
        await modules
          .import(id)
          .catch((error: unknown) => this.output.log(`${id} did not load: ${String(error)}`));
      }
    });
  }

  async start(): Promise<void> {
    await this.io.ready;
    this.output.install();
    this.stacks.install();
    hideMarks();
    this.io.publish("status", "{}", { execution_state: "starting" });
    process.on("uncaughtException", (error) => this.reportBackground(error, outputParent()));
    process.on("unhandledRejection", (reason, promise) => {
      this.reportBackground(reason, scopeOfPromise(promise)?.cell.header ?? "{}");
    });
    // A cell may end the process: what it had printed still leaves.
    process.on("exit", () => this.io.closeAtExit());
    prepareForEnd();
    listenForSigint(this.io);
  }

  private receive(channel: Channel, message: RawMessage): void {
    const { msg_type: type } = JSON.parse(message.header) as Header;
    const content = JSON.parse(message.content) as Content;
    if (channel === "stdin") {
      if (type === "input_reply") this.inputs.answer(String(content.value ?? ""));
      return;
    }
    const request: Request = { channel, identities: message.identities, header: message.header };
    if (type === "execute_request") {
      this.jobs.add(request, content as unknown as ExecuteContent);
      return;
    }
    this.status("busy", request);
    if (type.startsWith("comm_") && type !== "comm_info_request") {
      this.handleComm(type, content, message);
      this.idle(request);
      return;
    }
    this.answer(type, content)
      .then((reply) => {
        if (reply) this.io.reply(request, type.replace(/_request$/, "_reply"), { status: "ok", ...reply });
        else this.output.log(`A request of the unknown type ${type} was left unanswered.`);
      })
      .catch((error: unknown) => {
        this.io.reply(request, type.replace(/_request$/, "_reply"), {
          status: "error",
          ...this.tracebacks.ofThrown(error),
        });
      })
      .then(() => {
        this.idle(request);
        if (type === "shutdown_request") return this.shutdown();
        return undefined;
      })
      .catch((error: unknown) => this.output.log(String(error)));
  }

  /** The content of a reply; undefined for a request that is not known. */
  private async answer(type: string, content: Content): Promise<object | undefined> {
    switch (type) {
      case "kernel_info_request":
        return kernelInfo();
      case "complete_request":
        return this.queries.complete(String(content.code), Number(content.cursor_pos));
      case "inspect_request":
        return this.queries.inspect(String(content.code), Number(content.cursor_pos));
      case "is_complete_request":
        return this.queries.isComplete(String(content.code));
      case "history_request":
        return { history: this.history.find(content as unknown as HistoryRequest) };
      case "comm_info_request":
        return { comms: this.comms.info(content.target_name as string | undefined) };
      case "connect_request": {
        const { ports } = this.options.connection;
        const entries = Object.entries(ports).map(([name, port]) => [`${name}_port`, port]);
        return Object.fromEntries(entries);
      }
      case "shutdown_request":
        return { restart: content.restart === true };
      default:
        return undefined;
    }
  }

  private handleComm(type: string, content: Content, message: RawMessage): void {
    this.handling = message.header;
    try {
      this.comms.handle(type, content as never, JSON.parse(message.metadata) as Content, message.buffers);
    } finally {
      this.handling = undefined;
    }
  }

  /** Keeps the present cell for a handler that is called later; what the handler sends answers the message of that moment. */
  private bind<A extends unknown[]>(handler: (...args: A) => void): (...args: A) => void {
    const scope = currentScope();
    return (...args) => {
      const { handling } = this;
      resumeIn(scope && (handling === undefined ? scope : { ...scope, request: handling }), () =>
        handler(...args),
      );
    };
  }

  /** Ends the running cell, at once and without its help. */
  private interrupt(): void {
    // A comm handler may have been what was ended, before it could say that it was done.
    this.handling = undefined;
    this.inputs.cancel();
    const { current } = this.jobs;
    if (!current) return;
    current.abort.abort(new KeyboardInterrupt());
    this.jobs.end(current, { kind: "error", error: this.tracebacks.ofThrown(new KeyboardInterrupt()) });
  }

  /** Answers a cell that is over, and with it the cells that must not run after it. */
  private finish(job: Job, outcome: Outcome): void {
    const reply = () => {
      this.io.reply(job.request, "execute_reply", outcome.reply);
      this.idle(job.request, job);
      if (outcome.abortsQueue) for (const aborted of this.jobs.takeQueued()) this.replyAborted(aborted);
      this.jobs.next();
    };
    if (outcome.abortsQueue) void this.io.fence(ABORT_GRACE_MS).then(reply);
    else reply();
  }

  private replyAborted(request: Request): void {
    this.status("busy", request);
    this.io.reply(request, "execute_reply", { status: "aborted" });
    this.status("idle", request);
  }

  private status(state: "busy" | "idle", request: Request): void {
    this.io.publish("status", request.header, { execution_state: state });
  }

  /** Front ends show the last status they heard: while a cell runs, that must stay busy. */
  private idle(request: Request, finished?: Job): void {
    this.status("idle", request);
    const { current } = this.jobs;
    if (current && current !== finished && request.channel === "shell") this.status("busy", current.request);
  }

  /** An error that no cell waits for is shown under the cell that started the work. */
  private reportBackground(error: unknown, parent: string): void {
    if (error instanceof KeyboardInterrupt) return;
    const content = this.tracebacks.ofThrown(error);
    if (parent === "{}") this.output.log(`${content.ename}: ${content.evalue}`);
    else this.io.publish("error", parent, content);
  }

  private async shutdown(): Promise<void> {
    this.compiler.close();
    await this.io.close();
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
