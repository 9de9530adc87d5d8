// A disk that fails at its N-th operation: node:fs and node:fs/promises are wrapped, so that it works on the built command
// line as it is (`node --import disk-faults.mjs dist/src/cli.js …`, armed by MULAB_FAULT) and in this process (`arm`).
// Counted is what touches a path below `root`, in the main thread: operations that write, and those that read where asked.
// A run that is not disturbed can leave a snapshot of what is below `root` for each of its operations: what a kill there leaves.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join, resolve, sep } from "node:path";
import { isMainThread } from "node:worker_threads";

/** @typedef {import("./disk-faults.mjs").Fault} Fault */

let fault = null;
let log = [];
/** The file system as it is without faults. */
const real = { ...fs };

/** Begins to count, and to fail where `fault` says. */
export function arm(given) {
  fault = { at: 0, how: "count", reads: false, ...given, root: resolve(given.root) };
  log = [];
}

/** Ends it; the operations that were counted. */
export function disarm() {
  fault = null;
  return log;
}

const isBelow = (path) => {
  if (!fault) return false;
  const text = path instanceof URL ? path.pathname : typeof path === "string" ? resolve(path) : "";
  return text === fault.root || text.startsWith(fault.root + sep);
};

const failure = (code, name, path) =>
  Object.assign(new Error(`${code}: injected, ${name} '${path}'`), { code, syscall: name, path, errno: -5 });

const die = () => {
  process.kill(process.pid, "SIGKILL");
  for (;;); // the signal comes
};

/** Operations that take space. */
const TAKES_SPACE = /^(mkdir|writeFile|appendFile|write|writev|link|symlink|copyFile|cp|create)/;
const HOLDS_DATA = /^(writeFile|appendFile|write)(Sync)? /;

/**
 * The kinds of faults of which each is another one at `operation`: one that holds no data is never half done, so it is as
 * well killed before the next one, and a full disk shows only where space is taken.
 */
export const kindsAt = (operation) => [
  "kill",
  "EIO",
  ...(TAKES_SPACE.test(operation) ? ["ENOSPC"] : []),
  ...(HOLDS_DATA.test(operation) ? ["kill-after", "half"] : []),
];

/** Puts what is below the root now, as a process that is killed here leaves it, into the folder `to`. */
function snapshot(to) {
  const copy = (from, into) => {
    real.mkdirSync(into, { recursive: true });
    for (const entry of real.readdirSync(from, { withFileTypes: true })) {
      const [source, target] = [`${from}${sep}${entry.name}`, `${into}${sep}${entry.name}`];
      if (entry.isDirectory()) copy(source, target);
      // A layer is never written again once it has its name.
      else if (from.includes(`${sep}layers`) && !entry.name.startsWith(".")) real.linkSync(source, target);
      else if (entry.isFile()) real.copyFileSync(source, target);
    }
  };
  copy(fault.root, to);
}

/** Snapshots before this operation and, where it holds data, when half of that is written. */
function takeSnapshots(path, data, isHandle) {
  const n = log.length - 1;
  snapshot(join(fault.to, String(n)));
  if (data === undefined) return;
  const to = join(fault.to, `${n}-half`);
  snapshot(to);
  const file = to + (typeof path === "string" ? resolve(path) : path.pathname).slice(fault.root.length);
  // By its path the file is written anew, by its handle it is added to.
  const flag = isHandle ? "a" : "w";
  real.writeFileSync(file, halfOf(data), { flag });
}

/**
 * What befalls this operation: nothing, an error to throw, or `half` of its data and then `after`.
 * `kill` dies before it, `kill-after` when it is done or half done, `EIO` fails once, `ENOSPC` from then on, `half` writes
 * half and then fails.
 */
function fate(name, path, isRead, data, isHandle) {
  if (!fault || (isRead && !fault.reads)) return null;
  log.push(`${name} ${path}`);
  const n = log.length - 1;
  const { at, how } = fault;
  if (how === "snapshots") takeSnapshots(path, hasData(data) ? data : undefined, isHandle);
  if (how === "count" || how === "snapshots" || n < at) return null;
  if (how === "ENOSPC")
    return TAKES_SPACE.test(name) ? { error: failure("ENOSPC", name, path), half: n === at } : null;
  if (n !== at) return null;
  if (how === "kill") die();
  if (how === "kill-after") return { die: true, half: true };
  if (how === "half") return { error: failure("EIO", name, path), half: true };
  return { error: failure(how, name, path) };
}

const halfOf = (data) =>
  typeof data === "string"
    ? data.slice(0, data.length >> 1)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength >> 1);
const hasData = (data) => typeof data === "string" || ArrayBuffer.isView(data);

