/** Servers that many people are on, for those who mistype theirs. Being one of them is no advantage, nor is it a check. */
export const KNOWN_SERVERS: readonly string[] = `
  mastodon.social mastodon.online mastodon.world mstdn.social mas.to mastodonapp.uk mstdn.jp pawoo.net
  hachyderm.io fosstodon.org infosec.exchange techhub.social toot.community universeodon.com mindly.social
  mastodon.art c.im mstdn.party mstdn.ca aus.social mastodon.au mastodon.ie mastodon.scot mastodon.green
  kolektiva.social climatejustice.social journa.host newsie.social scholar.social tech.lgbt todon.eu
  chaos.social troet.cafe norden.social nrw.social det.social social.tchncs.de
  piaille.fr mamot.fr framapiaf.org masto.es mastodon.uno livellosegreto.it sociale.network
  mastodon.nl mastodonsweden.se snabelen.no social.net.ua social.vivaldi.net
`
  .trim()
  .split(/\s+/);
