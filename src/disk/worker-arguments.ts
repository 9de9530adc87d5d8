// What a worker takes over of the options that Node was started with.

/** Node's options without `--input-type`, which says how a script on the command line (`node -e`) is read: a worker has a file, and Node refuses it there. */
export const workerArguments = (given: readonly string[] = process.execArgv): string[] =>
  given.filter((option, i) => !option.startsWith("--input-type") && given[i - 1] !== "--input-type");
