import { isIP } from 'node:net';

/** How to speak to a database server: with its certificate and name verified, or in clear text. */
export type Tls = { readonly kind: 'verified'; readonly ca: readonly string[] } | { readonly kind: 'none' };

/**
 * Amazon's own hosts, and every host for which the person names a CA bundle, are spoken to with
 * verified TLS; others, such as a tunnel's end on this machine, in clear text.
 */
export function resolveTls(host: string, ownCa: string | undefined, amazonCa: readonly string[]): Tls {
  if (ownCa !== undefined) return { kind: 'verified', ca: [ownCa] };
  return isAmazonHost(host) ? { kind: 'verified', ca: amazonCa } : { kind: 'none' };
}

function isAmazonHost(host: string): boolean {
  return isIP(host) === 0 && /(^|[.])rds[.]amazonaws[.]com([.]cn)?[.]?$/i.test(host);
}
