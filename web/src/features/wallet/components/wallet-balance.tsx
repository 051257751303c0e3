import { IconCurrencyBitcoin } from '@tabler/icons-react';
import { ButtonLink } from '../../../components/links.tsx';
import { sats } from '../../../lib/format.ts';
import { useWallet } from '../api/get-wallet.ts';

/** The available balance in the header. */
export function WalletBalance() {
  const { data } = useWallet();
  return (
    <ButtonLink
      to="/wallet"
      variant="light"
      size="compact-md"
      px="sm"
      className="tabular"
      leftSection={<IconCurrencyBitcoin size={16} aria-hidden />}
      aria-label={data ? `Wallet: ${sats(data.balance_satoshis)}` : 'Wallet'}
    >
      {data ? sats(data.balance_satoshis) : '…'}
    </ButtonLink>
  );
}
