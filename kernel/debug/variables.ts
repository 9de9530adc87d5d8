/** V8's remote objects as the variables of the Debug Adapter Protocol. */

export interface RemoteObject {
  readonly type: string;
  readonly subtype?: string;
  readonly className?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly description?: string;
  readonly objectId?: string;
}

export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly url: string;
  readonly location: {
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber?: number;
  };
  readonly scopeChain: readonly {
    readonly type: string;
    readonly name?: string;
    readonly object: RemoteObject;
  }[];
}

interface Property {
  readonly name: string;
  readonly value?: RemoteObject;
  readonly get?: RemoteObject;
  readonly enumerable?: boolean;
}

interface Variable {
  readonly name: string;
  readonly value: string;
  /** Undefined for a primitive value: JupyterLab's tree shows a type in the place of the value. */
  readonly type: string | undefined;
  readonly evaluateName: string;
  /** 0 for a value without parts. */
  readonly variablesReference: number;
}

/** At most this many parts of a value are listed; front ends never ask for the rest. */
const MAX_PARTS = 1_000;

export const LOCALS = "Locals";

const TITLES: Readonly<Record<string, string>> = {
  local: LOCALS,
  block: "Block",
  closure: "Closure",
  catch: "Catch",
  script: "Script",
  module: "Module",
};

export class Variables {
  readonly #send: <T>(method: string, params: object) => Promise<T>;
  /** By reference, from 1. */
  #objects: RemoteObject[] = [];

  constructor(send: <T>(method: string, params: object) => Promise<T>) {
    this.#send = send;
  }

  /** References hold until the cell runs on. */
  forget(): void {
    this.#objects = [];
  }

  /** The reference by which a front end asks for the parts of an object; 0 for a value without. */
  refer(object: RemoteObject): number {
    return object.objectId === undefined ? 0 : this.#objects.push(object);
  }

  scopes(frame: CallFrame): { name: string; variablesReference: number; expensive: boolean }[] {
    return frame.scopeChain
      .filter(({ type }) => type in TITLES)
      .map(({ type, name, object }) => ({
        name: name && type === "closure" ? `Closure (${name})` : TITLES[type]!,
        variablesReference: this.refer(object),
        expensive: false,
      }));
  }

  async list(reference: number): Promise<{ variables: Variable[] }> {
    const objectId = this.#objects[reference - 1]?.objectId;
    if (objectId === undefined) return { variables: [] };
    const { result } = await this.#send<{ result: Property[] }>("Runtime.getProperties", {
      objectId,
      ownProperties: true,
    });
    const variables = result
      .filter(
        ({ name, enumerable, value, get }) => (value || get) && (enumerable !== false || name === "size"),
      )
      // How a cell reaches variables of the session; those are a scope of their own.
      .filter(({ name }) => !name.startsWith("µ"))
      .slice(0, MAX_PARTS)
      .map(({ name, value, get }) =>
        this.#variable(name, value ?? { type: "accessor", ...(get ? { description: "(getter)" } : {}) }),
      );
    return { variables };
  }

  #variable(name: string, object: RemoteObject): Variable {
    const { result: value, type, variablesReference } = this.evaluated(object);
    return { name, value, type, evaluateName: name, variablesReference };
  }

  evaluated(object: RemoteObject): {
    result: string;
    type: string | undefined;
    variablesReference: number;
  } {
    const isPrimitive = object.subtype === "null" || !["object", "function"].includes(object.type);
    return {
      result: textOf(object),
      type: isPrimitive ? undefined : (object.className ?? object.subtype ?? object.type),
      variablesReference: object.type === "function" ? 0 : this.refer(object),
    };
  }
}

function textOf({ type, subtype, value, unserializableValue, description }: RemoteObject): string {
  if (type === "string") return JSON.stringify(value);
  if (type === "undefined") return "undefined";
  if (subtype === "null") return "null";
  if (type === "function") return (description ?? "function").split("\n")[0]!.slice(0, 200);
  return (unserializableValue ?? description ?? String(value)).slice(0, 1_000);
}
