// The kernel's comm layer as this side knows it: found at run time, imported from nowhere. Any kernel that offers the
// same few functions under the same symbol will do.

export type MimeBundle = Record<string, unknown>;

export interface WidgetModel {
  readonly id: string;
  readonly isOpen: boolean;
  get(): Readonly<Record<string, unknown>>;
  set(changes: Record<string, unknown>): void;
  onChange(handler: (changes: Record<string, unknown>) => void): () => void;
  onCustom(handler: (content: Record<string, unknown>) => void): () => void;
}

export interface CommLayer {
  widget(state: Record<string, unknown>, options?: { fallback?: () => MimeBundle }): WidgetModel;
  display(value: unknown): { update(value: unknown): void };
  /** The cell that runs now is not over before `work` is. */
  hold?(work: Promise<unknown>): void;
  /** Adds a way to show values; undefined for those it doesn't know. Returns how to take it away. */
  addRenderer(renderer: (value: object) => MimeBundle | Promise<MimeBundle> | undefined): () => void;
}

/** The widget kernel around this code, or undefined. */
export function commLayer(): CommLayer | undefined {
  return (globalThis as { [key: symbol]: unknown })[Symbol.for("mulab.comms")] as CommLayer | undefined;
}
