const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/** What is wrong with an address that people are sent to, or null. It is kept as written. */
export function linkProblem(link: string): string | null {
  if (/[\s\p{Cc}<>"]/u.test(link)) return 'holds a blank or a character that no address has';
  if (!URL.canParse(link))
    return `"${link}" is not an address; write it as https://example.org/page`;
  const url = new URL(link);
  if (url.username !== '' || url.password !== '')
    return 'carries a user name or password; remove it';
  const local = LOCAL.includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && local)) return null;
  return `"${link}" is not an https address; write it with https://`;
}
