// Ctrl-C while a command works: the first one stops it cleanly, the second one ends it at once.

/**
 * Does `work`; calls `stop` at the first Ctrl-C, or when the process is asked to end, and ends the process at the second.
 * The listeners stay while `stop` works, because the package that shows the cursor again at a signal ends the process if
 * it is the only listener.
 */
export async function interruptible<T>(stop: () => void, work: () => Promise<T>): Promise<T> {
  let asked = false;
  const interrupt = () => {
    if (asked) process.exit(130);
    asked = true;
    stop();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    return await work();
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
