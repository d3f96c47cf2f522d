/** Who the caller is: there is one account and one user, whatever the access key. */
export interface StsState {
  readonly accountId: string;
}
