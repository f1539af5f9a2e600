import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { CampaignContent, CampaignState, Localized } from '../domain/campaign.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import type { TroubleKind } from '../domain/health/platforms.ts';
import type { HoldKind, HoldScope } from '../domain/hold.ts';
import type { ReminderState } from '../domain/reminder.ts';
import type { KeyPurpose } from './vault/seal-context.ts';

/** A timestamptz: read as Date, written as Date or as a string with microseconds. */
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type NullableTimestamp = ColumnType<Date | null, Date | string | null, Date | string | null>;

export interface CampaignTable {
  id: string;
  slug: string;
  state: CampaignState;
  content: ColumnType<CampaignContent, string, string>;
  moment: Timestamp;
  moment_wall: string;
  moment_zone: string;
  moment_tzdata: string;
  clock_trusted: Generated<boolean>;
  moment_kept_against: ColumnType<string[], string[] | undefined, string[]>;
  preflight_at: Timestamp;
  lock_at: Timestamp;
  arm_at: Timestamp;
  too_late_at: Timestamp;
  decided_times: Buffer | null;
  created_by: string;
  approved_by: string | null;
  created_at: Generated<Date>;
  opened_at: NullableTimestamp;
  locked_at: NullableTimestamp;
  fired_at: NullableTimestamp;
  settled_at: NullableTimestamp;
  post_key_rule: Generated<1 | 2>;
  keys_destroyed_at: NullableTimestamp;
  reduced_at: NullableTimestamp;
  posts_by_hand: Generated<number>;
  posts_seen: Generated<number>;
  reach: number | null;
}

export interface CampaignKeyTable {
  campaign_id: string;
  purpose: KeyPurpose;
  master_key_id: string;
  wrapped: Buffer | null;
  destroyed_at: NullableTimestamp;
}

export interface MasterKeyTable {
  singleton: Generated<boolean>;
  id: string;
  next_id: string | null;
  owed_since: NullableTimestamp;
  rotated_at: NullableTimestamp;
}

export interface PledgeTable {
  id: string;
  campaign_id: string;
  platform: string;
  account_hash: Buffer | null;
  sealed: Buffer;
  state: 'active' | 'withdrawn';
  consented_at: Timestamp;
  withdrawn_at: NullableTimestamp;
  host: Generated<string>;
  receipt_id: Generated<string>;
  erased: Generated<boolean>;
}

export interface IntentTable {
  id: string;
  campaign_id: string;
  sealed: Buffer;
  browser_hash: Buffer | null;
  expires_at: Timestamp;
}

export interface CredentialTable {
  id: string;
  pledge_id: string;
  campaign_id: string;
  platform: string;
  state: 'live' | 'dead' | 'revoking';
  sealed: Buffer;
  expires_at: NullableTimestamp;
  refreshing_until: NullableTimestamp;
  revoke_after: NullableTimestamp;
  revoke_attempts: Generated<number>;
  created_at: Generated<Date>;
  checked_at: NullableTimestamp;
  check_after: NullableTimestamp;
  check_failures: Generated<number>;
  /** A reason of a refusal: what is the matter with the account. Null where connecting again is what helps. */
  dead_reason: string | null;
}

export interface ShardTable {
  id: string;
  campaign_id: string;
  platform: string;
  host: string;
  number: number;
  due_at: Timestamp;
  lease: Generated<number>;
  leased_by: string | null;
  leased_until: NullableTimestamp;
  done: Generated<boolean>;
}

export interface DeliveryTable {
  id: string;
  pledge_id: string;
  campaign_id: string;
  platform: string;
  shard_id: string | null;
  fence: Generated<number>;
  state: DeliveryState;
  attempts: Generated<number>;
  due_at: NullableTimestamp;
  marked_at: NullableTimestamp;
  sent_at: NullableTimestamp;
  settled_at: NullableTimestamp;
  sealed: Buffer | null;
  reason: string | null;
  host: Generated<string>;
  sealed_stage: Buffer | null;
  restored: 'to_look' | 'looked' | null;
}

export interface PlatformNoteTable {
  platform: string;
  key_hash: Buffer;
  sealed: Buffer;
  at: Generated<Date>;
}

export interface PlatformAcceptanceTable {
  platform: string;
  actor: string;
  as_of: string;
  at: Generated<Date>;
}

export interface AttemptTable {
  id: Generated<string>;
  delivery_id: string;
  campaign_id: string;
  number: number;
  worker: string;
  sent_at: NullableTimestamp;
  answered_at: Timestamp;
  outcome: string;
  detail: string;
  network_at: NullableTimestamp;
  position: string | null;
  hash: string | null;
}

export interface HoldTable {
  scope: HoldScope;
  campaign_id: string | null;
  platform: string | null;
  host: string | null;
  kind: HoldKind;
  actor: string;
  reason: string;
  at: Generated<Date>;
  until: NullableTimestamp;
  target: GeneratedAlways<string>;
}

export interface CampaignEventTable {
  id: Generated<string>;
  campaign_id: string;
  at: Generated<Date>;
  actor: string;
  action:
    | 'paused'
    | 'resumed'
    | 'aborted'
    | 'broken'
    | 'held'
    | 'kept'
    | 'moved'
    | 'text_refused'
    | 'challenged';
  scope: HoldScope;
  platform: string | null;
  detail: string;
  position: string | null;
  hash: string | null;
}

