import { type ComposeWay, withParameters } from '../compose-way.ts';

/** A message to people one knows; it has no address of its own. Source: unsourced; the address of its click-to-chat links. */
export const whatsappCompose: ComposeWay = {
  name: 'whatsapp',
  label: 'WhatsApp',
  requires: 'nothing',
  carries: 'text',
  byHandOnly: false,
  hosts: [],
  url: ({ text }) => withParameters('https://wa.me/', { text }),
  postKey: () => null,
};
