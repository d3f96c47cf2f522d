import type { Verification } from '../../artefacts/verification';
import { formatDuration } from '../../time';
import { columns, type Section } from '../document';
import type { ReportModel } from '../model';
import { code, codes, mark, say, strong, type Phrase } from '../phrase';
import { tellingChecks } from '../restored-data';
import { showCount } from '../../shorten';
import { counted, msBetween, showInstant, showTime } from '../words';

/** One thing that the restore point rests on; `open` is for people to judge. */
interface Ground {
  readonly verdict: 'pass' | 'fail' | 'open';
  readonly claim: string;
  readonly evidence: Phrase;
}

/** Whether the restore point can be trusted, and by what. */
export function trustSection(model: ReportModel): Section | undefined {
  if (model.incident === null) return undefined;
  const grounds = [
    beforeDamage(model.incident, model.restorePlan),
    commitIsKnown(model.incident),
    onlyCandidate(model.incident),
    logsAreComplete(model.incident),
    ...dataAgrees(model.verification),
    filesAreWhole(model),
  ];
  const failed = grounds.some(({ verdict }) => verdict === 'fail');
  const open = grounds.filter(({ verdict }) => verdict === 'open').length;
  const answer = failed
    ? say`${strong('No.')} What failed below speaks against it.`
    : open > 0
      ? say`${strong('Nothing speaks against it,')} and ${counted(open, 'point')} below ${open === 1 ? 'is' : 'are'} for people to judge.`
      : say`${strong('Yes,')} by everything below.`;
  return {
    id: 'trust',
    title: 'Can this restore point be trusted?',
    blocks: [
      { kind: 'text', text: answer },
      {
        kind: 'table',
        caption: 'What it rests on',
        columns: columns('What', 'Verdict', 'Evidence'),
        rows: grounds.map(({ verdict, claim, evidence }) => [[strong(claim)], [mark(verdict)], evidence]),
      },
    ],
  };
}

type Incident = NonNullable<ReportModel['incident']>;

function beforeDamage({ effect, restoreTo }: Incident, plan: ReportModel['restorePlan']): Ground {
  const [cluster] = plan?.clusters ?? [];
  const at = cluster?.dataAt ?? restoreTo;
  const ahead = msBetween(at, effect.earliestAt);
  return {
    verdict: ahead > 0 ? 'pass' : 'fail',
    claim: 'It lies before the damage',
    evidence: say`${cluster?.method.kind === 'snapshot' ? 'the snapshot was made' : 'by the log it is'} ${formatDuration(Math.abs(ahead))} ${ahead > 0 ? 'before' : 'after'} ${showTime(effect.earliestAt)}, when the damage can have been visible at the earliest: ${effect.basis}`,
  };
}

function commitIsKnown({ transaction: { committedAt } }: Incident): Ground {
  return committedAt === null
    ? {
        verdict: 'open',
        claim: 'The commit is in the log',
        evidence: say`the log does not show it: the bound is on the safe side, and the data has to be looked at`,
      }
    : {
        verdict: 'pass',
        claim: 'The commit is in the log',
        evidence: say`stamped ${showInstant(committedAt)} by the database itself; the time at which the record arrived plays no part`,
      };
}

function onlyCandidate({ candidates, statement }: Incident): Ground {
  return {
    verdict: candidates.length > 1 ? 'open' : 'pass',
    claim: 'It is the right statement',
    evidence:
      candidates.length > 1
        ? say`one of ${counted(candidates.length, 'candidate')}, by ${code(statement.user)}: picked by a person`
        : say`no other statement of its kind in the logs that were read`,
  };
}

function logsAreComplete({ coverage, effect }: Incident): Ground {
  const { completeUntil, unparsed } = coverage;
  const reaches = completeUntil !== null && msBetween(effect.latestAt, completeUntil) >= 0;
  const broken =
    unparsed === 0
      ? []
      : say`; ${counted(unparsed, 'record')} of ${showCount(coverage.records)} not understood`;
  return {
    verdict: reaches && unparsed === 0 ? 'pass' : 'open',
    claim: 'The logs are complete',
    evidence:
      completeUntil === null
        ? say`nothing says up to when${broken}`
        : say`up to ${showInstant(completeUntil)}, ${reaches ? 'after' : 'which is before'} the damage${broken}`,
  };
}

function dataAgrees(verification: Verification | null): readonly Ground[] {
  const claim = 'The restored data agrees';
  if (verification === null) return [{ verdict: 'open', claim, evidence: say`it has not been verified yet` }];
  const telling = tellingChecks(verification);
  if (telling.length === 0) return [{ verdict: 'open', claim, evidence: say`no check could tell` }];
  const failed = telling.filter(({ verdict }) => verdict === 'fail');
  return [
    {
      verdict: failed.length > 0 ? 'fail' : 'pass',
      claim,
      evidence: say`${codes([...new Set((failed.length > 0 ? failed : telling).map(({ name }) => name))])} ${failed.length > 0 ? 'failed' : 'passed'}: ${(failed[0] ?? telling[0])?.evidence[0] ?? 'without evidence'}`,
    },
  ];
}

function filesAreWhole({ files, absent }: ReportModel): Ground {
  const stale = absent.filter(({ reason }) => reason === 'stale').map(({ file }) => file);
  return stale.length === 0
    ? {
        verdict: 'pass',
        claim: 'Nothing was changed since',
        evidence: say`${counted(files.length, 'file')} checked: each as it was written, and made from those that are here`,
      }
    : {
        verdict: 'open',
        claim: 'Nothing was changed since',
        evidence: say`${codes(stale)} no longer belong to the other files, and do not count`,
      };
}
