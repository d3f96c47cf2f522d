import { z } from 'zod';
import { flag, integer } from '../../protocols/query-input';
import { checkFamily } from './check-placement';
import { invalidCombination } from './faults';
import type { InstanceSettings } from './model';
import type { RdsState } from './rds-state';

/** The parameters that CreateDBInstance and ModifyDBInstance share. */
export const instanceSettingsInput = {
  DBInstanceClass: z.string().refine((name) => /^db[.][a-z0-9-]+[.][a-z0-9-]+$/.test(name), {
    error: ({ input }) => `Invalid DB Instance class: ${String(input)}`,
  }),
  DBParameterGroupName: z.string().optional(),
  PromotionTier: integer(0, 15).optional(),
  PreferredMaintenanceWindow: z.string().optional(),
  AutoMinorVersionUpgrade: flag.optional(),
  PubliclyAccessible: flag.optional(),
  CopyTagsToSnapshot: flag.optional(),
  CACertificateIdentifier: z.string().optional(),
  MonitoringInterval: integer(0, 60).optional(),
  MonitoringRoleArn: z.string().optional(),
  EnablePerformanceInsights: flag.optional(),
  PerformanceInsightsKMSKeyId: z.string().optional(),
  PerformanceInsightsRetentionPeriod: integer(7, 731).optional(),
};

type Input = Partial<z.infer<z.ZodObject<typeof instanceSettingsInput>>>;

/**
 * The settings that follow from a request on top of what there was.
 * @throws AwsError where they contradict each other
 */
export function instanceSettings(
  request: { readonly [Name in keyof Input]: Input[Name] | undefined },
  before: InstanceSettings,
  engine: string,
  state: RdsState,
): InstanceSettings {
  const after: InstanceSettings = {
    instanceClass: request.DBInstanceClass ?? before.instanceClass,
    parameterGroup:
      request.DBParameterGroupName === undefined
        ? before.parameterGroup
        : parameterGroup(request.DBParameterGroupName, engine, state),
    promotionTier: request.PromotionTier ?? before.promotionTier,
    preferredMaintenanceWindow: request.PreferredMaintenanceWindow ?? before.preferredMaintenanceWindow,
    autoMinorVersionUpgrade: request.AutoMinorVersionUpgrade ?? before.autoMinorVersionUpgrade,
    publiclyAccessible: request.PubliclyAccessible ?? before.publiclyAccessible,
    copyTagsToSnapshot: request.CopyTagsToSnapshot ?? before.copyTagsToSnapshot,
    caCertificate: request.CACertificateIdentifier ?? before.caCertificate,
    monitoringInterval: request.MonitoringInterval ?? before.monitoringInterval,
    monitoringRoleArn: request.MonitoringRoleArn ?? before.monitoringRoleArn,
    performanceInsights: performanceInsights(request, before, state),
  };
  if (after.monitoringInterval > 0 && after.monitoringRoleArn === undefined) {
    throw invalidCombination(
      'A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.',
    );
  }
  if (after.performanceInsights !== undefined && !hasInsights(engine, after.instanceClass)) {
    throw invalidCombination('Performance Insights not supported for this configuration.');
  }
  return after;
}

/** Source: Aurora User Guide, "instance class support for Database Insights". */
function hasInsights(engine: string, instanceClass: string): boolean {
  return engine !== 'aurora-mysql' || !/^db[.](t[23][.]|t4g[.](micro|small)$)/.test(instanceClass);
}

function parameterGroup(name: string, engine: string, state: RdsState): string {
  const group = state.parameterGroups.get(name);
  checkFamily(group, engine);
  return group.name;
}

function performanceInsights(
  request: { readonly [Name in keyof Input]: Input[Name] | undefined },
  before: InstanceSettings,
  state: RdsState,
): InstanceSettings['performanceInsights'] {
  const on = request.EnablePerformanceInsights ?? before.performanceInsights !== undefined;
  if (!on) return undefined;
  return {
    kmsKeyId:
      request.PerformanceInsightsKMSKeyId ?? before.performanceInsights?.kmsKeyId ?? state.defaultKmsKey,
    retentionDays:
      request.PerformanceInsightsRetentionPeriod ?? before.performanceInsights?.retentionDays ?? 7,
  };
}
