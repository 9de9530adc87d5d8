/**
 * A small Jupyter client over real ZeroMQ: starts a kernel from a command line, sends signed messages, and collects what comes.
 *
 * Nothing is waited for by time: a request is over when its reply and its idle status are there, and `until` waits for a message.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Request, Subscriber } from "#zeromq";

export interface Message {
  readonly channel: "shell" | "control" | "stdin" | "iopub";
  readonly type: string;
  readonly header: Record<string, string>;
  readonly parent: Record<string, string>;
  readonly metadata: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: the wire; each test reads the fields that it expects
  readonly content: any;
  readonly buffers: Buffer[];
}

export interface Result {
  readonly id: string;
  readonly reply: Message;
  /** Everything published with this request as parent, in order, statuses left out. */
  readonly output: Message[];
}

export interface StartOptions {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

interface RequestOptions {
  readonly channel?: "shell" | "control";
  readonly buffers?: readonly Uint8Array[];
  readonly metadata?: object;
  /** More fields of the header, such as subshell_id. */
  readonly header?: object;
}

export interface ExecuteOptions {
  readonly silent?: boolean;
  readonly store_history?: boolean;
  readonly stop_on_error?: boolean;
  readonly allow_stdin?: boolean;
  readonly user_expressions?: Record<string, string>;
}

const DELIMITER = "<IDS|MSG>";

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      return new Promise<ReturnType<typeof createServer>>((resolve) => {
        const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
      });
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export class JupyterClient {
  readonly messages: Message[] = [];
  private readonly watchers = new Set<(message: Message) => void>();
  private readonly shell = new Dealer({
    linger: 0,
    reconnectInterval: 10,
    receiveHighWaterMark: 0,
    sendHighWaterMark: 0,
  });
  private readonly control = new Dealer({ linger: 0 });
  private readonly stdin = new Dealer({ linger: 0 });
  private readonly iopub = new Subscriber({ linger: 0, reconnectInterval: 10, receiveHighWaterMark: 0 });
  private readonly heartbeatSocket = new Request({ linger: 0 });
  private sending: Promise<unknown> = Promise.resolve();
  readonly key = randomUUID();
  ports = { shell: 0, iopub: 0, stdin: 0, control: 0, hb: 0 };
  /** What the process itself wrote to stdout and stderr, the server's log. */
  log = "";
  exited!: Promise<number | null>;

  private constructor(
    readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Starts a kernel; `{connection_file}` in argv is replaced. Returns at once: nothing has been asked of it yet. */
  static async start({ argv, cwd, env }: StartOptions): Promise<JupyterClient> {
    const [shell, iopub, stdin, control, hb] = await freePorts(5);
    const folder = mkdtempSync(join(tmpdir(), "jupyter-client-"));
    const file = join(folder, "connection.json");
    const key = randomUUID();
    const connection = {
      transport: "tcp",
      ip: "127.0.0.1",
      key,
      signature_scheme: "hmac-sha256",
      shell_port: shell,
      iopub_port: iopub,
      stdin_port: stdin,
      control_port: control,
      hb_port: hb,
    };
    writeFileSync(file, JSON.stringify(connection));
    const [command, ...args] = argv.map((part) => part.replace("{connection_file}", file));
    const child = spawn(command!, args, { cwd: cwd ?? folder, env: { ...process.env, ...env } });
    const client = new JupyterClient(child, folder);
    Object.assign(client, { key, ports: { shell, iopub, stdin, control, hb } });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on("data", (chunk: Buffer) => {
        client.log += chunk.toString();
      });
    }
    client.exited = new Promise((resolve) => child.on("exit", (code) => resolve(code)));
    const at = (port: number | undefined) => `tcp://127.0.0.1:${port}`;
    // One identity on shell and stdin, or a kernel could not ask back.
    const identity = randomUUID();
    client.shell.routingId = identity;
    client.stdin.routingId = identity;
    client.shell.connect(at(shell));
    client.control.connect(at(control));
    client.stdin.connect(at(stdin));
    client.iopub.connect(at(iopub));
    client.iopub.subscribe("");
    client.heartbeatSocket.connect(at(hb));
    for (const channel of ["shell", "control", "stdin", "iopub"] as const) void client.listen(channel);
    return client;
  }

  /** As start, and has received something on iopub: from here on no message is missed. */
  static async ready(options: StartOptions): Promise<JupyterClient> {
    const client = await JupyterClient.start(options);
    await client.connected();
    return client;
  }

  /** A subscription takes a moment to reach the publisher: ask until both the reply and its statuses come. */
  async connected(): Promise<void> {
    for (;;) {
      const id = await this.send("shell", "kernel_info_request", {});
      await this.until((m) => m.parent.msg_id === id && m.channel === "shell");
      // The kernel publishes before it replies, so one more round shows whether iopub is joined.
      const next = await this.send("shell", "kernel_info_request", {});
      await this.until((m) => m.parent.msg_id === next && m.channel === "shell");
      if (this.messages.some((m) => m.channel === "iopub" && m.parent.msg_id === id)) return;
    }
  }

  private async listen(channel: Message["channel"]): Promise<void> {
    for await (const frames of this[channel]) {
      const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
      const [signature, header, parent, metadata, content, ...buffers] = frames.slice(at + 1);
      const expected = this.signature([header!, parent!, metadata!, content!]);
      if (signature!.toString() !== expected)
        throw new Error("The kernel sent a message with a wrong signature.");
      const parsed = JSON.parse(header!.toString()) as Record<string, string>;
      const message: Message = {
        channel,
        type: parsed.msg_type!,
        header: parsed,
        parent: JSON.parse(parent!.toString()),
        metadata: JSON.parse(metadata!.toString()),
        content: JSON.parse(content!.toString()),
        buffers,
      };
      this.messages.push(message);
      for (const watcher of [...this.watchers]) watcher(message);
    }
  }

  signature(parts: readonly (string | Buffer)[]): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  /** The frames of a signed message, for tests that tamper with them. */
  frames(
    type: string,
    content: object,
    { buffers = [], metadata = {}, header: fields = {} }: RequestOptions = {},
  ): (string | Uint8Array)[] {
    const header = {
      msg_id: randomUUID(),
      session: "test",
      username: "test",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.5",
      ...fields,
    };
    const parts = [JSON.stringify(header), "{}", JSON.stringify(metadata), JSON.stringify(content)];
    return [DELIMITER, this.signature(parts), ...parts, ...buffers];
  }

  sendFrames(channel: "shell" | "control" | "stdin", frames: (string | Uint8Array)[]): Promise<unknown> {
    this.sending = this.sending.then(() => this[channel].send(frames));
    return this.sending;
  }

  /** Sends a request and returns its id, without waiting for an answer. */
  async send(
    channel: "shell" | "control" | "stdin",
    type: string,
    content: object,
    options: RequestOptions = {},
  ): Promise<string> {
    const frames = this.frames(type, content, options);
    await this.sendFrames(channel, frames);
    return (JSON.parse(frames[2] as string) as { msg_id: string }).msg_id;
  }

  /** Resolves with the first message, past or future, for which `test` holds. */
  until(test: (message: Message) => boolean): Promise<Message> {
    const past = this.messages.find(test);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const watcher = (message: Message) => {
        if (!test(message)) return;
        this.watchers.delete(watcher);
        resolve(message);
      };
      this.watchers.add(watcher);
      void this.exited.then((code) =>
        reject(new Error(`The kernel ended with code ${code}. Its log: ${this.log}`)),
      );
    });
  }

  /** Resolves when `id` has its reply and its idle status. */
  async result(id: string): Promise<Result> {
    const mine = (m: Message) => m.parent.msg_id === id;
    const reply = await this.until((m) => mine(m) && (m.channel === "shell" || m.channel === "control"));
    await this.until((m) => mine(m) && m.type === "status" && m.content.execution_state === "idle");
    return { id, reply, output: this.output(id) };
  }

  /** What has been published so far for `id`, statuses left out. */
  output(id: string): Message[] {
    return this.messages.filter(
      (m) => m.channel === "iopub" && m.parent.msg_id === id && m.type !== "status",
    );
  }

  async request(type: string, content: object = {}, options: RequestOptions = {}): Promise<Result> {
    return this.result(await this.send(options.channel ?? "shell", type, content, options));
  }

  /** As request, for messages that have no reply: what was published for it until it was idle. */
  async notify(type: string, content: object, options: RequestOptions = {}): Promise<Message[]> {
    const id = await this.send("shell", type, content, options);
    await this.until((m) => m.parent.msg_id === id && m.content.execution_state === "idle");
    return this.output(id);
  }

  /** Sends a cell and returns its id. */
  startCell(code: string, options: ExecuteOptions = {}): Promise<string> {
    const defaults = {
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    return this.send("shell", "execute_request", { code, ...defaults, ...options });
  }

  async execute(code: string, options: ExecuteOptions = {}): Promise<Result> {
    return this.result(await this.startCell(code, options));
  }

  /** The text of what a cell gave: its result, or all that it printed. */
  async text(code: string): Promise<string> {
    const { output, reply } = await this.execute(code);
    if (reply.content.status === "error") return `${reply.content.ename}: ${reply.content.evalue}`;
    const result = output.find((m) => m.type === "execute_result");
    if (result) return result.content.data["text/plain"];
    const streams = output.filter((m) => m.type === "stream");
    return streams.map((m) => m.content.text).join("");
  }

  async heartbeat(): Promise<void> {
    await this.heartbeatSocket.send("beat");
    await this.heartbeatSocket.receive();
  }

  /** Ends the process without asking. */
  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.exited;
    await this.stop();
  }

  /** Asks for an orderly end; kills the process if it is already past asking. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await this.send("control", "shutdown_request", { restart: false });
      await this.exited;
    }
    for (const socket of [this.shell, this.control, this.stdin, this.iopub, this.heartbeatSocket])
      socket.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