/** `real` with a fate; `dataAt` is the argument that holds what is written. */
function wrapped(
  real,
  name,
  pathOf,
  { isRead = () => false, dataAt = -1, isSync = false, isHandle = false } = {},
) {
  const work = function (...args) {
    const path = pathOf(this, args);
    if (!isBelow(path)) return real.apply(this, args);
    const called = isRead(args) ? name : name === "open" || name === "openSync" ? "create" : name;
    const fated = fate(called, path, isRead(args), args[dataAt], isHandle);
    if (!fated) return real.apply(this, args);
    const finish = () => {
      if (fated.die) die();
      throw fated.error;
    };
    const isHalf = fated.half && dataAt >= 0 && hasData(args[dataAt]);
    if (!isHalf && fated.error) return finish();
    const cut = isHalf ? args.with(dataAt, halfOf(args[dataAt])) : args;
    if (isHalf && (name === "write" || name === "writeSync")) cut.length = dataAt + 1; // no offset or length of the whole
    if (isSync) {
      real.apply(this, cut);
      return finish();
    }
    return Promise.resolve(real.apply(this, cut)).then(finish);
  };
  return isSync ? work : async (...args) => work(...args);
}

const first = (_, [path]) => path;
const target = (_, [, path]) => path;
const flagsWrite = ([, flags = "r"]) =>
  typeof flags === "number"
    ? (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR | fs.constants.O_CREAT)) !== 0
    : !/^r?$|^rs$/.test(flags);

const WRITES = {
  mkdir: [first],
  writeFile: [first, 1],
  appendFile: [first, 1],
  rename: [target],
  link: [target],
  symlink: [target],
  rm: [first],
  rmdir: [first],
  unlink: [first],
  truncate: [first],
  utimes: [first],
  copyFile: [target],
  cp: [target],
};
const READS = ["readFile", "readdir", "stat", "lstat", "realpath", "readlink"];

const paths = new WeakMap();
const descriptors = new Map();

function install() {
  for (const [name, [pathOf, dataAt = -1]] of Object.entries(WRITES)) {
    fs.promises[name] = wrapped(fs.promises[name], name, pathOf, { dataAt });
    fs[`${name}Sync`] = wrapped(fs[`${name}Sync`], name, pathOf, { dataAt, isSync: true });
  }
  for (const name of READS) {
    fs.promises[name] = wrapped(fs.promises[name], name, first, { isRead: () => true });
    fs[`${name}Sync`] = wrapped(fs[`${name}Sync`], name, first, { isRead: () => true, isSync: true });
  }
  const isRead = (args) => !flagsWrite(args);
  const { open } = fs.promises;
  const opening = wrapped(open, "open", first, { isRead });
  fs.promises.open = async (...args) => {
    const handle = await opening(...args);
    if (isBelow(args[0])) paths.set(handle, resolve(args[0]));
    return handle;
  };
  const { openSync, closeSync } = fs;
  const openingSync = wrapped(openSync, "openSync", first, { isRead, isSync: true });
  fs.openSync = (...args) => {
    const fd = openingSync(...args);
    if (isBelow(args[0])) descriptors.set(fd, resolve(args[0]));
    return fd;
  };
  fs.closeSync = (fd) => {
    descriptors.delete(fd);
    return closeSync(fd);
  };
  for (const [name, dataAt] of [
    ["writeSync", 1],
    ["fsyncSync", -1],
    ["ftruncateSync", -1],
  ])
    fs[name] = wrapped(fs[name], name, (_, [fd]) => descriptors.get(fd) ?? "", {
      dataAt,
      isSync: true,
      isHandle: true,
    });
  syncBuiltinESMExports();
}

/** The methods of opened files, once there is one to take the prototype of. */
async function installHandles() {
  const handle = await fs.promises.open(process.execPath, "r");
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const own = (self) => paths.get(self) ?? "";
  const of = (name, options) => {
    const made = wrapped(prototype[name], name, own, { ...options, isSync: true });
    prototype[name] = async function (...args) {
      return made.apply(this, args);
    };
  };
  // Inside, the work is a promise: `isSync` would throw before it has written, so those that hold data wait for it.
  for (const name of ["sync", "datasync", "truncate", "utimes"]) of(name, {});
  for (const name of ["read", "stat"]) of(name, { isRead: () => true });
  for (const name of ["write", "writeFile", "appendFile"]) {
    const real = prototype[name];
    prototype[name] = async function (...args) {
      return wrapped(
        (...given) => real.apply(this, given),
        name,
        () => own(this),
        { dataAt: 0, isHandle: true },
      )(...args);
    };
  }
  const { readFile } = prototype;
  prototype.readFile = async function (...args) {
    return wrapped(
      (...given) => readFile.apply(this, given),
      "readFile",
      () => own(this),
      { isRead: () => true },
    )(...args);
  };
}

if (isMainThread) {
  install();
  await installHandles();
  if (process.env.MULAB_FAULT) {
    const given = JSON.parse(process.env.MULAB_FAULT);
    arm(given);
    if (given.report)
      process.on("exit", () => {
        const operations = disarm();
        fs.writeFileSync(given.report, JSON.stringify(operations));
      });
  }
}
