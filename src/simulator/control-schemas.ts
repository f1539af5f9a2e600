import { type Static, Type } from 'typebox';
import { HANDLE_PATTERN, STANDINGS } from './accounts.ts';
import { API_PATHS, FAULTS, LIMIT_NAMES } from './behaviour.ts';
import { LIES, PUSH_REFUSALS, RESOLVERS } from './bluesky/behaviour.ts';
import { CHALLENGES } from './challenges.ts';
import { FORMATS, IDEMPOTENCY, POINTERS } from './mastodon/behaviour.ts';
import { DEMAND_KINDS } from './nostr/behaviour.ts';
import { NAMES } from './x/behaviour.ts';

const strict = { additionalProperties: false };

/** An enum rather than a union of literals: its error message names the field and what it may be. */
function oneOf<const T extends string>(values: readonly T[]) {
  return Type.Unsafe<T>({ type: 'string', enum: [...values] });
}

/** Each of the names, with the same schema, none of them required. */
function eachOf(names: readonly string[], schema: object) {
  const properties = Object.fromEntries(names.map((name) => [name, schema]));
  return { type: 'object', properties, additionalProperties: false };
}

const Handle = Type.String({ pattern: HANDLE_PATTERN });
const Share = { type: 'number', minimum: 0, maximum: 1 };
const Rates = eachOf(FAULTS, Share);
const Seconds = { type: 'number', exclusiveMinimum: 0 };
const Limit = {
  type: 'object',
  properties: { limit: { type: 'integer', minimum: 0 }, windowSeconds: Seconds },
  additionalProperties: false,
};

export const AccountsBody = Type.Object(
  {
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    prefix: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_]{1,9}$' })),
    accounts: Type.Optional(
      Type.Array(
        Type.Object(
          {
            handle: Handle,
            followers: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
            suspended: Type.Optional(Type.Boolean()),
            locked: Type.Optional(Type.Boolean()),
            standing: Type.Optional(oneOf(STANDINGS)),
          },
          strict,
        ),
      ),
    ),
  },
  strict,
);
export type AccountsBody = Static<typeof AccountsBody>;

export const GrantsBody = Type.Object(
  {
    clientId: Type.String({ minLength: 1 }),
    count: Type.Integer({ minimum: 1, maximum: 100_000 }),
    prefix: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_]{1,9}$' })),
    scope: Type.Optional(Type.String({ minLength: 1 })),
  },
  strict,
);
export type GrantsBody = Static<typeof GrantsBody>;

export const AccountPatch = Type.Object(
  {
    suspended: Type.Optional(Type.Boolean()),
    locked: Type.Optional(Type.Boolean()),
    standing: Type.Optional(oneOf(STANDINGS)),
    deleted: Type.Optional(Type.Boolean()),
    revokeGrants: Type.Optional(Type.Boolean()),
    expireAccessTokens: Type.Optional(Type.Boolean()),
  },
  strict,
);
export type AccountPatch = Static<typeof AccountPatch>;

export const AppBody = Type.Object(
  {
    clientId: Type.String({ minLength: 1 }),
    name: Type.Optional(Type.String({ minLength: 1 })),
    clientSecret: Type.Optional(Type.String({ minLength: 1 })),
    redirectUris: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    jwks: Type.Optional(
      Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.String())) }),
    ),
  },
  strict,
);
export type AppBody = Static<typeof AppBody>;

export const FaultBody = Type.Object(
  {
    handle: Type.String({ minLength: 1 }),
    path: oneOf(API_PATHS),
    fault: oneOf(FAULTS),
    times: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  },
  strict,
);
export type FaultBody = Static<typeof FaultBody>;

/** See `BehaviourChange`. */
export const BehaviourBody = {
  type: 'object',
  properties: {
    latency: {
      type: 'object',
      properties: {
        kind: oneOf(['none', 'fixed', 'lognormal']),
        medianMs: { type: 'number', minimum: 0, maximum: 60_000 },
        sigma: { type: 'number', minimum: 0, maximum: 3 },
      },
      additionalProperties: false,
    },
    errorRates: Rates,
    pathErrorRates: eachOf(
      API_PATHS.filter((path) => path !== 'posts'),
      Rates,
    ),
    limits: eachOf(LIMIT_NAMES, Limit),
    tokenLifeSeconds: Seconds,
    refreshLifeSeconds: Seconds,
    codeLifeSeconds: Seconds,
    forcedResetSeconds: Seconds,
    hangSeconds: { ...Seconds, maximum: 3_600 },
    wrapLinks: { type: 'boolean' },
    refuseDuplicates: { type: 'boolean' },
    longTokenLifeSeconds: Seconds,
    refreshAfterSeconds: { type: 'number', minimum: 0 },
    containerSeconds: { type: 'number', minimum: 0 },
    containerLifeSeconds: Seconds,
    containerFails: { type: 'boolean' },
    containerMisses: { type: 'integer', minimum: 0 },
    dateSkewSeconds: { type: 'number', minimum: -1_000_000_000, maximum: 1_000_000_000 },
    dateAgeSeconds: { type: 'number', minimum: 0, maximum: 1_000_000_000 },
    challenge: oneOf(CHALLENGES),
    mastodon: {
      type: 'object',
      properties: {
        idempotency: oneOf(IDEMPOTENCY),
        keyLifeSeconds: Seconds,
        raceSeconds: Seconds,
        maxCharacters: { type: 'integer', minimum: 1 },
        reservedPerUrl: { type: 'integer', minimum: 1 },
        version: { type: 'string', minLength: 1 },
        software: { type: 'string', minLength: 1 },
        closed: { type: 'boolean' },
        defaultFormat: oneOf(FORMATS),
        limitedFederation: { type: 'boolean' },
        elsewhere: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'null' }] },
        pointsBy: oneOf(POINTERS),
        lateMs: { anyOf: [{ type: 'number', minimum: 0, maximum: 60_000 }, { type: 'null' }] },
        gatewayStatus: { type: 'integer', enum: [502, 504] },
      },
      additionalProperties: false,
    },
    bluesky: {
      type: 'object',
      properties: {
        nonceLifeSeconds: Seconds,
        serverUrl: { type: 'string' },
        lie: oneOf(LIES),
        namesTakedown: { type: 'boolean' },
        resolver: oneOf(RESOLVERS),
        refusesPush: oneOf(PUSH_REFUSALS),
      },
      additionalProperties: false,
    },
    facebook: {
      type: 'object',
      properties: {
        allowsAllPages: { type: 'boolean' },
        maxSheet: { type: 'integer', minimum: 1, maximum: 100 },
      },
      additionalProperties: false,
    },
    nostr: {
      type: 'object',
      properties: {
        clockOffsetSeconds: { type: 'number' },
        oldestSeconds: Seconds,
        demand: oneOf(DEMAND_KINDS),
        demandAt: { type: 'array', items: { type: 'string', minLength: 1 } },
      },
      additionalProperties: false,
    },
    x: {
      type: 'object',
      properties: { names: oneOf(NAMES) },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};

const Digits = Type.String({ pattern: '^[0-9]{1,15}$' });

export const RecordQuery = Type.Object(
  {
    after: Type.Optional(Digits),
    limit: Type.Optional(Digits),
    path: Type.Optional(Type.String()),
  },
  strict,
);
export type RecordQuery = Static<typeof RecordQuery>;
