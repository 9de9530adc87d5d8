// Text for terminals.

/** `text` on one line and without control characters: a task's name can't move the cursor or change colours. */
export const plainText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").replaceAll("\u202f", " ");
