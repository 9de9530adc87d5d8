/** Framing and signing, without sockets. */
import { describe, expect, it } from "vitest";
import { shortened, toJson } from "../../kernel/text.js";
import {
  address,
  decode,
  encode,
  parseConnection,
  type RawMessage,
  Signer,
  WireError,
} from "../../kernel/wire.js";

const MESSAGE: RawMessage = {
  identities: [Buffer.from("client")],
  header: '{"msg_id":"1","msg_type":"x"}',
  parent: "{}",
  metadata: "{}",
  content: '{"text":"ü"}',
  buffers: [new Uint8Array([0, 255])],
};
const frames = (message: RawMessage, key = "k") =>
  encode(message, new Signer(key)).map((part) => Buffer.from(part as string));

describe("decode(encode(message))", () => {
  it("is the message, buffers included, whatever the key", () => {
    for (const key of ["k", ""]) {
      const found = decode(frames(MESSAGE, key), new Signer(key));
      expect(found).toEqual({
        ...MESSAGE,
        type: "x",
        id: "1",
        subshell: undefined,
        identities: [new Uint8Array(Buffer.from("client"))],
      });
    }
  });

  it("throws on a changed part, a wrong key, a missing part, a missing delimiter and a replay", () => {
    const changed = frames(MESSAGE);
    changed[6] = Buffer.from('{"text":"other"}');
    expect(() => decode(changed, new Signer("k"))).toThrow(WireError);
    expect(() => decode(frames(MESSAGE), new Signer("other"))).toThrow("wrong signature");
    expect(() => decode(frames(MESSAGE).slice(0, 5), new Signer("k"))).toThrow("expected at least 5");
    expect(() => decode([Buffer.from("x")], new Signer("k"))).toThrow("<IDS|MSG>");
    const signer = new Signer("k");
    decode(frames(MESSAGE), signer);
    expect(() => decode(frames(MESSAGE), signer)).toThrow("sent before");
  });

  it("signs the four JSON parts and not the buffers, as the protocol has it", () => {
    const tampered = frames(MESSAGE);
    tampered[7] = Buffer.from([1, 2, 3]);
    expect([...decode(tampered, new Signer("k")).buffers[0]!]).toEqual([1, 2, 3]);
  });
});

it("drops a signed message whose parts are not what the protocol says, whatever they are", () => {
  const odd = [
    "null",
    "5",
    "[]",
    '"x"',
    "",
    "{",
    '{"msg_type":null}',
    '{"msg_type":{},"msg_id":"1"}',
    "\ud83d",
  ];
  for (const part of odd) {
    expect(() => decode(frames({ ...MESSAGE, header: part }), new Signer("k")), part).toThrow(WireError);
  }
  for (const part of ["parent", "metadata", "content"]) {
    for (const text of ["null", "5", "[]", ""]) {
      expect(() => decode(frames({ ...MESSAGE, [part]: text }), new Signer("k"))).toThrow(WireError);
    }
  }
});

it("writes JSON without half a surrogate pair, wherever it is, and leaves everything else as it is", () => {
  const half = String.fromCharCode(0xd83d);
  const texts = [half, `a${half}`, `${half}\\ude00`, `\\${half}`, `"${half}"`];
  for (const text of texts) {
    const whole = text.replace(/\ud83d/g, "\ufffd");
    const json = toJson({ [text]: [text, { deep: text }] });
    expect(JSON.parse(json)).toEqual({
      [whole]: [whole, { deep: whole }],
    });
  }
  for (const text of ["🙂", "\\ud83d", "\\\\ud83d", "\\u0000", "a\nb"])
    expect(toJson(text)).toBe(JSON.stringify(text));
});

it("shortens text between characters, with a note", () => {
  expect(shortened("abc", 3)).toBe("abc");
  expect(shortened("ab🙂🙂", 3)).toMatch(/^ab\n… 4 more characters/);
});

it("forgets the oldest signatures first", () => {
  const signer = new Signer("k", "hmac-sha256", 10);
  const parts = (n: number) => [Buffer.from(String(n))];
  const check = (n: number) => signer.check(new Signer("k").sign(parts(n)), parts(n));
  for (let n = 0; n < 12; n++) check(n);
  expect(() => check(11)).toThrow("sent before");
  expect(() => check(0)).not.toThrow();
});

it("reads a connection file, and names the port that it lacks", () => {
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  const connection = parseConnection(JSON.stringify({ ...ports, ip: "127.0.0.1", key: "k" }), "c.json");
  expect(connection).toMatchObject({ transport: "tcp", signatureScheme: "hmac-sha256", ports: { hb: 5 } });
  expect(address(connection, 7)).toBe("tcp://127.0.0.1:7");
  expect(() => parseConnection('{"shell_port": 1}', "c.json")).toThrow('c.json has no number "iopub_port"');
});
