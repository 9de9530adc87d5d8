// Identifies the place in which process numbers are valid: one boot of one machine, and one PID namespace (each container
// has its own). Two processes in the same place can look each other up.

import { execFileSync } from "node:child_process";
import { hash, randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { isAlive } from "./process.js";

/** What the operating system says; null where it doesn't. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly host: string;
  /** A text file, trimmed. */
  read(path: string): string | null;
  /** The target of a symbolic link. */
  link(path: string): string | null;
  /** What a command prints, trimmed. */
  run(command: string, args: readonly string[]): string | null;
}

const orNull = (work: () => string): string | null => {
  try {
    return work().trim() || null;
  } catch {
    return null;
  }
};

const system: System = {
  platform: process.platform,
  host: hostname(),
  read: (path) => orNull(() => readFileSync(path, "utf8")),
  link: (path) => orNull(() => readlinkSync(path)),
  run: (command, args) =>
    orNull(() =>
      execFileSync(command, args, {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        timeout: 5000,
        windowsHide: true,
      }),
    ),
};

/** The place in which process numbers of `system` are valid; null if that can't be determined for sure. */
export function placeOf({ platform, host, read, link, run }: System): string | null {
  switch (platform) {
    case "linux": {
      const boot = read("/proc/sys/kernel/random/boot_id");
      const namespace = link("/proc/self/ns/pid");
      // Machine ids are often part of container images, so one alone proves nothing; together with the boot id it helps.
      return boot && namespace ? [boot, namespace, read("/etc/machine-id") ?? ""].join(" ") : null;
    }
    case "darwin":
      return run("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"]);
    case "win32": {
      const key = "HKLM\\SOFTWARE\\Microsoft\\Cryptography";
      const [, guid] =
        /MachineGuid\s+REG_SZ\s+(\S+)/.exec(run("reg", ["query", key, "/v", "MachineGuid"]) ?? "") ?? [];
      return guid ? `${guid} ${host}` : null;
    }
    default:
      return null;
  }
}

let place: string | null | undefined;

/** The place of this process; null if that can't be determined for sure. */
export function thisPlace(): string | null {
  if (place === undefined) place = placeOf(system);
  return place;
}

/** A short name for this place, for file names, the same for all processes of this place and different for others. */
export function placeName(): string {
  name ??= hash("sha256", thisPlace() ?? randomUUID()).slice(0, 12);
  return name;
}
let name: string | undefined;

/** When process `pid` of this place started, in the system's own format; null if it doesn't say, "" for a process that has ended. */
export function startOf(pid: number, { platform, read, link, run }: System = system): string | null {
  if (platform === "linux") {
    // Within a PID namespace, /proc may still show the processes of the outer one.
    const isOwn = pid === process.pid;
    if (!isOwn && link("/proc/self") !== String(process.pid)) return null;
    const line = read(`/proc/${isOwn ? "self" : pid}/stat`);
    if (line === null) return null;
    // The fields after the name, which is in parentheses and may contain anything.
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    const [state, threads, start] = [fields[0], Number(fields[17]), fields[19]];
    // The first thread of a killed process may be gone while another one is still finishing a write.
    const hasEnded = state === "X" || (state === "Z" && threads <= 1);
    return hasEnded ? "" : (start ?? null);
  }
  return platform === "darwin" ? run("/bin/ps", ["-o", "lstart=", "-p", String(pid)]) : null;
}

/** Whether the process of this place with that number and start is still running; a number alone may have been reused. */
export function isRunning(pid: number, start: string | null): boolean {
  if (!isAlive(pid)) return false;
  const now = startOf(pid);
  return now === null || start === null || now === start;
}
