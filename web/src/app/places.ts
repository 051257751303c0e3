import {
  IconBrain,
  IconChartHistogram,
  IconChecklist,
  IconCurrencyBitcoin,
  IconFiles,
  IconInbox,
  IconTrophy,
  IconUser,
} from '@tabler/icons-react';

const MODEL = { to: '/model', label: 'Duke MM', icon: IconBrain } as const;
const WALLET = { to: '/wallet', label: 'Wallet', icon: IconCurrencyBitcoin } as const;
export const PROFILE = { to: '/profile', label: 'Profile', icon: IconUser } as const;

/** Where each role goes, the most used first. */
export const PLACES = {
  buyer: [
    { to: '/tasks', label: 'Tasks', icon: IconChecklist },
    { to: '/files', label: 'Files', icon: IconFiles },
    WALLET,
    MODEL,
  ],
  agent: [
    { to: '/tasks', label: 'Queue', icon: IconInbox },
    { to: '/agent', label: 'Record', icon: IconTrophy },
    WALLET,
    MODEL,
  ],
  admin: [
    { to: '/admin', label: 'Marketplace', icon: IconChartHistogram },
    { to: '/tasks', label: 'Tasks', icon: IconChecklist },
    WALLET,
    MODEL,
  ],
} as const;
export type Role = keyof typeof PLACES;
