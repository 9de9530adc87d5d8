export class DebugAdapter {
  constructor(_emit: (event: object) => void) {}
  async handle(_request: unknown): Promise<object> {
    return {};
  }
  release(): void {}
  close(): void {}
}
