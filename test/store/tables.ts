import type { ColumnType } from 'kysely';
import type { Schema } from '../../src/store/schema.ts';

/** What stands for a type of schema.ts in PostgreSQL: `?` where it may be null, `=` where the database fills it in. */
type Shape<T> = [T] extends [ColumnType<infer Read, infer Insert, unknown>]
  ? undefined extends Insert
    ? `${Kind<Read>}=`
    : Kind<Read>
  : Kind<T>;
type Kind<T> = null extends T ? `${Base<Exclude<T, null>>}?` : Base<T>;
type Base<T> = [T] extends [boolean]
  ? 'bool'
  : [T] extends [number]
    ? 'int4' | 'float8'
    : [T] extends [Date]
      ? 'timestamptz'
      : [T] extends [Buffer]
        ? 'bytea'
        : [T] extends [string]
          ? 'text' | 'uuid' | 'int8'
          : 'jsonb';
type Tables = {
  [Table in keyof Schema]: { [Column in keyof Schema[Table]]: Shape<Schema[Table][Column]> };
};

/** Every table and column there is. The compiler holds this list to schema.ts, name by name; a test holds it to the database. */
export const TABLES: Tables = {
  campaign: {
    id: 'uuid',
    slug: 'text',
    state: 'text',
    content: 'jsonb',
    moment: 'timestamptz',
    moment_wall: 'text',
    moment_zone: 'text',
    moment_tzdata: 'text',
    preflight_at: 'timestamptz',
    lock_at: 'timestamptz',
    arm_at: 'timestamptz',
    too_late_at: 'timestamptz',
    created_by: 'text',
    approved_by: 'text?',
    created_at: 'timestamptz=',
    opened_at: 'timestamptz?',
    locked_at: 'timestamptz?',
    fired_at: 'timestamptz?',
    settled_at: 'timestamptz?',
  },
  campaign_key: {
    campaign_id: 'uuid',
    master_key_id: 'text',
    wrapped: 'bytea?',
    destroyed_at: 'timestamptz?',
  },
  pledge: {
    id: 'uuid',
    campaign_id: 'uuid',
    platform: 'text',
    account_hash: 'bytea',
    account: 'bytea',
    state: 'text',
    locale: 'text',
    text: 'text',
    text_hash: 'text',
    scope: 'text',
    policy_version: 'text',
    consented_at: 'timestamptz',
    withdrawn_at: 'timestamptz?',
    host: 'text=',
    receipt_id: 'uuid=',
  },
  credential: {
    id: 'uuid',
    pledge_id: 'uuid',
    campaign_id: 'uuid',
    platform: 'text',
    state: 'text',
    sealed: 'bytea',
    expires_at: 'timestamptz?',
    refreshing_until: 'timestamptz?',
    revoke_after: 'timestamptz?',
    revoke_attempts: 'int4=',
    created_at: 'timestamptz=',
    checked_at: 'timestamptz?',
    check_after: 'timestamptz?',
    check_failures: 'int4=',
  },
  shard: {
    id: 'uuid',
    campaign_id: 'uuid',
    platform: 'text',
    host: 'text',
    number: 'int4',
    due_at: 'timestamptz',
    lease: 'int4=',
    leased_by: 'text?',
    leased_until: 'timestamptz?',
    done: 'bool=',
  },
  platform_note: { platform: 'text', key: 'text', sealed: 'bytea', at: 'timestamptz=' },
  platform_acceptance: { platform: 'text', actor: 'text', as_of: 'text', at: 'timestamptz=' },
  delivery: {
    id: 'uuid',
    pledge_id: 'uuid',
    campaign_id: 'uuid',
    platform: 'text',
    shard_id: 'uuid?',
    fence: 'int4=',
    state: 'text',
    attempts: 'int4=',
    due_at: 'timestamptz?',
    marked_at: 'timestamptz?',
    sent_at: 'timestamptz?',
    settled_at: 'timestamptz?',
    remote_id: 'text?',
    url: 'text?',
    reason: 'text?',
    host: 'text=',
    staged: 'text?',
  },
  attempt: {
    id: 'int8=',
    delivery_id: 'uuid',
    campaign_id: 'uuid',
    number: 'int4',
    worker: 'text',
    sent_at: 'timestamptz?',
    answered_at: 'timestamptz',
    outcome: 'text',
    detail: 'text',
    remote_id: 'text?',
    position: 'int8?',
    hash: 'text?',
  },
  campaign_event: {
    id: 'int8=',
    campaign_id: 'uuid',
    at: 'timestamptz=',
    actor: 'text',
    action: 'text',
    scope: 'text',
    detail: 'text',
    position: 'int8?',
    hash: 'text?',
  },
  ledger_head: { campaign_id: 'uuid', position: 'int8', hash: 'text' },
  hold: {
    scope: 'text',
    subject: 'text',
    kind: 'text',
    actor: 'text',
    reason: 'text',
    at: 'timestamptz=',
    until: 'timestamptz?',
  },
  platform_check: {
    platform: 'text',
    checked_at: 'timestamptz',
    ok: 'bool',
    detail: 'text',
  },
  preflight_turn: {
    platform: 'text',
    holder: 'text?',
    held_until: 'timestamptz?',
    quiet_until: 'timestamptz?',
  },
  oauth_flow: {
    state_hash: 'bytea',
    browser_hash: 'bytea',
    campaign_id: 'uuid',
    platform: 'text',
    locale: 'text',
    text_locale: 'text',
    text: 'text',
    verifier: 'bytea',
    expires_at: 'timestamptz',
    used_at: 'timestamptz?',
    intent_id: 'uuid',
  },
  intent: {
    id: 'uuid',
    campaign_id: 'uuid',
    locale: 'text',
    text_locale: 'text',
    variant: 'int4',
    own: 'text?',
    typed: 'jsonb',
    expires_at: 'timestamptz',
  },
  sign_in_link: {
    token_hash: 'bytea',
    operator: 'text',
    expires_at: 'timestamptz',
    used_at: 'timestamptz?',
  },
  operator_session: { id_hash: 'bytea', operator: 'text', expires_at: 'timestamptz' },
  api_key: {
    id: 'uuid',
    name: 'text',
    key_hash: 'bytea',
    created_at: 'timestamptz=',
    revoked_at: 'timestamptz?',
  },
  audit_entry: { id: 'int8=', at: 'timestamptz=', actor: 'text', action: 'text', subject: 'text' },
  worker: { name: 'text', seen_at: 'timestamptz', clock_offset_ms: 'float8' },
  assisted_post: { campaign_id: 'uuid', link_hash: 'bytea' },
  reminder: {
    id: 'uuid',
    campaign_id: 'uuid',
    state: 'text',
    locale: 'text',
    address_hash: 'bytea?',
    address: 'bytea?',
    asked_at: 'timestamptz=',
    due_at: 'timestamptz?',
    attempts: 'int4=',
    marked_at: 'timestamptz?',
    sent_at: 'timestamptz?',
  },
  reminder_request: {
    id: 'int8=',
    campaign_id: 'uuid',
    address_hash: 'bytea',
    at: 'timestamptz=',
  },
  outbox: { id: 'int8=', reminder_id: 'uuid', subject: 'text', at: 'timestamptz=' },
  short_link: { code: 'text', campaign_id: 'uuid?', made_at: 'timestamptz=' },
};
