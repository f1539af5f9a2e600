import Fastify, { type FastifyError, type FastifyInstance, type InjectOptions } from 'fastify';
import { compileLate } from '../compile-late.ts';
import type { Accounts, NewAccount, SimulatedAccount } from './accounts.ts';
import { type BehaviourChange, type ErrorRates, mergeBehaviour } from './behaviour.ts';
import {
  AccountPatch,
  AccountsBody,
  AppBody,
  BehaviourBody,
  FaultBody,
  GrantsBody,
  RecordQuery,
} from './control-schemas.ts';
import type { OrderedFaults } from './faults.ts';
import type { Incoming, PlatformControl, World } from './platform.ts';
import type { PlatformRecord } from './record.ts';
import type { WireConnection } from './wire.ts';

const MAX_BODY_BYTES = 128 * 1024 * 1024;
const DEFAULT_PAGE = 10_000;

export interface ControlParts {
  world: World;
  platform: PlatformControl;
  record: PlatformRecord;
  faults: OrderedFaults;
}

/** Input that a schema cannot judge alone. Answered with 400 and the field's name. */
class BadField extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field} ${message}`);
    this.field = field;
  }
}

/**
 * The control API under /_control/, and /livez. `main.ts --help` describes it. It has no socket of its own:
 * requests come from the wire that it shares with the platform, and are injected.
 */
export function createControl(parts: ControlParts) {
  const app = createApp(parts);
  return {
    owns: ({ path }: Incoming) => path.startsWith('/_control/') || path === '/livez',
    handle(incoming: Incoming, connection: Pick<WireConnection, 'answer'>) {
      void app.inject(injected(incoming)).then((response) => {
        const type = String(response.headers['content-type'] ?? 'application/json');
        const headers = `content-type: ${type}\r\n`;
        connection.answer({ status: response.statusCode, headers, body: response.payload });
      });
    },
    dispose: () => app.close(),
  };
}

function injected({ method, path, query, headers, body }: Incoming): InjectOptions {
  const type = headers['content-type'];
  return {
    method: method as NonNullable<InjectOptions['method']>,
    url: query ? `${path}?${query}` : path,
    headers: type === undefined ? {} : { 'content-type': type },
    ...(body && { payload: body }),
  };
}

export const CONTROL_AJV_OPTIONS = {
  customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false },
} as const;
const COMPILERS = compileLate();

function createApp(parts: ControlParts) {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    ajv: CONTROL_AJV_OPTIONS,
    schemaController: { compilersFactory: COMPILERS },
  });
  app.setErrorHandler((error: FastifyError | BadField, _request, reply) => {
    const status = error instanceof BadField ? 400 : (error.statusCode ?? 500);
    void reply.code(status).send({ error: error.message, field: problemField(error) });
  });
  app.get('/livez', () => ({ ok: true }));
  app.register(
    (scope, _options, done) => {
      accountRoutes(scope, parts);
      behaviourRoutes(scope, parts);
      recordRoutes(scope, parts);
      done();
    },
    { prefix: '/_control' },
  );
  return app;
}

type App = FastifyInstance;

function accountRoutes(app: App, { world, platform }: ControlParts) {
  app.post<{ Body: AccountsBody }>('/accounts', { schema: { body: AccountsBody } }, (request) => {
    const made = namesWanted(world.accounts, request.body).map(world.accounts.create);
    return made.map(({ id, handle }) => ({ id, handle }));
  });
  app.post<{ Body: GrantsBody }>('/grants', { schema: { body: GrantsBody } }, (request) => {
    const { clientId, count, prefix = 'person', scope } = request.body;
    return numbered(world.accounts, prefix, count).map((wanted) => {
      const account = world.accounts.create(wanted);
      const given = platform.grant(account, clientId, scope);
      return { id: account.id, handle: account.handle, ...given };
    });
  });
  app.get('/accounts', () => world.accounts.all().map(view));
  app.patch<{ Body: AccountPatch; Params: { id: string } }>(
    '/accounts/:id',
    { schema: { body: AccountPatch } },
    (request) => {
      const account = findAccount(world.accounts, request.params.id, 'id');
      const { suspended, locked, standing, deleted, revokeGrants, expireAccessTokens } =
        request.body;
      account.suspended = suspended ?? account.suspended;
      account.locked = locked ?? account.locked;
      account.standing = standing ?? account.standing;
      account.deleted = deleted ?? account.deleted;
      const revoked = revokeGrants ? platform.revokeGrants(account) : 0;
      const expired = expireAccessTokens ? platform.expireAccessTokens(account) : 0;
      return { ...view(account), revoked, expired };
    },
  );
  app.post<{ Body: AppBody }>('/apps', { schema: { body: AppBody } }, (request) => {
    platform.registerApp(request.body);
    return { clientId: request.body.clientId };
  });
}

function behaviourRoutes(app: App, { world, platform, record, faults }: ControlParts) {
  app.get('/behaviour', () => world.behaviour);
  app.put<{ Body: BehaviourChange }>(
    '/behaviour',
    { schema: { body: BehaviourBody } },
    (request) => {
      checkRates('errorRates', request.body.errorRates);
      for (const [path, rates] of Object.entries(request.body.pathErrorRates ?? {})) {
        checkRates(`pathErrorRates.${path}`, rates);
      }
      world.behaviour = mergeBehaviour(request.body);
      if (request.body.limits) world.limitsEpoch++;
      return world.behaviour;
    },
  );
  app.post<{ Body: FaultBody }>('/faults', { schema: { body: FaultBody } }, (request) => {
    const { handle, path, fault, times = 1 } = request.body;
    faults.order(findAccount(world.accounts, handle, 'handle'), path, fault, times);
    return { handle, path, fault, times };
  });
  app.post('/reset', () => {
    platform.reset();
    world.accounts.clear();
    world.behaviour = mergeBehaviour({});
    faults.clear();
    record.clear();
    return { ok: true };
  });
}

function recordRoutes(app: App, { record }: ControlParts) {
  app.get<{ Querystring: RecordQuery }>(
    '/record',
    { schema: { querystring: RecordQuery } },
    (request) => {
      const { after = '0', limit = DEFAULT_PAGE, path } = request.query;
      const entries = record.after(Number(after), Number(limit), path);
      return { entries, last: entries.at(-1)?.seq ?? Number(after) };
    },
  );
  app.delete('/record', () => {
    record.clear();
    return { ok: true };
  });
  app.get('/posts', () => record.posts());
  app.get('/summary', () => record.summary());
}

function namesWanted(accounts: Accounts, body: AccountsBody): NewAccount[] {
  if ((body.count === undefined) === (body.accounts === undefined)) {
    throw new BadField('count', 'or accounts is needed, and not both');
  }
  if (!body.accounts) return numbered(accounts, body.prefix ?? 'person', body.count ?? 0);
  const seen = new Set<string>();
  for (const [i, { handle }] of body.accounts.entries()) {
    const key = handle.toLowerCase();
    if (accounts.find(handle) || seen.has(key)) {
      throw new BadField(`accounts[${i}].handle`, `${handle} is taken`);
    }
    seen.add(key);
  }
  return body.accounts;
}

/** prefix1, prefix2, ...; numbers that are taken are left out. */
function numbered(accounts: Accounts, prefix: string, count: number): NewAccount[] {
  const wanted: NewAccount[] = [];
  for (let n = 1; wanted.length < count; n++) {
    const handle = `${prefix}${n}`;
    if (!accounts.find(handle)) wanted.push({ handle });
  }
  return wanted;
}

function findAccount(accounts: Accounts, idOrHandle: string, field: string): SimulatedAccount {
  const account = accounts.find(idOrHandle);
  if (!account) throw new BadField(field, `${idOrHandle} is no account of this simulator`);
  return account;
}

function view({ id, handle, suspended, locked, posts }: SimulatedAccount) {
  return { id, handle, suspended, locked, posts: posts.length };
}

function checkRates(field: string, rates: ErrorRates | undefined) {
  const sum = Object.values(rates ?? {}).reduce((total, share) => total + share, 0);
  if (sum > 1 + 1e-9) throw new BadField(field, `add up to ${sum}, which is more than 1`);
}

/** The field of a control error, as a path with dots, or null where no field is at fault. */
function problemField(error: FastifyError | BadField): string | null {
  if (error instanceof BadField) return error.field;
  const first = error.validation?.[0];
  if (!first) return null;
  const { missingProperty, additionalProperty } = first.params as Record<string, unknown>;
  const last = missingProperty ?? additionalProperty;
  const steps = first.instancePath.split('/').slice(1);
  if (typeof last === 'string') steps.push(last);
  return steps.join('.') || (error.validationContext ?? null);
}
