/** One host name as it stands within a text, such as a JDBC URL. */
export interface FoundHost {
  readonly host: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Where any of these hosts stands in a text as a whole name: never as a part of a longer one, and
 * whatever its case. A final dot, as DNS writes it, is not part of the name.
 */
export function findHosts(text: string, hosts: readonly string[]): FoundHost[] {
  return [...new Set(hosts.map((host) => host.toLowerCase()))]
    .flatMap((host) =>
      [...text.matchAll(wholeName(host))].map(({ index }) => ({
        host,
        start: index,
        end: index + host.length,
      })),
    )
    .sort((a, b) => a.start - b.start);
}

export function replaceAt(text: string, { start, end }: FoundHost, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** A text that is one DNS name of two labels at least, and nothing else. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && /^(?!-)[a-z0-9_-]{1,63}(?:[.](?!-)[a-z0-9_-]{1,63})+$/i.test(text);
}

function wholeName(host: string): RegExp {
  const literal = host.replace(/[^a-z0-9-]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${literal}(?![\\w-]|[.][\\w-])`, 'gi');
}
