/**
 * Each campaign has one key for the grants, with which posts can be made, and one for all else that leads to a person: what their
 * receipt shows, and what is under way before there is one.
 */
export const KEY_PURPOSES = ['grants', 'receipts'] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

/** Every sealed column, and the key that it is sealed under. */
const PURPOSE_OF = {
  'credential.sealed': 'grants',
  'intent.sealed': 'receipts',
  'oauth_flow.sealed': 'receipts',
  'pledge.sealed': 'receipts',
  'delivery.sealed': 'receipts',
  'delivery.sealed_stage': 'receipts',
  'reminder.address': 'receipts',
  'campaign.decided_times': 'receipts',
  // A column that was; seal-old-rows.ts alone reads what was sealed for it.
  'pledge.account': 'grants',
} as const satisfies Record<string, KeyPurpose>;

/**
 * Where a sealed value belongs. It is bound into the encryption as additional data, so that a ciphertext moved to another
 * row, column, campaign or platform does not open.
 */
export interface SealContext {
  column: keyof typeof PURPOSE_OF;
  campaignId: string;
  /** '' for what is of no platform. */
  platform: string;
  rowId: string;
}

export function keyPurpose({ column }: SealContext): KeyPurpose {
  return PURPOSE_OF[column];
}

/** What is bound as additional data into one sealed value. */
export function valueAad(context: SealContext): string {
  const { column, campaignId, platform, rowId } = context;
  return `${column}|${campaignId}|${platform}|${rowId}`;
}

/** What is bound into the data key that values of one campaign and purpose share. */
export function batchAad(context: SealContext): string {
  return `batch|${context.campaignId}|${keyPurpose(context)}`;
}

/** What is bound into a campaign's key. Its key for grants was its only one once, and is bound as it was then. */
export function keyAad(campaignId: string, purpose: KeyPurpose, masterKeyId: string): string {
  const name = `campaign|${campaignId}|${masterKeyId}`;
  return purpose === 'grants' ? name : `${name}|${purpose}`;
}
