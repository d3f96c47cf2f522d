import { z } from 'zod';
import { integer } from '../../protocols/query-input';
import { badRequest } from './appconfig-state';

export const name = z.string().min(1).max(64);
export const description = z.string().max(1024).optional();

export const PAGING = { max_results: 'MaxResults', next_token: 'NextToken' } as const;
export const pagingShape = { MaxResults: integer(1, 50).optional(), NextToken: z.string().optional() };

export function pageOf<Item extends object>(
  items: readonly Item[],
  { MaxResults = 50, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
): { Items: readonly Item[]; NextToken?: string } {
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0 || from > items.length)
    throw badRequest('The next token is invalid');
  const to = from + MaxResults;
  const Items = items.slice(from, to);
  return to < items.length ? { Items, NextToken: Buffer.from(String(to)).toString('base64url') } : { Items };
}
