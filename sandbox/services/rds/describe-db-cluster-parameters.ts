import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidValue } from './faults';
import type { ParameterGroup } from './groups';
import type { RdsState } from './rds-state';
import { select, selectionInput } from './selection';

/** Parameters that decide whether an incident can be found in the logs, with Aurora's own defaults (none: no value). */
const ENGINE_DEFAULTS: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  'aurora-mysql8.0': {
    binlog_format: 'OFF',
    server_audit_events: undefined,
    server_audit_excl_users: undefined,
    server_audit_incl_users: undefined,
    server_audit_logging: '0',
    server_audit_logs_upload: '0',
  },
  'aurora-postgresql15': {
    log_connections: '0',
    log_disconnections: '0',
    'pgaudit.log': undefined,
    'pgaudit.role': undefined,
    shared_preload_libraries: 'pg_stat_statements',
  },
};

/** Of Aurora's hundreds of parameters only those above and what the group sets. */
export const describeDBClusterParameters = operation({
  name: 'DescribeDBClusterParameters',
  input: z.strictObject({
    DBClusterParameterGroupName: z.string(),
    Source: z.string().optional(),
    ...selectionInput,
  }),
  run: ({ DBClusterParameterGroupName: name, Source: source, ...selection }, state: RdsState) => {
    if (source !== undefined && !['user', 'engine-default', 'system'].includes(source)) {
      throw invalidValue(`Invalid value ${source} for Source. Must be user, engine-default or system`);
    }
    const parameters = parametersOf(state.clusterParameterGroups.get(name));
    const { page, Marker } = select(
      parameters.filter((parameter) => source === undefined || parameter.Source === source),
      selection,
      (parameter) => parameter.ParameterName,
      { 'parameter-name': (parameter) => [parameter.ParameterName] },
    );
    return { Parameters: page, Marker };
  },
});

function parametersOf({ family, parameters }: ParameterGroup): {
  ParameterName: string;
  ParameterValue: string | undefined;
  Source: string;
  ApplyType: string;
  DataType: string;
  IsModifiable: boolean;
  ApplyMethod: string;
}[] {
  const defaults = ENGINE_DEFAULTS[family] ?? {};
  const names = new Set([...Object.keys(defaults), ...parameters.keys()]);
  return [...names].map((name) => ({
    ParameterName: name,
    ParameterValue: parameters.get(name) ?? defaults[name],
    Source: parameters.has(name) ? 'user' : 'engine-default',
    ApplyType: 'dynamic',
    DataType: 'string',
    IsModifiable: true,
    ApplyMethod: 'immediate',
  }));
}
