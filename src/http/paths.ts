/** The path of a campaign's page; `lang` goes along wherever a page in that language passes it on. */
export function campaignPath(slug: string, lang?: string): string {
  const path = `/c/${encodeURIComponent(slug)}`;
  return lang === undefined ? path : `${path}?lang=${encodeURIComponent(lang)}`;
}
