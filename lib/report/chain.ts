import { sha256Of } from '../artefacts/artefact';
import type { EvidenceFile } from './drill-files';

/** The files that were made from each other, and one hash over all of them. */
export interface Chain {
  readonly links: readonly EvidenceFile[];
  /** SHA-256 of what `sha256sum` prints for the links in their order: anyone can compute it again. */
  readonly seal: string;
  readonly command: string;
}

/** timeline.json is left out: the drill goes on writing it after the report. */
export function chainOf(files: readonly EvidenceFile[]): Chain {
  const links = files.filter(({ file }) => file !== 'timeline.json');
  return {
    links,
    seal: sha256Of(links.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join('')),
    command: `sha256sum ${links.map(({ file }) => file).join(' ')} | sha256sum`,
  };
}