export interface InstanceEpochTable {
  one: Generated<boolean>;
  database_id: Generated<string>;
  epoch: Generated<string>;
  restored_at: Date | null;
}

export interface LedgerHeadTable {
  campaign_id: string;
  position: string;
  hash: string;
}

export interface PlatformCheckTable {
  platform: string;
  checked_at: Timestamp;
  ok: boolean;
  trouble: TroubleKind | null;
  detail: string;
}

export interface JoinRefusalTable {
  platform: string;
  since: Timestamp;
  detail: string;
}

export interface PreflightTurnTable {
  platform: string;
  holder: string | null;
  held_until: NullableTimestamp;
  quiet_until: NullableTimestamp;
}

/** Words of ours about how a sign-in ended; see `JoinFailure` of the actions. */
export type FlowEnd = Readonly<Record<string, string>>;

export interface OauthFlowTable {
  state_hash: Buffer;
  browser_hash: Buffer;
  campaign_id: string;
  platform: string;
  sealed: Buffer;
  expires_at: Timestamp;
  used_at: NullableTimestamp;
  use_id: string | null;
  intent_id: string;
  ended: ColumnType<FlowEnd | null, string | null, string | null>;
}

export interface SignInLinkTable {
  token_hash: Buffer;
  operator: string;
  expires_at: Timestamp;
  used_at: NullableTimestamp;
}

export interface OperatorSessionTable {
  id_hash: Buffer;
  operator: string;
  expires_at: Timestamp;
}

export interface ApiKeyTable {
  id: string;
  name: string;
  key_hash: Buffer;
  created_at: Generated<Date>;
  revoked_at: NullableTimestamp;
}

export interface AuditEntryTable {
  id: Generated<string>;
  at: Generated<Date>;
  actor: string;
  action: string;
  subject: string;
}

export interface WorkerTable {
  name: string;
  seen_at: Timestamp;
  clock_offset_ms: number;
  master_keys: Generated<string>;
  network_offset_ms: number | null;
  named_offset_ms: number | null;
  network_off: Generated<boolean>;
  zone_rules: Generated<string>;
  role: Generated<string>;
  started_at: ColumnType<Date, Date | string | undefined, Date | string>;
  swept_at: NullableTimestamp;
  heard_at: NullableTimestamp;
}

export interface CanaryTable {
  queue: string;
  asked_by: string;
  asked_at: Timestamp;
  done_at: NullableTimestamp;
  done_by: string | null;
  refused_at: NullableTimestamp;
}

export interface AssistedPostTable {
  campaign_id: string;
  link_hash: Buffer;
  /** We could read it ourselves. */
  seen: Generated<boolean>;
}

export interface ReminderTable {
  id: string;
  campaign_id: string;
  state: ReminderState;
  locale: string;
  lang: string | null;
  address_hash: Buffer | null;
  address: Buffer | null;
  asked_at: Generated<Date>;
  due_at: NullableTimestamp;
  attempts: Generated<number>;
  marked_at: NullableTimestamp;
  sent_at: NullableTimestamp;
}

export interface ReminderRequestTable {
  id: Generated<string>;
  campaign_id: string;
  address_hash: Buffer;
  at: Generated<Date>;
}

export interface OutboxTable {
  id: Generated<string>;
  reminder_id: string;
  subject: string;
  at: Generated<Date>;
}

export interface ShortLinkTable {
  code: string;
  campaign_id: string | null;
  made_at: Generated<Date>;
}

export interface PictureTable {
  campaign_id: string;
  width: number;
  height: number;
  type: string;
  hash: string;
  author: string;
  bytes: Buffer;
}

export interface CampaignUpdateTable {
  id: string;
  campaign_id: string;
  at: Generated<Date>;
  author: string;
  text: ColumnType<Localized, string, string>;
}

/** The tables, as migrations/*.sql make them; a test compares the two. */
export interface Schema {
  campaign: CampaignTable;
  campaign_key: CampaignKeyTable;
  master_key: MasterKeyTable;
  pledge: PledgeTable;
  credential: CredentialTable;
  shard: ShardTable;
  delivery: DeliveryTable;
  attempt: AttemptTable;
  campaign_event: CampaignEventTable;
  instance_epoch: InstanceEpochTable;
  ledger_head: LedgerHeadTable;
  hold: HoldTable;
  platform_check: PlatformCheckTable;
  join_refusal: JoinRefusalTable;
  platform_note: PlatformNoteTable;
  platform_acceptance: PlatformAcceptanceTable;
  preflight_turn: PreflightTurnTable;
  intent: IntentTable;
  oauth_flow: OauthFlowTable;
  sign_in_link: SignInLinkTable;
  operator_session: OperatorSessionTable;
  api_key: ApiKeyTable;
  audit_entry: AuditEntryTable;
  worker: WorkerTable;
  canary: CanaryTable;
  assisted_post: AssistedPostTable;
  reminder: ReminderTable;
  reminder_request: ReminderRequestTable;
  outbox: OutboxTable;
  short_link: ShortLinkTable;
  picture: PictureTable;
  campaign_update: CampaignUpdateTable;
}
