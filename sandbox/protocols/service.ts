import { checkInput, type InvalidInputCodes } from './check-input';
import { notImplemented, type Operation } from './operation';

/** How a service is addressed and how it writes its answers. */
export type WireFormat =
  | {
      readonly protocol: 'query';
      /** The `Version` of the form; with `Action` it addresses the operation. */
      readonly version: string;
      readonly xmlNamespace: string;
      /** Name of the element that wraps each item of a list, by the list's own name. */
      readonly listItems: Readonly<Record<string, string>>;
    }
  | {
      readonly protocol: 'json';
      /** What precedes the operation in `X-Amz-Target`, such as `AmazonSSM`. */
      readonly targetPrefix: string;
    };

/** An emulated service with its state bound: what a request is dispatched to. */
export interface Service {
  /** As signatures name it in their credential scope, such as `rds`. */
  readonly name: string;
  readonly wire: WireFormat;
  /** @throws AwsError as the service would answer */
  invoke(operationName: string, input: unknown): Promise<object>;
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
    invoke: async (operationName, input) => {
      const operation = operations.get(operationName);
      if (operation === undefined) throw notImplemented(`${options.name} ${operationName}`);
      const checked = checkInput(operation, input, options.name, options.invalidInput);
      return operation.run(checked, options.state);
    },
  };
}
