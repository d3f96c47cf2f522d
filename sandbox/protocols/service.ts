import { checkInput, type InvalidInputCodes } from './check-input';
import type { BoundOperation } from './http-binding';
import { notImplemented, type Caller, type Operation } from './operation';
import type { RestXmlWire } from './rest-xml';
import type { ListItems } from './xml';

/** How a service is addressed and how it writes its answers. */
export type WireFormat =
  | {
      readonly protocol: 'query';
      /** The `Version` of the form; with `Action` it addresses the operation. */
      readonly version: string;
      readonly xmlNamespace: string;
      /** How the items of each list are named, by the list's own name. */
      readonly listItems: ListItems;
    }
  | {
      readonly protocol: 'json';
      /** What precedes the operation in `X-Amz-Target`, such as `AmazonSSM`. */
      readonly targetPrefix: string;
    }
  | { readonly protocol: 'rest-json' }
  | RestXmlWire;

/** An emulated service with its state bound: what a request is dispatched to. */
export interface Service {
  /** As signatures name it in their credential scope, such as `rds`. */
  readonly name: string;
  readonly wire: WireFormat;
  /** The operations of a REST protocol, which are found by path. */
  readonly bound: readonly BoundOperation[];
  /** @throws AwsError as the service would answer */
  invoke(operationName: string, input: unknown, caller?: Caller): Promise<object>;
}

export function service<State>(options: {
  readonly name: string;
  readonly wire: WireFormat;
  readonly invalidInput: InvalidInputCodes;
  readonly operations: readonly Operation<State>[];
  readonly state: State;
}): Service {
  const operations = new Map(options.operations.map((operation) => [operation.name, operation]));
  return {
    name: options.name,
    wire: options.wire,
    bound: options.operations.flatMap(({ name, http }) => (http === undefined ? [] : [{ name, http }])),
    invoke: async (operationName, input, caller = { accessKeyId: '' }) => {
      const operation = operations.get(operationName);
      if (operation === undefined) throw notImplemented(`${options.name} ${operationName}`);
      const checked = checkInput(operation, input, options.name, options.invalidInput);
      return operation.run(checked, options.state, caller);
    },
  };
}
