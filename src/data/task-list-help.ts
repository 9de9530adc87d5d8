// How a list of tasks is written, in words; apart from what reads it, which loads every form of images.

/** What a person may write, for help and messages. */
export const TASK_LIST_HELP =
  'names with commas between them; ":private" after a name makes it private; "glyphs" draws them; folder:PATH is a folder of your own images (or a zip archive, a folder with CSV files of labels, idx or npz files)';
