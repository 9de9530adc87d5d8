// Whether another process of this machine is still running, for files in shared folders.

/** Whether a process with that number runs on this machine, even if it is another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
