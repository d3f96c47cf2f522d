import { explainBrokenApply, type BrokenApply } from '../../../lib/terraform/broken-apply';

const CLUSTER = 'aws_rds_cluster.cluster-trading';
const AGAIN = 'npm run guard -- --drill d --stack restore && npm run apply -- --drill d --stack restore';

function broken(over: Partial<BrokenApply> = {}): BrokenApply {
  return {
    subject: { drill: 'd', stack: 'restore', destroy: false },
    terraform: 'terraform -chdir=drills/d/cdktf.out/stacks/restore',
    errorLines: ['Error: something went wrong'],
    interrupted: false,
    held: [],
    ...over,
  };
}

test('an interrupted restore names what is unfinished, and how to keep it', () => {
  const held = [
    { address: CLUSTER, tainted: true },
    { address: 'aws_rds_cluster_instance.instance-trading-1', tainted: false },
  ];
  expect(explainBrokenApply(broken({ interrupted: true, held }))).toEqual({
    begun: true,
    refusal: {
      reason: 'apply-interrupted',
      message: [
        'Terraform was interrupted; it has ended and written its state',
        '  its state holds:',
        `    ${CLUSTER} (unfinished, marked as tainted)`,
        '    aws_rds_cluster_instance.instance-trading-1',
      ].join('\n'),
      hint: [
        `once AWS shows it as available, keep it by: terraform -chdir=drills/d/cdktf.out/stacks/restore untaint '${CLUSTER}'`,
        `        then: ${AGAIN}`,
      ].join('\n'),
    },
  });
});

test('an unfinished resource need not be kept where it is to be destroyed', () => {
  const subject = { drill: 'd', stack: 'restore', destroy: true } as const;
  const { refusal } = explainBrokenApply(broken({ subject, held: [{ address: CLUSTER, tainted: true }] }));
  expect(refusal).toMatchObject({
    reason: 'apply-failed',
    hint: 'npm run guard -- --drill d --stack restore --destroy && npm run apply -- --drill d --stack restore --destroy',
  });
});

test.each([
  [[], 'its state holds nothing'],
  [undefined, 'its state cannot be read'],
])('what is left is told: %s', (held, told) => {
  const { message } = explainBrokenApply(broken({ held })).refusal;
  expect(message).toBe(`Terraform could not apply everything:\n  Error: something went wrong\n  ${told}`);
});

test('a name that is taken leads to an import, where it is of this drill', () => {
  const errorLines = ['Error: creating RDS Cluster (trading-d): DBClusterAlreadyExistsFault: already exists'];
  const { hint } = explainBrokenApply(broken({ errorLines })).refusal;
  expect(hint).toContain('where what exists already carries the tag restore-drill=d');
  expect(hint).toContain('stacks/restore import ADDRESS IDENTIFIER');
});

test('a plan that is older than the state cannot be applied, and never will', () => {
  expect(explainBrokenApply(broken({ errorLines: ['Error: Saved plan is stale', ''] }))).toMatchObject({
    begun: true,
    refusal: { reason: 'stale-guarded-plan', hint: AGAIN },
  });
});

test('a lock leaves the plan as it is, and names who holds it', () => {
  // as Terraform 1.11 says it
  const errorLines = [
    'Error: Error acquiring the state lock',
    'Error message: operation error S3: PutObject, https response error StatusCode: 412',
    'Lock Info:',
    '  ID:        11111111-2222-3333-4444-555555555555',
    '  Path:      acme-state/team/d/restore.tfstate',
    '  Operation: OperationTypeApply',
    '  Who:       someone@elsewhere',
  ];
  expect(explainBrokenApply(broken({ errorLines }))).toEqual({
    begun: false,
    refusal: {
      reason: 'state-locked',
      message:
        "the state of stack 'restore' of drill 'd' is locked by someone@elsewhere: another plan or apply is running",
      hint: 'wait for it and try again; where you know that it has died: terraform -chdir=drills/d/cdktf.out/stacks/restore force-unlock 11111111-2222-3333-4444-555555555555',
    },
  });
});
