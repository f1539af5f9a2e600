/** A campaign's id as it stands in addresses that must not name it. */
export function campaignCode(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The id, or null where the code is none. */
export function readCampaignCode(code: string): string | null {
  const bytes = Buffer.from(code, 'base64url');
  if (bytes.length !== 16 || bytes.toString('base64url') !== code) return null;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Where the pages for joining are, for a campaign that is addressed by its code. */
export function joinPath(id: string, lang: string, step: '' | '/words' = ''): string {
  return `/join/${campaignCode(id)}${step}?lang=${lang}`;
}

/** Where the page for people who post by themselves is. */
export function assistedPath(id: string, lang: string): string {
  return `/at/${campaignCode(id)}?lang=${lang}`;
}
