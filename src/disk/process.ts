// Whether another process of this machine is still there, for what processes leave in folders that they share.

/** Whether a process of that number runs on this machine; true also where it is another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
