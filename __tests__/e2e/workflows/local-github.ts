import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

export const REPOSITORY = 'example/restore-drills';

export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly branch: string;
}

const graphql = z.object({
  query: z.string(),
  variables: z.object({
    input: z.object({ title: z.string(), body: z.string(), headRefName: z.string() }).optional(),
  }),
});
const commentBody = z.object({ body: z.string() });

/** GitHub as far as the workflows see it: a repository to fetch and push, and the API that `gh` calls. */
export class LocalGithub {
  readonly pullRequests: PullRequest[] = [];
  readonly comments = new Map<number, string>();
  /** Who wrote a comment, where that was not the workflow's own token. */
  readonly authors = new Map<number, string>();
  /** Numbers of closed pull requests. */
  readonly closed = new Set<number>();
  /** Environments that exist, each with the types of its protection rules. */
  readonly environments = new Map<string, readonly string[]>([
    ['drill-restore', ['required_reviewers']],
    ['drill-repoint', ['wait_timer', 'required_reviewers']],
  ]);
  /** Bare. */
  readonly repository: string;
  /** What makes `gh` speak with this one. */
  readonly env: Readonly<Record<string, string>>;
  private readonly server: Server;

  private constructor(folder: string) {
    this.repository = path.join(folder, 'github.git');
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', this.repository]);
    // as GitHub lets anyone fetch a commit by its hash
    this.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    const config = path.join(folder, 'gh');
    mkdirSync(config);
    writeFileSync(path.join(config, 'config.yml'), `http_unix_socket: ${path.join(config, 'socket')}\n`);
    this.env = { GH_CONFIG_DIR: config };
    this.server = createServer((request, response) => {
      void this.answer(request).then(
        (answer) => {
          response.statusCode = answer instanceof Refused ? answer.status : 200;
          response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  static async start(folder: string): Promise<LocalGithub> {
    const github = new LocalGithub(folder);
    await new Promise<void>((started) => {
      github.server.listen(path.join(folder, 'gh/socket'), started);
    });
    return github;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((stopped) => this.server.close(stopped));
  }

  git(...args: string[]): string {
    return execFileSync('git', ['-C', this.repository, ...args], { encoding: 'utf8' }).trim();
  }

  private async answer(request: IncomingMessage): Promise<unknown> {
    const { method, url = '' } = request;
    const body = await text(request);
    if (url === '/graphql') return this.answerGraphql(graphql.parse(JSON.parse(body)));
    // a workflow's own token stands for no user
    if (url === '/user') return new Refused(403, 'Resource not accessible by integration');
    const environment = /^\/repos\/[^/]+\/[^/]+\/environments\/([\w-]+)$/.exec(url)?.[1];
    if (environment !== undefined) {
      const rules = this.environments.get(environment);
      if (rules === undefined) return new Refused(404, 'Not Found');
      return { name: environment, protection_rules: rules.map((type) => ({ type })) };
    }
    const pull = this.pullRequests.find(({ number }) => url === `/repos/${REPOSITORY}/pulls/${number}`);
    if (method === 'GET' && pull !== undefined) {
      const state = this.closed.has(pull.number) ? 'closed' : 'open';
      return { number: pull.number, state, head: { sha: this.git('rev-parse', pull.branch) } };
    }
    const comments = `/repos/${REPOSITORY}/issues`;
    if (method === 'GET' && /\/1\/comments(\?|$)/.test(url))
      return [...this.comments].map(([id, comment]) => ({
        id,
        body: comment,
        user: { login: this.authors.get(id) ?? 'github-actions[bot]' },
      }));
    if (method === 'POST' && url === `${comments}/1/comments`) {
      const id = this.comments.size + 1;
      this.comments.set(id, commentBody.parse(JSON.parse(body)).body);
      return { id };
    }
    const id = Number(/\/comments\/(\d+)$/.exec(url)?.[1]);
    if (method === 'PATCH' && this.comments.has(id)) {
      this.comments.set(id, commentBody.parse(JSON.parse(body)).body);
      return { id };
    }
    throw new Error(`${String(method)} ${url} is not what a workflow asks for`);
  }

  private answerGraphql({ query, variables }: z.infer<typeof graphql>): unknown {
    if (query.includes('query RepositoryInfo')) {
      const [login = '', name = ''] = REPOSITORY.split('/');
      const defaultBranchRef = { name: 'main' };
      const repository = { id: 'R_1', name, owner: { login }, viewerPermission: 'WRITE', defaultBranchRef };
      return { data: { repository } };
    }
    if (query.includes('query PullRequestForBranch'))
      return { data: { repository: { pullRequests: { nodes: [] } } } };
    const { input } = variables;
    if (query.includes('mutation PullRequestCreate') && input !== undefined) {
      const number = this.pullRequests.length + 1;
      this.pullRequests.push({ number, title: input.title, body: input.body, branch: input.headRefName });
      const url = `https://github.com/${REPOSITORY}/pull/${number}`;
      return { data: { createPullRequest: { pullRequest: { id: `PR_${number}`, url } } } };
    }
    throw new Error(`'${query.slice(0, 200)}' is not what a workflow asks for`);
  }
}

class Refused {
  constructor(
    readonly status: number,
    readonly message: string,
  ) {}
}
