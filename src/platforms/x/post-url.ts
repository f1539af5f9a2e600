import type { XConfig } from '../../../config/platforms.ts';

/** A post's own page. X finds it by the id alone, so that no handle has to be kept for it. */
export function postUrl(config: XConfig, id: string): string {
  return `${config.postUrl}/i/web/status/${id}`;
}
