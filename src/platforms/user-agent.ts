/** What we call ourselves in every request to a network; some servers answer nobody without a name (GoToSocial: 418). */
export const USER_AGENT = 'Tocsin';
