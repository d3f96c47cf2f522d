/** Settings that a person chooses instead of the source's; undefined is as on the source. */
export interface SettingChoices {
  readonly subnetGroup?: string | undefined;
  readonly securityGroupIds?: readonly string[] | undefined;
  /** Of the cluster. */
  readonly parameterGroup?: string | undefined;
  readonly instanceParameterGroup?: string | undefined;
  /** ARN of the KMS key that the restored storage is encrypted with. */
  readonly kmsKeyId?: string | undefined;
}
