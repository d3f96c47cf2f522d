import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError } from '../../protocols/operation';
import { checkOperators } from './conditions';
import { policyDocumentSchema, type PolicyDocument } from './policy-document';

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly createdAt: Date;
  /** Inline policies by name. */
  readonly policies: ReadonlyMap<string, PolicyDocument>;
}

export interface Credentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: Date;
}

/** Who a request comes from. */
export interface Principal {
  readonly userId: string;
  readonly arn: string;
  /** Undefined for the administrator, who may do everything. */
  readonly role: Role | undefined;
}

/** The account's roles, and whose access keys are whose. Without any role everything is allowed to everybody. */
export class IamState {
  readonly roles = new Map<string, Role>();
  private readonly sessions = new Map<string, { principal: Principal; expiresAt: number }>();

  /** @param administratorKey that of the sandbox's own environment */
  constructor(
    readonly accountId: string,
    readonly region: string,
    private readonly administratorKey: string,
  ) {}

  /** Makes or replaces a role. @throws Error where a policy is none that the sandbox can judge */
  putRole(name: string, documents: Readonly<Record<string, unknown>>): Role {
    const policies = Object.entries(documents).map(([policyName, document]) => {
      const policy = policyDocumentSchema.parse(document);
      for (const statement of policy.Statement) checkOperators(statement);
      return [policyName, policy] as const;
    });
    const role: Role = {
      name,
      arn: `arn:aws:iam::${this.accountId}:role/${name}`,
      id: `AROA${randomBytes(8).toString('hex').toUpperCase()}`,
      createdAt: new Date(),
      policies: new Map(policies),
    };
    this.roles.set(name, role);
    return role;
  }

  /** @throws AwsError where there is none */
  role(name: string): Role {
    const role = this.roles.get(name);
    if (role !== undefined) return role;
    throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
  }

  /** Credentials of a role's session, as STS hands them out. */
  startSession(
    role: Role,
    sessionName: string,
    seconds: number,
  ): { credentials: Credentials; principal: Principal } {
    const principal: Principal = {
      userId: `${role.id}:${sessionName}`,
      arn: `arn:aws:sts::${this.accountId}:assumed-role/${role.name}/${sessionName}`,
      role,
    };
    const credentials: Credentials = {
      AccessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      SecretAccessKey: randomBytes(30).toString('base64'),
      SessionToken: Buffer.from(randomUUID()).toString('base64'),
      Expiration: new Date(Date.now() + seconds * 1000),
    };
    this.sessions.set(credentials.AccessKeyId, { principal, expiresAt: credentials.Expiration.getTime() });
    return { credentials, principal };
  }

  /** @throws AwsError for a key that is nobody's, once there are roles */
  principalOf(accessKeyId: string): Principal {
    const session = this.sessions.get(accessKeyId);
    if (session !== undefined) {
      if (session.expiresAt < Date.now()) {
        throw new AwsError('ExpiredToken', 'The security token included in the request is expired', 403);
      }
      const { role } = session.principal;
      // a role that was replaced has its new policies at once
      return { ...session.principal, role: role && (this.roles.get(role.name) ?? role) };
    }
    if (this.roles.size === 0 || accessKeyId === this.administratorKey) {
      return {
        userId: 'AIDASANDBOX0000000000',
        arn: `arn:aws:iam::${this.accountId}:user/sandbox`,
        role: undefined,
      };
    }
    throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
  }
}
