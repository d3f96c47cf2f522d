import type { Arrival } from '../artefacts/arrival';
import type { Swap } from '../artefacts/swap';
import type { ReportModel } from './model';
import { missedOf } from './outcome-words';
import type { JudgedTarget } from './targets';

/** What comes next in a drill, and who may do it. */
export interface NextStep {
  readonly what: string;
  /** Commands in their order, as a person types them. */
  readonly commands: readonly string[];
  readonly who: string;
}

type Known = Pick<
  ReportModel,
  | 'outcome'
  | 'timeline'
  | 'incident'
  | 'restorePlan'
  | 'verification'
  | 'repointPlan'
  | 'swap'
  | 'arrival'
  | 'targets'
>;

/** By what the artefacts prove, and nothing more: the step after the last one that left its file. */
export function nextStepOf(
  drill: string,
  { incident, restorePlan, verification, repointPlan, swap, arrival, timeline, outcome, targets }: Known,
): NextStep {
  if (timeline !== null) return afterRehearsal(drill, outcome.kind === 'passed', targets);
  const of = `-- --drill ${drill}`;
  if (incident === null) {
    return {
      what: 'find out when the damage took effect',
      commands: [`npm run resolve -- --cluster ID --drill ${drill}`],
      who: 'anyone who may read the audit log',
    };
  }
  if (restorePlan === null) {
    return { what: 'plan the restore', commands: [`npm run plan ${of}`], who: 'anyone who may read RDS' };
  }
  if (verification === null) {
    return {
      what: 'review the restore plan; then restore, and verify the data',
      commands: [
        `npm run guard ${of} --stack restore`,
        `npm run apply ${of} --stack restore`,
        `npm run verify ${of}`,
      ],
      who: 'the role that restores, once a reviewer has approved',
    };
  }
  // a person decided to go on all the same, and said why
  const overridden = repointPlan?.overriddenVerification ?? swap?.overriddenVerification;
  if (verification.verdict === 'fail' && overridden === undefined) {
    return {
      what: 'find out why the checks failed; do not bring the application over',
      commands: [`npm run verify ${of}`],
      who: 'the people who know this data',
    };
  }
  if (arrival !== null && (repointPlan !== null || swap?.adoptedAt !== null))
    return afterArrival(drill, arrival, targets);
  if (repointPlan === null && swap !== null) return afterSwap(drill, swap);
  if (repointPlan === null) {
    return {
      what: 'decide what brings the application over',
      commands: [`npm run plan-repoint ${of} --ssm-parameter NAME`],
      who: 'anyone who may read the application’s configuration',
    };
  }
  return {
    what:
      repointPlan.direction === 'forward'
        ? 'review the repoint plan; then bring the application over'
        : 'review the way back; then take the application back',
    commands: [
      `npm run guard ${of} --stack repoint`,
      `npm run apply ${of} --stack repoint`,
      `npm run arrival ${of}`,
    ],
    who: 'the role that cuts over, once a reviewer has approved',
  };
}

/** Its sandbox has ended with it, unless somebody kept it. */
function afterRehearsal(drill: string, passed: boolean, targets: readonly JudgedTarget[]): NextStep {
  const missed = missedWords(targets);
  if (passed && missed !== undefined) {
    return {
      what: `the recovery worked, and missed ${missed}: find out why, and agree on what changes; then rehearse again`,
      commands: ['npm run drills', 'npm run drill'],
      who: 'the team that owns the cluster',
    };
  }
  return passed
    ? {
        what: 'nothing is left to do: keep this folder as evidence, and look at the trend',
        commands: ['npm run drills'],
        who: 'the team that owns the cluster',
      }
    : {
        what: `find the cause, each step’s log is in drills/${drill}/logs; then rehearse again`,
        commands: ['npm run drill'],
        who: 'anyone: a rehearsal touches no AWS account',
      };
}

function afterArrival(
  drill: string,
  { verdict, direction }: Arrival,
  targets: readonly JudgedTarget[],
): NextStep {
  const of = `-- --drill ${drill}`;
  const [reached, left] = direction === 'forward' ? ['restored', 'old'] : ['old', 'restored'];
  if (verdict === 'not-arrived') {
    return {
      what: `find out what still holds the ${left} cluster: applications that read their configuration at start have to be restarted`,
      commands: [`npm run arrival ${of}`, `npm run undo ${of}`],
      who: 'the people who run the application',
    };
  }
  const missed = missedWords(targets);
  if (missed !== undefined) {
    return {
      what: `the application is on the ${reached} cluster, and the drill missed ${missed}: find out why. Commit this folder as evidence, and end what nobody needs any more`,
      commands: ['npm run drills', `npm run retire ${of}`],
      who: 'the team that owns the cluster',
    };
  }
  return {
    what: `nothing is urgent: the application is on the ${reached} cluster. Commit this folder as evidence, and end what nobody needs any more`,
    commands: [`npm run retire ${of}`],
    who: 'the team that owns the cluster',
  };
}

function afterSwap(drill: string, { direction, adoptedAt }: Swap): NextStep {
  const of = `-- --drill ${drill}`;
  if (adoptedAt !== null) {
    return {
      what: 'see where the application is, and what the move cost',
      commands: [`npm run arrival ${of}`],
      who: 'anyone who may connect to the databases',
    };
  }
  return {
    what: `finish what was begun: the names are being ${direction === 'forward' ? 'exchanged' : 'taken back'}`,
    commands: [`npm run ${direction === 'forward' ? 'swap' : 'undo'} ${of} --execute`],
    who: 'the role that cuts over',
  };
}

function missedWords(targets: readonly JudgedTarget[]): string | undefined {
  const names = missedOf(targets).map(({ name }) => name);
  if (names.length === 0) return undefined;
  return `its ${names.join(' and ')} target${names.length === 1 ? '' : 's'}`;
}
