/** What we call ourselves in every request to a network; some servers refuse requests without it (GoToSocial: 418). */
export const USER_AGENT = 'Tocsin';
